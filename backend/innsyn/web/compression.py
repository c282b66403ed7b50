"""Fewer bytes on the way: pages and JSON compressed fast, and against a dictionary where the browser has it.

Plug into the app: `Compression(app, dictionaries())` as an ASGI layer outside the router, and
`dictionary_handlers()` among the route handlers. It touches answers of text that are sent whole and carry no
coding of their own; statics are compressed at build and pass through.

The dictionary (RFC 9842) is the fixed text of our own templates in one language: what every page has in common
and nothing of anybody's record, so it may be kept. A page then costs its own words only. Compression would tell
an eavesdropper about a secret that lies beside text an attacker chose (BREACH): no page of ours has a secret in
its body, sessions and tokens live in cookies.
"""

import hashlib
import zlib
from base64 import b64encode
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final

import brotli  # type: ignore[import-untyped]
import zstandard
from litestar import Response, get
from litestar.enums import ScopeType
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.types import (
    ASGIApp,
    ControllerRouterHandler,
    HTTPResponseBodyEvent,
    HTTPResponseStartEvent,
    Message,
    Receive,
    Scope,
    Send,
)

from innsyn.web.locale import LOCALES
from innsyn.web.templates import dictionary_name, fixed_text

_TEXT: Final = (b"text/", b"application/json", b"application/problem+json", b"application/vnd.oai.openapi")
_WORTHWHILE: Final = 400  # bytes; below this the headers weigh more than what is saved
_LEVEL: Final = (
    7  # of zstd with a dictionary: a page of the journal in 0.1 ms; level 9 takes twice that for nothing
)
# Without one, level 5 costs three times what level 3 does, for two bytes in a hundred. Made once: that is half of it.
_zstd: Final = zstandard.ZstdCompressor(level=3).compress
_BROTLI: Final = 4
_MAGIC: Final = bytes.fromhex("5e2a4d1820000000")


class Dictionary:
    """What a browser may keep to read our pages with. `match` is which addresses it is for."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.hash = hashlib.sha256(content).digest()
        self.available: Final = b":" + b64encode(self.hash) + b":"
        held = zstandard.ZstdCompressionDict(content, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
        held.precompute_compress(level=_LEVEL)
        self._compressor = zstandard.ZstdCompressor(level=_LEVEL, dict_data=held, write_content_size=True)

    def compress(self, body: bytes) -> bytes:
        """The body as `dcz`: the dictionary's hash, then a frame that refers to it."""
        return _MAGIC + self.hash + self._compressor.compress(body)


@cache
def dictionaries() -> Mapping[str, Dictionary]:
    """The dictionary of each language, by the name its pages give it."""
    return {dictionary_name(locale): Dictionary(fixed_text(locale)) for locale in LOCALES}


@cache
def _packed() -> Mapping[str, bytes]:
    return {name: brotli.compress(one.content) for name, one in dictionaries().items()}


def dictionary_handlers() -> list[ControllerRouterHandler]:
    """The route handler of the dictionaries: `/dictionary/{name}`, for everybody, kept for a year."""
    packed = _packed()

    @get("/dictionary/{name:str}", include_in_schema=False, sync_to_thread=False, name="dictionary")
    def dictionary(name: FromPath[str]) -> Response[bytes]:
        # Only browsers that know brotli know dictionaries.
        if name not in packed:
            raise NotFoundException
        headers = {
            "use-as-dictionary": 'match="/*", match-dest=("document")',
            "cache-control": "public, max-age=31536000, immutable",
            "content-encoding": "br",
        }
        return Response(packed[name], media_type="text/plain", headers=headers)

    return [dictionary]


class Compression:
    """Compresses the answers of `app` in the best coding that the browser takes."""

    def __init__(self, app: ASGIApp, dictionaries: Mapping[str, Dictionary] | None = None) -> None:
        self._app = app
        self._by_hash = {one.available: one for one in (dictionaries or {}).values()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        asked = dict(scope["headers"])
        held: list[HTTPResponseStartEvent] = []

        async def send_smaller(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_text(message["headers"]):
                held.append(message)
                return
            if held and message["type"] == "http.response.body":
                start = held.pop()
                if not message["more_body"]:
                    self._make_smaller(start, message, asked)
                await send(start)
            await send(message)

        await self._app(scope, receive, send_smaller)

    def _make_smaller(
        self, start: HTTPResponseStartEvent, body: HTTPResponseBodyEvent, asked: Mapping[bytes, bytes]
    ) -> None:
        plain = body["body"]
        coding, smaller = self._coded(plain, asked) if len(plain) >= _WORTHWHILE else (b"", plain)
        headers = [pair for pair in start["headers"] if pair[0].lower() not in {b"content-length", b"vary"}]
        # What says nothing of being kept is kept by nobody (web/headers.py), and whom it varies for is nothing to tell.
        if any(name == b"cache-control" for name, _ in headers):
            headers.append((b"vary", b"accept-encoding, available-dictionary"))
        headers.append((b"content-length", str(len(smaller)).encode()))
        if coding:
            headers.append((b"content-encoding", coding))
        start["headers"], body["body"] = headers, smaller

    def _coded(self, plain: bytes, asked: Mapping[bytes, bytes]) -> tuple[bytes, bytes]:
        offered = _offered(asked.get(b"accept-encoding", b""))
        known = self._by_hash.get(asked.get(b"available-dictionary", b""))
        if known and b"dcz" in offered:
            return b"dcz", known.compress(plain)
        if b"zstd" in offered:
            return b"zstd", _zstd(plain)
        if b"br" in offered:
            return b"br", brotli.compress(plain, quality=_BROTLI)
        if b"gzip" in offered:
            deflate = zlib.compressobj(6, wbits=31)
            return b"gzip", deflate.compress(plain) + deflate.flush()
        return b"", plain


def _is_text(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    found = {name.lower(): value for name, value in headers}
    return b"content-encoding" not in found and found.get(b"content-type", b"").startswith(_TEXT)


def _offered(accept_encoding: bytes) -> set[bytes]:
    parts = (part.strip() for part in accept_encoding.lower().split(b","))
    refused = (b";q=0", b";q=0.0", b";q=0.00", b";q=0.000")
    return {part.partition(b";")[0] for part in parts if not part.replace(b" ", b"").endswith(refused)}
