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
FEED: Final = "journal"

# The newest position of each part of a feed. Raises what the feed's own client raises.
Furthest = Callable[[], Awaitable[Mapping[str, int]]]
# How many entries (of a stream: messages) there are up to a position.
Counting = Callable[[int], int]


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

    def behind(self, read: Mapping[str, int], furthest: Mapping[str, int], counting: Counting) -> None:
        """Reckon how far each part is behind: it is read up to `read`, and goes as far as `furthest`."""
        now = self._clock()
        self.lags = {}
        for part, position in furthest.items():
            watching = self._watching.setdefault(part, Watching())
            watching.newest(position, now)
            self.lags[FEED, part] = watching.lag(read.get(part, 0), now, counting)

    def read(self) -> dict[str, int]:
        """How far each part of the journal's feed is read."""
        return (
            {each.part: each.position for each in self.state.parts if each.feed == FEED} if self.state else {}
        )

    def _position_age(self) -> float:
        if self.state is None or not self.state.parts:
            return 0.0
        newest = max(each.moved_at for each in self.state.parts)
        return (datetime.now(UTC) - newest).total_seconds()


async def look_at_database(seen: Seen, dsn: str, *, is_worker: bool) -> tuple[bool, bool]:
    """(whether it answers, whether it is migrated); only a worker's connection may ask for the State.

    Over a connection of its own: it waits in no queue, and one that hangs is not waited for the next time.
    """
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


async def look_at_feed(seen: Seen, furthest: Furthest, read: Mapping[str, int], counting: Counting) -> bool:
    """Whether it answers; reckons how far it is read."""
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            seen.behind(read, await furthest(), counting)
    except Exception as failed:  # noqa: BLE001 - whatever its client raises: it does not answer
        log.warning("feed_not_seen", error=type(failed).__name__)
        return False
    return True


async def keep_looking(once: Callable[[], Awaitable[None]], stop: asyncio.Event) -> None:
    """Look every EVERY_SECONDS until told to stop."""
    while not stop.is_set():
        await once()
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), EVERY_SECONDS)
