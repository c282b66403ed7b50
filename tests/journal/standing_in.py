"""A stand-in journal of the test's own, in this process, over real HTTP."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import uvicorn
from litestar import Litestar

from standins.journal.app import serving
from standins.journal.bulk import Exports
from standins.journal.sequence import Journal
from standins.journal.taken import Taken, deleted, written

WRITTEN_AT = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
FNR = "urn:oid:2.16.578.1.12.4.1.4.1"
# Synthetic: the month is moved by 80.
NUMBERS = {"kari": "12846813010", "ola": "28816196088"}


class StandIn:
    """The journal behind an address. `begin_anew` is what an operator does who lost it and restored an old copy."""

    def __init__(self, app: Litestar, address: str) -> None:
        self.app, self.address = app, address

    @property
    def journal(self) -> Journal:
        journal: Journal = self.app.state.journal
        return journal

    def publish(self, resource: dict[str, Any]) -> None:
        self.journal.publish(written("st-olavs", datetime.now(UTC), resource))

    def delete(self, kind: str, id_: str, patient: str) -> None:
        self.journal.publish(deleted("st-olavs", datetime.now(UTC), kind, id_, f"Patient/{patient}"))

    def begin_anew(self, *resources: dict[str, Any]) -> None:
        self.app.state.journal = journal = journal_of(*resources)
        self.app.state.exports = Exports(journal)


def journal_of(*resources: dict[str, Any]) -> Journal:
    taken: list[Taken] = [
        written("st-olavs", WRITTEN_AT + timedelta(seconds=number), resource)
        for number, resource in enumerate(resources)
    ]
    return Journal(taken)


@asynccontextmanager
async def standing_in(*resources: dict[str, Any]) -> AsyncIterator[StandIn]:
    """A journal that holds these."""
    app = serving(journal_of(*resources), lambda: datetime.now(UTC))
    server = _Quiet(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", lifespan="on"))
    running = asyncio.create_task(server.serve())
    try:
        async with asyncio.timeout(20):
            while not server.started:
                if running.done():
                    await running
                await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield StandIn(app, f"http://127.0.0.1:{port}")
    finally:
        server.should_exit = True
        await asyncio.wait_for(running, 20)


class _Quiet(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Any:  # noqa: ANN401 - the signals are the test runner's own
        yield


def a_patient(id_: str) -> dict[str, Any]:
    return {
        "resourceType": "Patient",
        "id": id_,
        "identifier": [{"system": FNR, "value": NUMBERS[id_]}],
        "name": [{"given": [id_.title()], "family": "Nordli"}],
        "birthDate": "1968-04-12",
    }


def a_diagnosis(id_: str, patient: str, text: str = "Astma") -> dict[str, Any]:
    about = {"subject": {"reference": f"Patient/{patient}"}, "code": {"text": text}}
    return {"resourceType": "Condition", "id": id_, "recordedDate": "2026-11-20"} | about
