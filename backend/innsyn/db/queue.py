"""The queue for the database has an end: whoever would wait too long is told so at once, and those in it are served."""

import asyncio
import time
from collections.abc import Generator
from contextlib import AbstractAsyncContextManager, nullcontext
from types import TracebackType
from typing import Any, Final

import asyncpg
from asyncpg.pool import Pool

from innsyn.db.refusals import Busy
from innsyn.measures import BUSY, POOL_WAIT_SECONDS, POOL_WAITING

# A page that is not there after this has been given up by whoever asked for it.
PATIENCE_SECONDS: Final = 2.0
# Of the connections of a process (ten): a person with many pages open is served as fast by these, and leaves the rest.
AT_ONCE_EACH: Final = 3
# When nothing comes back from the database at all there is nothing to reckon with.
_MOST_WAITING_EACH: Final = 50
_WEIGHT: Final = 0.05


class Queue:
    """Who waits for one of `size` connections, and for how long they are held: a moving mean, in seconds."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.waiting = 0
        self.busy = 0
        self._held = 0.0

    def has_room(self) -> bool:
        """Whether somebody who comes now is served within PATIENCE_SECONDS, as far as can be told."""
        ahead = self.waiting + self.busy - self.size + 1
        if ahead <= 0:
            return True
        return ahead * self._held / self.size <= PATIENCE_SECONDS and ahead <= self.size * _MOST_WAITING_EACH

    def held(self, seconds: float) -> None:
        """A connection has come back."""
        self._held += _WEIGHT * (seconds - self._held)


class Turns:
    """Of one who asks at most AT_ONCE_EACH are served at a time; whoever asks for more waits behind themselves."""

    def __init__(self) -> None:
        self.lines: dict[bytes, _Line] = {}

    def of(self, who: bytes) -> "_Place":
        """A turn of theirs, for a block. Raises Busy instead of waiting longer than PATIENCE_SECONDS."""
        return _Place(self.lines, who)


class _Line:
    __slots__ = ("free", "length")

    def __init__(self) -> None:
        self.free = asyncio.Semaphore(AT_ONCE_EACH)
        self.length = 0


# No generator: this stands around every page.
class _Place:
    __slots__ = ("_line", "_lines", "_who")

    def __init__(self, lines: dict[bytes, _Line], who: bytes) -> None:
        self._lines, self._who = lines, who

    async def __aenter__(self) -> None:
        self._line = self._lines.get(self._who) or self._lines.setdefault(self._who, _Line())
        self._line.length += 1
        free = self._line.free
        try:
            if not free.locked():
                await free.acquire()
                return
            async with asyncio.timeout(PATIENCE_SECONDS):
                await free.acquire()
        except BaseException as error:
            self._leave()
            if isinstance(error, TimeoutError):
                BUSY.inc()
                raise Busy from None
            raise

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._line.free.release()
        self._leave()

    def _leave(self) -> None:
        self._line.length -= 1
        if not self._line.length:
            del self._lines[self._who]


def fairly(pool: Pool, who: bytes) -> AbstractAsyncContextManager[None]:
    """So that one who asks for very much leaves room for everybody else; `who` tells them apart and is not kept."""
    turns: Turns | None = getattr(pool, "turns", None)
    return turns.of(who) if turns else nullcontext()


class QueuedPool(Pool):  # type: ignore[misc] # asyncpg has no types
    """asyncpg's pool, with an end to its queue. Raises Busy instead of waiting longer than PATIENCE_SECONDS."""

    def __init__(self, *address: str, max_size: int, **others: Any) -> None:  # noqa: ANN401 - asyncpg's own
        super().__init__(*address, max_size=max_size, loop=None, **others)
        self.queue = Queue(max_size)
        self.turns = Turns()

    def acquire(self, *, timeout: float | None = None) -> "_Turn":
        """As asyncpg's own, of which every other method makes use."""
        return _Turn(self.queue, super().acquire(timeout=timeout or PATIENCE_SECONDS))


class _Turn:
    """One connection, waited for, used and given back."""

    __slots__ = ("_began", "_context", "_queue")

    def __init__(self, queue: Queue, context: Any) -> None:  # noqa: ANN401 - asyncpg has no types
        self._queue, self._context = queue, context
        self._began = 0.0

    def __await__(self) -> Generator[Any, None, asyncpg.Connection]:
        # Whoever does not say when it is given back is not reckoned with.
        return self._waited(self._context).__await__()

    async def __aenter__(self) -> asyncpg.Connection:
        connection = await self._waited(self._context.__aenter__())
        self._queue.busy += 1
        self._began = time.perf_counter()
        return connection

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._queue.busy -= 1
        self._queue.held(time.perf_counter() - self._began)
        await self._context.__aexit__(kind, error, trace)

    async def _waited(self, coming: Any) -> asyncpg.Connection:  # noqa: ANN401 - asyncpg has no types
        queue = self._queue
        if not queue.has_room():
            if asyncio.iscoroutine(coming):
                coming.close()
            BUSY.inc()
            raise Busy
        began = time.perf_counter()
        queue.waiting += 1
        POOL_WAITING.set(queue.waiting)
        try:
            return await coming
        except TimeoutError:
            if queue.busy < queue.size:
                # It is PostgreSQL that does not answer, not the others that are served.
                raise
            BUSY.inc()
            raise Busy from None
        finally:
            queue.waiting -= 1
            POOL_WAITING.set(queue.waiting)
            POOL_WAIT_SECONDS.observe(time.perf_counter() - began)
