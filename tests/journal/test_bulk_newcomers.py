"""Exports that go on from the last one, as an operator orders them."""

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from click.testing import CliRunner, Result

from innsyn.feed_commands import feed
from journal.serving import Answer, Asked, served

Innsyn = Callable[..., Result]
LINES = {"content-type": "application/fhir+ndjson"}


@pytest.fixture
def innsyn(worker_dsn: str, tmp_path: Path) -> Innsyn:
    def run(*arguments: str) -> Result:
        environment = {"INNSYN_HOME": str(tmp_path), "INNSYN_DATABASE_WORKER": worker_dsn, "COLUMNS": "160"}
        # The command runs a loop of its own, so not in the thread of ours.
        with ThreadPoolExecutor(1) as aside:
            return aside.submit(CliRunner().invoke, feed, [*arguments], env=environment).result()

    return run


def a_patient(id_: str) -> dict[str, Any]:
    return {"resourceType": "Patient", "id": id_, "name": [{"family": id_}], "birthDate": "1968-04-28"}


def a_diagnosis(id_: str, patient: str) -> dict[str, Any]:
    about = {"subject": {"reference": f"Patient/{patient}"}, "code": {"text": id_}}
    return {"resourceType": "Condition", "id": id_, "recordedDate": "2026-11-20"} | about


@dataclass
class Group:
    """A group whose server takes `_since` at its word: what is older of somebody new is left out."""

    everything: list[dict[str, Any]]
    changed: list[dict[str, Any]] = field(default_factory=list)
    knows_patients: bool = True
    breaks: bool = False
    orders: list[dict[str, str]] = field(default_factory=list)

    def __call__(self, request: Asked) -> Answer:
        if request.method == "DELETE":
            return Answer(status=202)
        if request.path.endswith("$export"):
            return self._order(request)
        what = request.path.removeprefix("/orders/")
        if what.startswith("lines/"):
            return self._lines(int(what.removeprefix("lines/")))
        output = [{"type": "Condition", "url": f"{request.base}/orders/lines/{what}"}]
        time = f"2026-11-1{what}T12:00:00Z"
        return Answer(json.dumps({"transactionTime": time, "output": output}).encode())

    def _order(self, request: Asked) -> Answer:
        order = {"_since": request.query.get("_since", "")}
        if request.method == "POST":
            if not self.knows_patients:
                return Answer(status=405)
            told = json.loads(request.body)["parameter"]
            order["patient"] = next(
                each["valueReference"]["reference"] for each in told if each["name"] == "patient"
            )
        self.orders.append(order)
        return Answer(status=202, headers={"content-location": f"/orders/{len(self.orders) - 1}"})

    def _lines(self, number: int) -> Answer:
        order = self.orders[number]
        found = self.changed if order["_since"] else self.everything
        if "patient" in order:
            found = [each for each in found if order["patient"] in json.dumps(each)]
            found += [each for each in self.everything if order["patient"].endswith("/" + each["id"])]
            if self.breaks:
                return Answer(status=410)
        return Answer("\n".join(map(json.dumps, found)).encode(), headers=LINES)


KARI = [a_patient("kari"), a_diagnosis("asthma", "kari")]
OLA = [a_patient("ola"), a_diagnosis("old-cough", "ola"), a_diagnosis("new-cough", "ola")]


async def _diagnoses(dsn: str) -> set[str]:
    db = await asyncpg.connect(dsn)
    try:
        rows = await db.fetch("SELECT id FROM journal.resource WHERE kind = 'Condition'")
    finally:
        await db.close()
    return {row["id"] for row in rows}


def _landed(dsn: str) -> set[str]:
    return asyncio.run(_diagnoses(dsn))


def test_who_is_met_for_the_first_time_is_loaded_from_the_beginning(innsyn: Innsyn, worker_dsn: str) -> None:
    group = Group(KARI)
    with served(group) as address:
        assert innsyn("export", f"{address}/Group/1").exit_code == 0
        group.everything, group.changed = KARI + OLA, [OLA[2]]
        second = innsyn("export", f"{address}/Group/1")
        group.changed = []
        assert innsyn("export", f"{address}/Group/1").exit_code == 0
    assert second.exit_code == 0, second.stderr
    assert _landed(worker_dsn) == {"asthma", "old-cough", "new-cough"}
    assert group.orders == [
        {"_since": ""},
        {"_since": "2026-11-10T12:00:00Z"},
        {"_since": "", "patient": "Patient/ola"},
        # The time of the changes and not of what was ordered after them.
        {"_since": "2026-11-11T12:00:00Z"},
    ]


def test_a_server_that_knows_no_list_of_patients_gives_everybody(innsyn: Innsyn, worker_dsn: str) -> None:
    group = Group(KARI, knows_patients=False)
    with served(group) as address:
        innsyn("export", f"{address}/Group/1")
        group.everything, group.changed = KARI + OLA, [OLA[2]]
        assert innsyn("export", f"{address}/Group/1").exit_code == 0
    assert _landed(worker_dsn) == {"asthma", "old-cough", "new-cough"}
    assert [order["_since"] for order in group.orders] == ["", "2026-11-10T12:00:00Z", ""]


def test_a_stop_before_the_older_data_has_come_is_made_good_by_the_next_export(
    innsyn: Innsyn, worker_dsn: str
) -> None:
    group = Group(KARI)
    with served(group) as address:
        innsyn("export", f"{address}/Group/1")
        group.everything, group.changed, group.breaks = KARI + OLA, [OLA[0], OLA[2]], True
        broken = innsyn("export", f"{address}/Group/1")
        assert broken.exit_code == 1
        assert "has expired" in broken.stderr
        assert _landed(worker_dsn) == {"asthma", "new-cough"}
        # Ola is here by now, and nothing tells that he was not: so all is asked for.
        group.breaks = False
        assert innsyn("export", f"{address}/Group/1").exit_code == 0
        assert _landed(worker_dsn) == {"asthma", "old-cough", "new-cough"}
        assert innsyn("export", f"{address}/Group/1").exit_code == 0
    assert [order["_since"] for order in group.orders][-2:] == ["", "2026-11-13T12:00:00Z"]


def test_an_instant_of_the_operator_leaves_no_hole_behind(innsyn: Innsyn) -> None:
    group = Group(KARI)
    with served(group) as address:
        innsyn("export", f"{address}/Group/1")
        innsyn("export", f"{address}/Group/1", "--since", "2026-11-12T00:00:00Z")
        innsyn("export", f"{address}/Group/1")
        innsyn("export", f"{address}/Group/1", "--whole")
        wrong = innsyn("export", f"{address}/Group/1", "--since", "yesterday")
    assert [order["_since"] for order in group.orders] == [
        "",
        "2026-11-12T00:00:00Z",
        "2026-11-10T12:00:00Z",
        "",
    ]
    assert wrong.exit_code == 2
    assert "An instant has a date" in wrong.stderr


def test_the_stand_in_journal_goes_on_where_it_stopped(journal: str, innsyn: Innsyn) -> None:
    address = f"{journal}/fhir/Group/all"
    first = json.loads(innsyn("export", address, "--json").stdout)
    second = json.loads(innsyn("export", address, "--json").stdout)
    assert first["read"] > 100
    assert second["read"] <= 5
    assert (first["adds_up"], second["adds_up"]) == (True, True)
