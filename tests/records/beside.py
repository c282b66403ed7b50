"""A second worker on the same feed, and a connection that can be stopped before any of its statements."""

import asyncio
from typing import Any

import asyncpg
import msgspec

from innsyn.journal.port import Entry, Unusable
from innsyn.worker import REGISTRY, Intake, Tally
from world import Resource

_SECONDS = 10
_ASKS = frozenset({"execute", "fetch", "fetchrow", "fetchval"})


class Stopping:
    """A connection that stops before its statement number `at` until it is let go; `stopped` tells that it has."""

    def __init__(self, db: asyncpg.Connection, at: int) -> None:
        self._db, self._at = db, at
        self.asked = 0
        self.stopped, self._on = asyncio.Event(), asyncio.Event()

    def go_on(self) -> None:
        self._on.set()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        found = getattr(self._db, name)
        if name not in _ASKS:
            return found

        async def ask(*args: object) -> Any:  # noqa: ANN401
            self.asked += 1
            if self.asked == self._at:
                self.stopped.set()
                async with asyncio.timeout(_SECONDS):
                    await self._on.wait()
            return await found(*args)

        return ask


def said(*resources: Resource, first: int = 1, version: int | None = None) -> list[Entry | Unusable]:
    """A batch in which the journal says these."""
    return [
        Entry(
            position=first + number,
            source="st-olavs",
            kind=each["resourceType"],
            id=each["id"],
            version=version,
            resource=msgspec.json.encode(each),
        )
        for number, each in enumerate(resources)
    ]


async def together(
    one: asyncpg.Connection,
    other: asyncpg.Connection,
    feed: str,
    batches: tuple[list[Entry | Unusable], list[Entry | Unusable]],
    at: int,
) -> tuple[bool, Tally, Tally]:
    """Two workers: the first stops before statement `at`, the second goes as far as it can, the first goes on.

    Returns whether it stopped at all (it has no more statements than that), and what each has done.
    """
    stopping = Stopping(one, at)
    slow = Intake(stopping, feed, REGISTRY, part="slow")
    fast = Intake(other, feed, REGISTRY, part="fast")
    first = asyncio.create_task(slow.take(batches[0]))
    stops = asyncio.create_task(stopping.stopped.wait())
    await asyncio.wait({first, stops}, return_when=asyncio.FIRST_COMPLETED)
    second = asyncio.create_task(fast.take(batches[1]))
    await _until_it_waits(one, second, other.get_server_pid())
    stopping.go_on()
    async with asyncio.timeout(_SECONDS):
        done = await asyncio.gather(first, second)
    stops.cancel()
    return stopping.stopped.is_set(), done[0], done[1]


async def _until_it_waits(one: asyncpg.Connection, second: asyncio.Task[Tally], pid: int) -> None:
    """The second is done, or waits for a lock that the first has. (The first is stopped: its connection is free.)"""
    async with asyncio.timeout(_SECONDS):
        while not second.done():
            if await one.fetchval("SELECT EXISTS (SELECT FROM pg_locks WHERE pid = $1 AND NOT granted)", pid):
                return
            await asyncio.wait({second}, timeout=0.005)
