"""A small load generator: keep-alive connections that each ask again as soon as they are answered, or after a pause.

In a process of its own, so that it does not stand in the way of what it measures:
`python -m bench.load PORT SECONDS PAUSE` reads what to ask from its input, a connection a line, and prints JSON.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

import uvloop

from bench.installation import Installation


@dataclass(frozen=True)
class Asked:
    """What one connection asks for, again and again."""

    path: str
    cookie: str = ""
    encoding: str = ""

    def request(self) -> bytes:
        """Its bytes, as a browser would send them."""
        lines = [f"GET {self.path} HTTP/1.1", "Host: localhost", "Sec-Fetch-Site: same-origin"]
        lines += [f"Cookie: {self.cookie}"] if self.cookie else []
        lines += [f"Accept-Encoding: {self.encoding}"] if self.encoding else []
        return "\r\n".join((*lines, "", "")).encode()


@dataclass(frozen=True)
class Answered:
    """`p50` and `p99` are seconds; `size` is bytes of one body."""

    requests: int
    per_second: float
    p50: float
    p99: float
    size: int


class LoadFailed(Exception):
    """Something else than 200 came, or nothing."""


def load(at: Installation, port: int, asked: Sequence[Asked], seconds: float, pause: float = 0) -> Answered:
    """Ask for `seconds`, a connection for each of `asked`, with a `pause` (seconds) after each. Raises LoadFailed."""
    command = [sys.executable, "-m", "bench.load", str(port), str(seconds), str(pause)]
    requests = "\n".join(json.dumps(each.request().decode()) for each in asked)
    done = subprocess.run(
        command, input=requests, capture_output=True, text=True, check=False, env=at.environment
    )
    if done.returncode:
        raise LoadFailed(done.stderr)
    return Answered(**json.loads(done.stdout))


class _Connection(asyncio.Protocol):
    """One request at a time; answers have a Content-Length."""

    def __init__(self, request: bytes, until: float, pause: float) -> None:
        self._request, self._until, self._pause = request, until, pause
        self._seen = bytearray()
        self._began = 0.0
        self.took: list[float] = []
        self.size = 0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._ask()

    def data_received(self, data: bytes) -> None:
        self._seen += data
        head_ends = self._seen.find(b"\r\n\r\n")
        if head_ends < 0:
            return
        head = bytes(self._seen[:head_ends]).lower()
        if not head.startswith(b"http/1.1 200"):
            self.done.set_exception(LoadFailed(head.decode()))
            return
        self.size = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
        if len(self._seen) < head_ends + 4 + self.size:
            return
        self.took.append(time.perf_counter() - self._began)
        self._seen.clear()
        if self._pause:
            asyncio.get_running_loop().call_later(self._pause, self._ask)
        else:
            self._ask()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(LoadFailed(f"the server hung up: {exc}"))

    def _ask(self) -> None:
        self._began = time.perf_counter()
        if self._began >= self._until:
            self.done.set_result(None)
            return
        self._transport.write(self._request)  # type: ignore[attr-defined]


async def _run(port: int, requests: Sequence[bytes], seconds: float, pause: float) -> Answered:
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    until = began + seconds
    opened = [
        await loop.create_connection(lambda each=each: _Connection(each, until, pause), "127.0.0.1", port)  # type: ignore[misc]
        for each in requests
    ]
    connections = [connection for _, connection in opened]
    await asyncio.gather(*(connection.done for connection in connections))
    spent = time.perf_counter() - began
    took = sorted(each for connection in connections for each in connection.took)
    return Answered(
        requests=len(took),
        per_second=len(took) / spent,
        p50=took[len(took) // 2],
        p99=took[len(took) * 99 // 100],
        size=connections[0].size,
    )


if __name__ == "__main__":
    asked = [json.loads(line).encode() for line in sys.stdin]
    found = uvloop.run(_run(int(sys.argv[1]), asked, *map(float, sys.argv[2:4])))
    print(json.dumps(found.__dict__))
