"""What each process runs so that it can be looked at: it ends when the process is told to stop."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Final

import asyncpg

from innsyn.operations.listener import open_socket, server_of
from innsyn.operations.seen import Counting, Furthest, Seen, keep_looking, look_at_database, look_at_feed
from innsyn.settings import Settings

_GOODBYE_SECONDS: Final = 3.0
_RELAYED: Final = "relay"

Once = Callable[[], Awaitable[None]]


async def watch(settings: Settings, stop: asyncio.Event, furthest: Furthest, counting: Counting) -> None:
    """For the worker: look, and tell whoever asks, until told to stop.

    `furthest` asks the feed how far it goes. Raises SettingMissing when nothing can listen at the port.
    """
    seen = Seen("worker")

    async def once() -> None:
        database, schema = await look_at_database(seen, settings.database_worker, is_worker=True)
        stream = await look_at_feed(seen, furthest, seen.read(), counting)
        seen.found(database=database, schema=schema, stream=stream)

    await _until(stop, settings, seen, once)


async def watch_relay(
    settings: Settings, stop: asyncio.Event, furthest: Furthest, reached: Callable[[], Awaitable[int]]
) -> None:
    """For the relay, which has no database: how far the stream is behind the journal."""
    seen = Seen("relay")

    async def both() -> dict[str, int]:
        return {_RELAYED: max((await furthest()).values(), default=0)}

    async def once() -> None:
        stream = True
        try:
            async with asyncio.timeout(_GOODBYE_SECONDS):
                read = {_RELAYED: await reached()}
        except Exception:  # noqa: BLE001 - whatever its client raises: it does not answer
            stream, read = False, {}
        stream = await look_at_feed(seen, both, read, lambda position: position) and stream
        seen.found(database=True, schema=True, stream=stream)

    await _until(stop, settings, seen, once)


@asynccontextmanager
async def watched(settings: Settings, pool: asyncpg.Pool) -> AsyncIterator[Seen]:
    """For the web process: the same, for as long as the block lasts, of what its own role may see."""
    seen = Seen("web")
    seen.pool = partial(_connections, pool)

    async def once() -> None:
        database, schema = await look_at_database(seen, settings.database_web, is_worker=False)
        seen.found(database=database, schema=schema)

    async with _telling(settings, seen, once):
        yield seen


async def _until(stop: asyncio.Event, settings: Settings, seen: Seen, once: Once) -> None:
    async with _telling(settings, seen, once):
        await stop.wait()
        seen.leaving = True


@asynccontextmanager
async def _telling(settings: Settings, seen: Seen, once: Once) -> AsyncIterator[None]:
    if not settings.operations_port:
        yield
        return
    server, stop = server_of(seen), asyncio.Event()
    with open_socket(settings.operations_host, settings.operations_port) as listening:
        telling = asyncio.create_task(server.serve(sockets=[listening]))
        looking = asyncio.create_task(keep_looking(once, stop))
        try:
            yield
        finally:
            server.should_exit = True
            looking.cancel()
            with suppress(TimeoutError):
                await asyncio.wait_for(
                    asyncio.gather(telling, looking, return_exceptions=True), _GOODBYE_SECONDS
                )


def _connections(pool: asyncpg.Pool) -> dict[str, int]:
    idle = pool.get_idle_size()
    return {"busy": pool.get_size() - idle, "idle": idle, "most": pool.get_max_size()}
