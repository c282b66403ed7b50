"""Where the journal's notifications arrive: they wake us, and say how far there is to read. Nothing else is believed.

A small ASGI application of its own, on a port of its own, of the worker process.
"""

import asyncio
import hmac
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, MutableMapping
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import uvicorn

from innsyn.journal.limits import Unfit
from innsyn.journal.subscription_wire import SECRET_HEADER, Notified, notified_in

MOST_BYTES = 256 * 1024
_LONGEST_SECONDS = 10
_MOST_AT_ONCE = 32
PATH = "/subscription"

_Scope = MutableMapping[str, Any]
_Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
_Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Notifications:
    """What has been heard so far. `told` is the highest event number, `heard_at` when (monotonic seconds)."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.told = 0
        self.clock = clock
        self.heard_at = clock()
        self.last: datetime | None = None
        # Of the subscription as it is, and as it was before it was renewed.
        self.secrets: tuple[bytes, ...] = ()

    def expect(self, secret: bytes) -> None:
        """From now on notifications bring along what has this SHA-256."""
        self.secrets = (secret, *self.secrets[:1])
        self.heard_at = self.clock()

    def is_ours(self, given: bytes) -> bool:
        """Whether a notification brings along what was agreed."""
        digest = sha256(given).digest()
        # Each of them, always: how long it takes tells nothing.
        return sum(hmac.compare_digest(digest, each) for each in self.secrets) > 0

    def take(self, notified: Notified) -> None:
        """Somebody who knows the secret says this."""
        self.told = max(self.told, notified.highest)
        self.heard_at, self.last = self.clock(), datetime.now(UTC)


class Endpoint:
    """The ASGI application. Answers 401, 404, 405, 408, 413 and 400 before it looks at anything."""

    def __init__(self, notifications: Notifications) -> None:
        self._notifications = notifications

    async def __call__(self, scope: _Scope, receive: _Receive, send: _Send) -> None:
        """One request."""
        if scope["type"] != "http":
            return
        status = await self._status(scope, receive)
        headers = [(b"content-length", b"0"), (b"cache-control", b"no-store")]
        if status >= 400:  # noqa: PLR2004 - the rest of what they send is of no interest
            headers.append((b"connection", b"close"))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    async def _status(self, scope: _Scope, receive: _Receive) -> int:
        if scope["path"] != PATH:
            return 404
        if scope["method"] != "POST":
            return 405
        headers = dict(scope["headers"])
        if not self._notifications.is_ours(headers.get(SECRET_HEADER.encode(), b"")):
            return 401
        try:
            async with asyncio.timeout(_LONGEST_SECONDS):
                body = await _body(receive)
        except TimeoutError:
            return 408
        if body is None:
            return 413
        try:
            self._notifications.take(notified_in(body))
        except Unfit:
            return 400
        return 200


async def _body(receive: _Receive) -> bytes | None:
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > MOST_BYTES:
            return None
        if message["type"] != "http.request" or not message.get("more_body", False):
            return bytes(body)


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are the process's own: it knows what else is in hand."""
        yield


@asynccontextmanager
async def listening(notifications: Notifications, host: str, port: int) -> AsyncIterator[int]:
    """Listen until the end of the block, and give the port. Raises OSError when it is taken."""
    config = uvicorn.Config(
        Endpoint(notifications),
        host=host,
        port=port,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        limit_concurrency=_MOST_AT_ONCE,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=2,
    )
    server = _Server(config)
    listener = socket.create_server((host, port))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield int(listener.getsockname()[1])
    finally:
        server.should_exit = True
        await serving
