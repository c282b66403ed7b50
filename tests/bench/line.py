"""The line between a browser and the server: counts every byte on its way down, and is as slow as it is told.

The browser's own tools see the requests of a page, but neither count nor slow down those of its service worker.
"""

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

# Slow 4G as Lighthouse and Chromium have it: 150 ms there and back, 1.6 Mbit/s down, 750 kbit/s up.
_ROUND_TRIP = 0.150
_DOWN, _UP = 1_600_000 / 8, 750_000 / 8


@dataclass
class Line:
    """`down` is how many bytes have come from the server, headers and all; set it to 0 to begin anew."""

    server: int
    port: int = 0
    down: int = 0
    slow: bool = False
    _pumps: set[asyncio.Task[None]] = field(default_factory=set)

    async def meet(self, browser: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        """A connection of the browser's. A new one costs a round trip, as its handshake would."""
        if self.slow:
            await asyncio.sleep(_ROUND_TRIP)
        server, onward = await asyncio.open_connection("127.0.0.1", self.server)
        ways = (self._carry(browser, onward, _UP), self._carry(server, back, _DOWN))
        self._pumps |= {asyncio.ensure_future(way) for way in ways}

    async def _carry(self, source: asyncio.StreamReader, to: asyncio.StreamWriter, rate: float) -> None:
        under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        arriving = asyncio.ensure_future(_arrive(under_way, to))
        free = 0.0
        with contextlib.suppress(ConnectionError):
            while data := await source.read(1400):
                if rate == _DOWN:
                    self.down += len(data)
                now = asyncio.get_running_loop().time()
                free = max(now, free) + len(data) / rate
                await under_way.put((free + _ROUND_TRIP / 2 if self.slow else 0.0, data))
        await under_way.put((0.0, b""))
        await arriving


async def _arrive(under_way: asyncio.Queue[tuple[float, bytes]], to: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while True:
            due, data = await under_way.get()
            if not data:
                break
            await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))
            to.write(data)
            await to.drain()
    to.close()


@contextmanager
def line_to(server: int) -> Iterator[Line]:
    """A line to a port of this machine, in a thread of its own until the end of the block."""
    line = Line(server)
    loop = asyncio.new_event_loop()
    laid = threading.Event()

    async def lay() -> None:
        entrance = await asyncio.start_server(line.meet, "127.0.0.1", 0)
        line.port = entrance.sockets[0].getsockname()[1]
        laid.set()

    def serve() -> None:
        loop.create_task(lay())  # noqa: RUF006 - the loop lives as long as the thread
        loop.run_forever()

    threading.Thread(target=serve, daemon=True).start()
    laid.wait()
    try:
        yield line
    finally:
        loop.call_soon_threadsafe(loop.stop)
