"""Who must look again: heard from PostgreSQL on one connection for the whole process, told to whoever waits."""

import asyncio
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
_CHANNELS: Final = (ACCESS,)
_AGAIN: Final = 1.0  # seconds until another try to listen
_LOOK: Final = 15.0  # seconds between looks whether anybody is there to be heard
_log = structlog.get_logger()


class Waiter:
    """Somebody who waits for what concerns one person."""

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
        self._waiters: dict[UUID, set[Waiter]] = defaultdict(set)
        self.stopping = False
        # How often anything was heard: who has asked the database before it and waits after it, asks again.
        self.said = 0

    @contextmanager
    def waiting(self, person_id: UUID) -> Iterator[Waiter]:
        """Wait for what concerns this person, until the end of the block."""
        waiter = Waiter()
        self._waiters[person_id].add(waiter)
        try:
            yield waiter
        finally:
            self._waiters[person_id].discard(waiter)
            if not self._waiters[person_id]:
                del self._waiters[person_id]

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
            # What was said while nobody listened.
            self._tell_everybody()
            while not gone.is_set():
                with suppress(TimeoutError):
                    await asyncio.wait_for(gone.wait(), _LOOK)
                    continue
                await connection.fetchval("SELECT 1", timeout=_LOOK)
        finally:
            connection.terminate()

    def _hear(self, _connection: object, _pid: int, channel: str, payload: str) -> None:
        self.said += 1
        # Whatever somebody else may say on the channel.
        with suppress(ValueError):
            for waiter in self._waiters.get(UUID(payload), ()):
                waiter.tell(channel)

    def _tell_everybody(self) -> None:
        self.said += 1
        for waiters in self._waiters.values():
            for waiter in waiters:
                waiter.tell(ACCESS)
