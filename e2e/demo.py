"""The whole product, started as a newcomer starts it, on ports of its own."""

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from innsyn.demo.home import with_running_demo

# Has not agreed to the terms, as everybody else here has.
NEWCOMER = "henrik-fossum"
_READY = re.compile(r"Innsyn is ready: (http://localhost:\d+)\n")


@dataclass(frozen=True)
class Demo:
    """Where it is, and where the stand-in journal that it reads is."""

    address: str
    journal: str
    idporten: str
    home: Path
    # Where push may be sent to, beside what the product knows: a service on loopback that a test may open.
    push: str

    def sql(self, statement: str, role: str = "innsyn_owner") -> Any:  # noqa: ANN401 - of any column
        """Let something have happened in the database (time that has passed), or ask it for one value.

        `postgres` sees the rows of every person.
        """
        owner = with_running_demo({"INNSYN_HOME": str(self.home)})["INNSYN_DATABASE_OWNER"]
        address = owner.replace("//innsyn_owner@", f"//{role}@")

        async def run() -> object:
            connection = await asyncpg.connect(address)
            try:
                return await connection.fetchval(statement)
            finally:
                await connection.close()

        # The browser's tools have a loop of their own in this thread.
        with ThreadPoolExecutor(1) as aside:
            return aside.submit(asyncio.run, run()).result()

    def login(self, key: str) -> str:
        """The address that logs in the demo citizen with this key, following redirects."""
        (pid,) = [person["pid"] for person in self._asked("/people") if person["key"] == key]
        return f"{self.address}/login?login_hint=testid:{pid}_idporten-loa-high"

    def everybody(self) -> list[str]:
        """The keys of all demo citizens."""
        return [str(person["key"]) for person in self._asked("/people")]

    def name_of(self, key: str) -> str:
        """The name of the demo citizen with this key."""
        (name,) = [person["name"] for person in self._asked("/people") if person["key"] == key]
        return str(name)

    def written(self, resource_id: str) -> dict[str, Any]:
        """The newest version of a resource as the journal holds it."""
        return self.newest()[resource_id]

    def newest(self) -> dict[str, dict[str, Any]]:
        """Everything that the journal holds, by id."""
        found: dict[str, dict[str, Any]] = {}
        seq, last = 1, 1
        while seq <= last:
            page = self._asked(f"/feed?seq={seq}&limit=1000")
            last = page["last"]
            seq += len(page["entries"])
            found |= {entry["id"]: entry["resource"] for entry in page["entries"] if not entry.get("deleted")}
        return found

    def publish(self, source: str, resource: dict[str, Any]) -> None:
        """Let a service write in the journal."""
        wish = {"source": source, "resource": resource}
        httpx.post(f"{self.journal}/publish", json=wish, trust_env=False).raise_for_status()

    def _asked(self, path: str) -> Any:  # noqa: ANN401 - JSON
        return httpx.get(f"{self.journal}{path}", trust_env=False).raise_for_status().json()


@contextmanager
def running(folder: Path) -> Iterator[Demo]:
    """`innsyn demo` with its data in `folder`, until the end of the block."""
    web, journal, idporten, push = _free_ports(4)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("INNSYN_")}
    environment |= {"INNSYN_HOME": str(folder), "INNSYN_PORT": web}
    environment |= {"INNSYN_JOURNAL_PORT": journal, "INNSYN_IDPORTEN_PORT": idporten}
    environment |= {"INNSYN_PUSH_SERVICES": f"http://127.0.0.1:{push}"}
    with subprocess.Popen(
        [sys.executable, "-m", "innsyn.cli", "demo"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            address = _when_ready(process)
            found = Demo(address, f"http://127.0.0.1:{journal}", f"http://127.0.0.1:{idporten}", folder, push)
            _agree(found)
            yield found
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=30)


def _agree(demo: Demo) -> None:
    """Log everybody in once and agree to the terms, as on a first day; all but the newcomer."""
    for key in demo.everybody():
        if key != NEWCOMER:
            with httpx.Client(trust_env=False, follow_redirects=True, timeout=30) as browser:
                page = browser.get(demo.login(key))
                fields = dict(re.findall(r'type="hidden" name="([a-z]+)" value="([^"]*)"', page.text))
                # A child has no terms to agree to: its parents read for it.
                if page.url.path == "/start" and fields:
                    ours = {"sec-fetch-site": "same-origin"}
                    browser.post(f"{demo.address}/start", data=fields, headers=ours).raise_for_status()


def _when_ready(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if ready := _READY.fullmatch(line):
            return ready[1]
    raise RuntimeError(f"the demo ended before it was ready:\n{said}")


def _free_ports(count: int) -> list[str]:
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [str(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def a_result(key: str, resource_id: str, value: str, status: str = "final", **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """A ferritin result of the demo citizen with this key, as FHIR R4; `value` in µg/L."""
    coding = {"system": "urn:oid:2.16.578.1.12.4.1.1.7280", "code": "NPU19763", "display": "Ferritin"}
    quantity = {
        "value": json.loads(value),
        "unit": "µg/L",
        "system": "http://unitsofmeasure.org",
        "code": "ug/L",
    }
    return {
        "resourceType": "Observation",
        "id": resource_id,
        "status": status,
        "category": [
            {
                "coding": [
                    {
                        "system": "http://terminology.hl7.org/CodeSystem/observation-category",
                        "code": "laboratory",
                    }
                ]
            }
        ],
        "code": {"coding": [coding], "text": "Ferritin"},
        "subject": {"reference": f"Patient/{key}"},
        "effectiveDateTime": "2026-11-20T08:20:00+01:00",
        "valueQuantity": quantity,
        "referenceRange": [{"low": {"value": 10}, "high": {"value": 170}}],
        **more,
    }
