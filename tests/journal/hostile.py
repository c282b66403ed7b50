"""The stand-in journal behind real HTTP, and an outbox to deliver from."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from threading import Thread
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import msgspec
import uvicorn

from innsyn.journal.delivery import Told, deliver
from innsyn.journal.delivery_client import JournalClient
from innsyn.journal.delivery_rules import Pace
from innsyn.journal.outbox_tables import CHANNEL
from innsyn.records.references import Names
from standins.journal.app import serving
from standins.journal.sequence import Journal
from standins.journal.taken import written

PACE = Pace(first=0.02, longest=0.2, held=0.05, lease=1.0, deadline=0.8, look_again=0.1, grace=2.0)
KARI, OLA = UUID(int=1), UUID(int=2)


def _now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def running(port: int = 0, *patients: str) -> Iterator[str]:
    """The address of a journal that knows these patients, until the block ends."""
    at = datetime(2026, 11, 1, tzinfo=UTC)
    known = [
        written("st-olavs", at, {"resourceType": "Patient", "id": each})
        for each in patients or ("kari", "ola")
    ]
    app = serving(Journal(known), _now, pace=3600)
    listener = socket.create_server(("127.0.0.1", port))
    server = uvicorn.Server(
        uvicorn.Config(app, log_level="critical", lifespan="off", timeout_graceful_shutdown=1)
    )
    thread = Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        until(lambda: server.started)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()


def until(done: Callable[[], bool], seconds: float = 10) -> None:
    """Wait for it, in a thread that nobody shares."""
    last = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < last, "it did not come to be"
        time.sleep(0.005)


class Outbox:
    """An outbox with two citizens, as a superuser sees it, and workers that deliver from it."""

    def __init__(self, owner: asyncpg.Connection, dsn: str, base: str, http: httpx.AsyncClient) -> None:
        self.owner, self.dsn, self.base, self.http = owner, dsn, base, http

    async def put(
        self, person: UUID, conversation: UUID, number: int, resource: dict[str, Any] | None = None
    ) -> UUID:
        """As an act would have put it there."""
        outbox_id = uuid4()
        body = msgspec.json.encode(task(person, f"{conversation}/{number}") if resource is None else resource)
        await self.owner.execute(
            "INSERT INTO journal.outbox (person_id, outbox_id, author_id, conversation, number, resource_type, "
            "resource, key) VALUES ($1, $2, $1, $3, $4, 'Task', $5, $2)",
            person, outbox_id, conversation, number, body,
        )  # fmt: skip
        await self.owner.execute(f"NOTIFY {CHANNEL}")
        return outbox_id

    async def faults(self, **wanted: object) -> None:
        """From now on."""
        (await self.http.post(f"{self.base}/faults", json=wanted)).raise_for_status()

    async def received(self) -> dict[UUID, dict[str, Any]]:
        """What the journal has, in the order of its coming."""
        told = (await self.http.get(f"{self.base}/received")).json()
        return {UUID(each["identifier"].rpartition("|")[2]): each for each in told}

    async def sent_in(self) -> list[dict[str, Any]]:
        """The resources that the journal has made of what came, as its feed tells them."""
        entries = (await self.http.get(f"{self.base}/feed?limit=1000")).json()["entries"]
        return [each["resource"] for each in entries if each["kind"] != "Patient"]

    async def row(self, outbox_id: UUID) -> asyncpg.Record:
        return await self.owner.fetchrow("SELECT * FROM journal.outbox WHERE outbox_id = $1", outbox_id)

    async def states(self) -> dict[UUID, str]:
        rows = await self.owner.fetch("SELECT outbox_id, state FROM journal.outbox")
        return {row["outbox_id"]: row["state"] for row in rows}

    async def until(self, query: str, *values: object, seconds: float = 15) -> None:
        """Wait until a query answers true."""
        last = time.monotonic() + seconds
        while not await self.owner.fetchval(query, *values):
            if time.monotonic() > last:
                rows = await self.owner.fetch(
                    "SELECT number, state, tries, reason, claim IS NOT NULL AS claimed FROM journal.outbox"
                )
                raise AssertionError(f"{query} {values}: {[tuple(row) for row in rows]}")
            await asyncio.sleep(0.01)

    async def until_state(self, outbox_id: UUID, state: str, seconds: float = 15) -> asyncpg.Record:
        """Wait until it is so, and give the row."""
        query = "SELECT state = $2 FROM journal.outbox WHERE outbox_id = $1"
        await self.until(query, outbox_id, state, seconds=seconds)
        return await self.row(outbox_id)

    @asynccontextmanager
    async def workers(
        self,
        number: int = 1,
        pace: Pace = PACE,
        told: Told = lambda _outcome, _step: None,
        base: str = "",
    ) -> AsyncIterator[list[asyncio.Task[None]]]:
        """So many of them, until the block ends; each stops as it would when it is told to."""
        stop = asyncio.Event()
        async with httpx.AsyncClient(trust_env=False) as http:
            client = JournalClient(http, base or f"{self.base}/fhir", _now, deadline=pace.deadline)
            tasks = [
                asyncio.create_task(
                    deliver(self.dsn, client, stop, naming=Names("journal"), pace=pace, told=told)
                )
                for _ in range(number)
            ]
            try:
                yield tasks
            finally:
                stop.set()
                done, late = await asyncio.wait(tasks, timeout=10)
                for each in late:
                    each.cancel()
            assert not late, "a worker did not stop"
            for each in done:
                if not each.cancelled():
                    each.result()


def task(person: UUID, words: str) -> dict[str, Any]:
    """Something that a citizen could have written."""
    who = {"type": "Patient", "identifier": {"system": "urn:innsyn:person", "value": str(person)}}
    told = {"status": "requested", "intent": "order", "description": words, "for": who, "requester": who}
    return {"resourceType": "Task", **told}


@asynccontextmanager
async def open_outbox(owner_dsn: str, worker_dsn: str, base: str) -> AsyncIterator[Outbox]:
    """With Kari and Ola, whom the journal calls by these names."""
    owner = await asyncpg.connect(owner_dsn)
    try:
        for person, id_ in ((KARI, "kari"), (OLA, "ola")):
            await owner.execute("INSERT INTO identity.person (person_id) VALUES ($1)", person)
            await owner.execute(
                "INSERT INTO identity.patient (feed, patient_id, person_id) VALUES ('journal', $1, $2)",
                id_,
                person,
            )
        async with httpx.AsyncClient(trust_env=False) as http:
            yield Outbox(owner, worker_dsn, base, http)
    finally:
        await owner.close()
