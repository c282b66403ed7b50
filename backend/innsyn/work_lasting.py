"""What goes on for as long as the process does, over connections that come and go."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final

import asyncpg
import structlog

from innsyn.db.pool import LOST
from innsyn.measures import DATABASE_ERRORS

log = structlog.get_logger()

_FIRST_PAUSE_SECONDS: Final = 0.2
_LONGEST_PAUSE_SECONDS: Final = 2.0
_HELLO_SECONDS: Final = 5.0
_GOODBYE_SECONDS: Final = 2.0
# A worker whose machine is gone must not hold its parts: the server asks the line, and looks up from long statements.
_SETTINGS: Final = {
    "application_name": "innsyn-worker",
    "tcp_keepalives_idle": "1",
    "tcp_keepalives_interval": "1",
    "tcp_keepalives_count": "2",
    "client_connection_check_interval": "1s",
}


@contextlib.asynccontextmanager
async def database(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection as the worker, until the end of the block. Raises one of LOST."""
    db = await asyncpg.connect(dsn, server_settings=_SETTINGS, timeout=_HELLO_SECONDS)
    try:
        yield db
        # Without a limit it would wait for ever for a server that is not there.
        await db.close(timeout=_GOODBYE_SECONDS)
    finally:
        db.terminate()


async def lasting(
    dsn: str, stop: asyncio.Event, what: str, run: Callable[[asyncpg.Connection], Awaitable[None]]
) -> None:
    """`run` with a connection, and with a new one when that was lost, until told to stop. What else fails is raised."""
    pause = _FIRST_PAUSE_SECONDS
    loop = asyncio.get_running_loop()
    while not stop.is_set():
        began = loop.time()
        try:
            async with database(dsn) as db:
                await run(db)
        except LOST as failed:
            pause = next_pause(pause, loop.time() - began)
            DATABASE_ERRORS.inc()
            log.warning("database_lost", what=what, error=type(failed).__name__, again_in_seconds=pause)
            await wait(stop, pause)


def next_pause(before: float, lasted: float) -> float:
    """How long to wait before it is tried again, `lasted` seconds after it was tried the last time."""
    if lasted > 2 * _LONGEST_PAUSE_SECONDS:
        return _FIRST_PAUSE_SECONDS
    return min(2 * before, _LONGEST_PAUSE_SECONDS)


async def wait(stop: asyncio.Event, seconds: float) -> None:
    """Until told to stop, but no longer than so."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
