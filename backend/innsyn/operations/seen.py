"""What a process last saw of what it stands on, looked at every few seconds and not when somebody asks.

So a scrape costs nothing, two who ask are told the same, and how long something has been unread is known.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

import asyncpg
import structlog

from innsyn.db.pool import LOST
from innsyn.operations.queries import State, answers, state_of
from innsyn.operations.rules import STALE_SECONDS, Lag, Watching, not_ready

log = structlog.get_logger()

EVERY_SECONDS: Final = 5.0
_PATIENCE_SECONDS: Final = 5.0
_NAME: Final = {"application_name": "innsyn-operations", "statement_timeout": "5s"}

# The newest position of each part of a feed. Raises what the feed's own client raises.
Newest = Callable[[], Awaitable[Mapping[str, int]]]
Distance = Callable[[int, int], int]


class Seen:
    """What is told of a process. `state` is None in one that may not ask for it."""

    def __init__(self, name: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.name = name
        self.state: State | None = None
        self.lags: dict[tuple[str, str], Lag] = {}
        # The connections of a pool by what they do; None where there is no pool.
        self.pool: Callable[[], dict[str, int]] | None = None
        self.leaving = False
        self._clock = clock
        self._database = self._schema = False
        self._stream: bool | None = None
        self._looked = -STALE_SECONDS
        self._watching: dict[str, Watching] = {}

    def reasons(self) -> list[str]:
        """Why this process is not ready, in words; empty when it is."""
        if self.leaving:
            return ["it has been told to stop"]
        if self._clock() - self._looked > STALE_SECONDS:
            return ["it has not looked at what it stands on for a while"]
        return not_ready(
            database=self._database,
            stream=self._stream,
            lags=list(self.lags.values()),
            position_age=self._position_age(),
            schema=self._schema,
        )

    def found(self, *, database: bool, schema: bool, stream: bool | None = None) -> None:
        """What was just seen."""
        self._database, self._schema, self._stream = database, schema, stream
        self._looked = self._clock()

    def read_up_to(self, feed: str, newest: Mapping[str, int], distance: Distance) -> None:
        """Reckon how far behind each part of this feed is: `state` tells how far it is read."""
        now = self._clock()
        read = (
            {each.part: each.position for each in self.state.parts if each.feed == feed} if self.state else {}
        )
        for part, position in newest.items():
            watching = self._watching.setdefault(part, Watching())
            watching.newest(position, now)
            self.lags[feed, part] = watching.lag(read.get(part, 0), now, distance)

    def _position_age(self) -> float:
        if self.state is None or not self.state.parts:
            return 0.0
        newest = max(each.moved_at for each in self.state.parts)
        return (datetime.now(UTC) - newest).total_seconds()


async def look(
    seen: Seen,
    dsn: str,
    feed: str = "",
    newest: Newest | None = None,
    distance: Distance | None = None,
    *,
    is_worker: bool = True,
) -> None:
    """Look once. Only a worker's connection may ask for the State; `newest` is what tells how far a feed goes."""
    database, schema = await _asked(seen, dsn, is_worker=is_worker)
    stream = None
    if newest is not None:
        stream = True
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                seen.read_up_to(feed, await newest(), distance or _difference)
        except Exception as failed:  # noqa: BLE001 - whatever its client raises: it does not answer
            log.warning("feed_not_seen", error=type(failed).__name__)
            stream = False
    seen.found(database=database, schema=schema, stream=stream)


async def _asked(seen: Seen, dsn: str, *, is_worker: bool) -> tuple[bool, bool]:
    """Over a connection of its own: it waits in no queue, and one that hangs is not waited for the next time."""
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            db = await asyncpg.connect(dsn, server_settings=_NAME)
            try:
                database, schema = await answers(db)
                if schema and is_worker:
                    seen.state = await state_of(db)
            finally:
                db.terminate()
    except LOST:
        return False, False
    return database, schema


async def keep_looking(once: Callable[[], Awaitable[None]], stop: asyncio.Event) -> None:
    """Look every EVERY_SECONDS until told to stop."""
    while not stop.is_set():
        await once()
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), EVERY_SECONDS)


def _difference(read: int, newest: int) -> int:
    return newest - read
