"""What each process runs so that it can be looked at: one task, which ends when the process is told to stop."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Final

import asyncpg
import httpx
import msgspec

from innsyn.operations.listener import open_socket, server_of
from innsyn.operations.seen import Distance, Newest, Seen, keep_looking, look
from innsyn.settings import Settings

_GOODBYE_SECONDS: Final = 3.0


class _Last(msgspec.Struct, frozen=True):
    last: int


async def watch(
    settings: Settings,
    name: str,
    stop: asyncio.Event,
    newest: Newest | None = None,
    distance: Distance | None = None,
) -> None:
    """For a process with the worker's connection: look, and tell whoever asks, until told to stop.

    `newest` asks the feed for its newest positions; `distance` is how much lies between two of them. Raises
    SettingMissing when nothing can listen at the port.
    """
    seen = Seen(name)
    once = partial(look, seen, settings.database_worker, "journal", newest, distance)
    async with _telling(settings, seen, once, stop):
        await stop.wait()
        seen.leaving = True


@asynccontextmanager
async def watched(settings: Settings, pool: asyncpg.Pool) -> AsyncIterator[Seen]:
    """For the web process: the same, for as long as the block lasts, of what its own role may see."""
    seen, stop = Seen("web"), asyncio.Event()
    seen.pool = partial(_connections, pool)
    once = partial(look, seen, settings.database_web, is_worker=False)
    async with _telling(settings, seen, once, stop):
        yield seen


@asynccontextmanager
async def _telling(
    settings: Settings, seen: Seen, once: Callable[[], Awaitable[None]], stop: asyncio.Event
) -> AsyncIterator[None]:
    if not settings.operations_port:
        yield
        return
    server = server_of(seen)
    with open_socket(settings.operations_host, settings.operations_port) as listening:
        tasks = [
            asyncio.create_task(server.serve(sockets=[listening])),
            asyncio.create_task(keep_looking(once, stop)),
        ]
        try:
            yield
        finally:
            server.should_exit = True
            tasks[1].cancel()
            with suppress(TimeoutError, asyncio.CancelledError):
                await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), _GOODBYE_SECONDS)


def newest_over_http(http: httpx.AsyncClient, base: str) -> Newest:
    """Asks a sequence feed for its newest number."""

    async def newest() -> dict[str, int]:
        answer = await http.get(f"{base.rstrip('/')}/feed", params={"seq": 1, "limit": 1})
        return {"": msgspec.json.decode(answer.raise_for_status().content, type=_Last).last}

    return newest


def _connections(pool: asyncpg.Pool) -> dict[str, int]:
    idle = pool.get_idle_size()
    return {"busy": pool.get_size() - idle, "idle": idle, "most": pool.get_max_size()}
