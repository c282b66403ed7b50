"""The other side of each way out, on loopback: it does what a push service, a mail server and a gateway do."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import http_ece
import jwt
from aiosmtpd.smtp import SMTP, Envelope, Session
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from innsyn.notifications.channels.web_push import Key

SECRET = b"sixteen bytes ok"


@dataclass
class Posted:
    """A request that came: its path, its headers in small letters, its body."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Heard:
    """A small HTTP server. It answers the statuses it is given, one after the other, and 201 from then on."""

    origin: str = ""
    posted: list[Posted] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)

    async def _hear(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                first, *lines = head.decode().strip().split("\r\n")
                headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                self.posted.append(Posted(first.split()[1], headers, body))
                status, more = self.answers.pop(0) if self.answers else (201, {})
                told = "".join(f"{name}: {value}\r\n" for name, value in more.items())
                writer.write(f"HTTP/1.1 {status} Told\r\n{told}content-length: 0\r\n\r\n".encode())
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def hearing() -> AsyncIterator[Heard]:
    """A server on loopback, until the end of the block."""
    heard = Heard()
    server = await asyncio.start_server(heard._hear, "127.0.0.1", 0)
    heard.origin = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield heard
    finally:
        server.close()


class Browser:
    """A browser that has subscribed: only it can open what was sent to it."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self._private = ec.generate_private_key(ec.SECP256R1())

    @property
    def fields(self) -> dict[str, str]:
        """What the page's script sends."""
        point = self._private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {"endpoint": self.endpoint, "p256dh": _text(point), "auth": _text(SECRET)}

    def opened(self, posted: Posted) -> bytes:
        """The plain text of what came."""
        found: bytes = http_ece.decrypt(
            posted.body, private_key=self._private, auth_secret=SECRET, version="aes128gcm"
        )
        return found


def who_sent(posted: Posted, key: Key, origin: str) -> dict[str, Any]:
    """What the token says that came with it, held against the key it names (RFC 8292 section 3)."""
    scheme, _, rest = posted.headers["authorization"].partition(" ")
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    assert (scheme, parts["k"]) == ("vapid", key.public)
    return jwt.decode(parts["t"], key.private.public_key(), algorithms=["ES256"], audience=origin)


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class Letterbox:
    """What a mail server does with what it is given: it keeps it, or says the code it is told to."""

    def __init__(self) -> None:
        self.mails: list[Envelope] = []
        self.refuses = ""

    async def handle_RCPT(  # noqa: N802 - as aiosmtpd calls it
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.refuses:
            return self.refuses
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.mails.append(envelope)
        return "250 OK"


@asynccontextmanager
async def letterbox() -> AsyncIterator[tuple[Letterbox, str]]:
    """A mail server on loopback, and its address as a setting has it."""
    box = Letterbox()
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(box), "127.0.0.1", 0)
    try:
        yield box, f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


def told(plain: bytes) -> dict[str, Any]:
    """A push's plain text, read as a browser reads it."""
    found: dict[str, Any] = json.loads(plain)
    return found
