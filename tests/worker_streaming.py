"""A stream filled by hand, workers that read it, and waiting for what they do."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import msgspec

from innsyn.access.book.versions import HELSENORGE
from innsyn.journal.port import Entry, Source, Unusable
from innsyn.journal.relay import Stream
from innsyn.journal.stream_connection import connected
from innsyn.work_parts import work_parts

DEADLINE_SECONDS = 20.0
_LOCKS = """
    SELECT pid, count(*) FROM pg_locks
     WHERE locktype = 'advisory' AND classid = 746302 AND granted
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
     GROUP BY pid
"""


class Journal:
    """What is put into the stream, numbered as the journal would."""

    def __init__(self, address: str) -> None:
        self.address, self.last = address, 0

    async def say(self, *said: Any) -> None:  # noqa: ANN401
        """Each resource in a message of its part; bytes are what nobody could read."""
        page = [self._entry(each) for each in said]
        async with connected(self.address, "test") as client:
            stream = Stream(client)
            await stream.open(copies=1)
            await stream.add(page)
            await stream.tell([Source(source="st-olavs", name="St. Olavs hospital", service="hospital")])

    def _entry(self, said: Any) -> Entry | Unusable:  # noqa: ANN401
        self.last += 1
        if isinstance(said, bytes):
            return Unusable(
                position=self.last,
                source="st-olavs",
                reason="not_json",
                explanation="It is broken.",
                body=said,
            )
        subject = said.get("subject", {}).get("reference", f"Patient/{said['id']}")
        return Entry(
            position=self.last,
            source="st-olavs",
            kind=said["resourceType"],
            id=said["id"],
            resource=msgspec.json.encode(said),
            version=1,
            subject=subject,
        )


@asynccontextmanager
async def working(dsn: str, address: str) -> AsyncIterator[asyncio.Event]:
    """A worker until the end of the block; it is told to stop, and has to end in time."""
    stop = asyncio.Event()
    task = asyncio.create_task(work_parts(dsn, address, stop, HELSENORGE))
    try:
        yield stop
    finally:
        stop.set()
        await asyncio.wait_for(task, 5)


async def until(
    ask: Callable[[], Awaitable[object]], wanted: object, seconds: float = DEADLINE_SECONDS
) -> float:
    """Wait until it answers so; returns after how many seconds."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    while (found := await ask()) != wanted:
        assert loop.time() < began + seconds, f"{found} is not {wanted}"
        await asyncio.sleep(0.02)
    return loop.time() - began


def shares(owner: asyncpg.Connection) -> Callable[[], Awaitable[list[int]]]:
    async def ask() -> list[int]:
        return sorted(row["count"] for row in await owner.fetch(_LOCKS))

    return ask


def shown(owner: asyncpg.Connection) -> Callable[[], Awaitable[int]]:
    async def ask() -> int:
        return int(await owner.fetchval("SELECT count(*) FROM record.entry"))

    return ask
