"""Who must look again: heard from PostgreSQL on one connection for the whole process, told to whoever waits."""

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Final
from uuid import UUID

import asyncpg
import structlog

from innsyn.db.pool import LOST

# migrations/access.py and migrations/sessions.py say on it whose session or access has changed, and nothing else.
ACCESS: Final = "access_changed"
# migrations/messages_gathering.py says on it in whose record messages have changed.
NEWS: Final = "message_changed"
_CHANNELS: Final = (ACCESS, NEWS)
_AGAIN: Final = 1.0  # seconds until another try to listen
_LOOK: Final = 15.0  # seconds between looks whether anybody is there to be heard
# Seconds in which a browser is back whose stream has ended; what was said meanwhile is said to it then.
_MEANWHILE: Final = 3.0
_log = structlog.get_logger()


class Waiter:
    """Somebody who waits for what concerns one person's access, and one record."""

    def __init__(self) -> None:
        self._something = asyncio.Event()
        self._heard: set[str] = set()

    def tell(self, channel: str) -> None:
        self._heard.add(channel)
        self._something.set()

    async def wait(self, seconds: float) -> set[str]:
        """On which channels something was said, after `seconds` at the latest (then empty)."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._something.wait(), seconds)
        self._something.clear()
        heard, self._heard = self._heard, set()
        return heard


class Changes:
    """Everybody who waits in this process. `stopping`: the process is about to end, and nobody shall wait any more."""

    def __init__(self) -> None:
        self._waiters: dict[tuple[str, UUID], set[Waiter]] = defaultdict(set)
        self.stopping = False
        # How often anything was heard: who has asked the database before it and waits after it, asks again.
        self.said = 0
        # Of whom there was news in the last seconds, oldest first.
        self._news: dict[UUID, float] = {}

    @contextmanager
    def waiting(self, person_id: UUID, news_of: UUID | None = None) -> Iterator[Waiter]:
        """Wait for what concerns the access of this person and the record of `news_of`, until the end of the block."""
        waiter = Waiter()
        if self.stopping:
            waiter.tell(ACCESS)
        if news_of and self._news.get(news_of, -_MEANWHILE) > time.monotonic() - _MEANWHILE:
            waiter.tell(NEWS)
        keys = [(ACCESS, person_id), *([(NEWS, news_of)] if news_of else [])]
        for key in keys:
            self._waiters[key].add(waiter)
        try:
            yield waiter
        finally:
            for key in keys:
                self._waiters[key].discard(waiter)
                if not self._waiters[key]:
                    del self._waiters[key]

    def stop(self) -> None:
        """Let everybody go."""
        self.stopping = True
        self._tell_everybody()

    @asynccontextmanager
    async def listening(self, dsn: str) -> AsyncIterator[None]:
        """Listen until the end of the block, and begin again whenever the connection is lost."""
        task = asyncio.create_task(self._listen(dsn))
        try:
            yield
        finally:
            self.stop()
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _listen(self, dsn: str) -> None:
        while True:
            try:
                await self._listen_once(dsn)
            except LOST as lost:
                _log.warning("access:live:not-heard", error=type(lost).__name__)
            await asyncio.sleep(_AGAIN)

    async def _listen_once(self, dsn: str) -> None:
        connection = await asyncpg.connect(dsn, server_settings={"application_name": "innsyn-live"})
        gone = asyncio.Event()
        connection.add_termination_listener(lambda _: gone.set())
        try:
            for channel in _CHANNELS:
                await connection.add_listener(channel, self._hear)
            # What may have been said while nobody listened.
            self._tell_everybody()
            while not gone.is_set():
                with suppress(TimeoutError):
                    await asyncio.wait_for(gone.wait(), _LOOK)
                    continue
                await connection.fetchval("SELECT 1", timeout=_LOOK)
        finally:
            connection.terminate()

    def _hear(self, _connection: object, _pid: int, channel: str, payload: str) -> None:
        self.said += channel == ACCESS
        # Whatever somebody else may say on the channel.
        with suppress(ValueError):
            person_id = UUID(payload)
            for waiter in self._waiters.get((channel, person_id), ()):
                waiter.tell(channel)
            if channel == NEWS:
                self._remember(person_id, time.monotonic())

    def _remember(self, person_id: UUID, now: float) -> None:
        self._news.pop(person_id, None)
        self._news[person_id] = now
        while (oldest := next(iter(self._news.items())))[1] < now - _MEANWHILE:
            del self._news[oldest[0]]

    def _tell_everybody(self) -> None:
        self.said += 1
        for (channel, _), waiters in self._waiters.items():
            for waiter in waiters:
                waiter.tell(channel)
