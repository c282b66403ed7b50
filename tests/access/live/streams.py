"""The application over HTTP, so that an answer can go on: a stream read line by line."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import uvicorn

from world import World

# Seconds; nothing here takes so long unless it never comes.
PATIENCE = 5


@asynccontextmanager
async def served(world: World) -> AsyncIterator[str]:
    """The address of this world's application, already started, on a port of its own."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(
            world.app, log_level="error", lifespan="off", timeout_graceful_shutdown=10, server_header=False
        )
        server = uvicorn.Server(config)
        config.load()
        server.lifespan = config.lifespan_class(config)
        # Its parts and not `serve`: the signals are the test's own.
        await server.startup([listening])
        task = asyncio.create_task(server.main_loop())
        try:
            yield f"http://localhost:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            await task
            await server.shutdown([listening])


class Open:
    """A page that listens."""

    def __init__(self, answer: httpx.Response) -> None:
        self.status = answer.status_code
        self.headers = answer.headers
        self._lines = answer.aiter_lines()

    async def next(self) -> str:
        """The next thing said, as "event: data" or "data"; "" when the stream has ended."""
        event = ""
        async with asyncio.timeout(PATIENCE):
            async for line in self._lines:
                if line.startswith("event: "):
                    event = line.removeprefix("event: ") + ": "
                elif line.startswith("data: "):
                    return event + line.removeprefix("data: ")
        return ""


@asynccontextmanager
async def listening(address: str, browser: httpx.AsyncClient, path: str = "/live") -> AsyncIterator[Open]:
    """The stream of this browser's session at `path`."""
    headers = {"accept": "text/event-stream", "cookie": f"innsyn={browser.cookies.get('innsyn', '')}"}
    async with (
        httpx.AsyncClient(base_url=address, trust_env=False, timeout=PATIENCE) as client,
        client.stream("GET", path, headers=headers) as answer,
    ):
        yield Open(answer)
