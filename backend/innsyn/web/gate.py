"""Turned away before any of our code reads it: other sites' forms, undeclared content, bytes nobody can store."""

import re
from collections.abc import Mapping
from typing import Final, cast

from litestar.enums import ScopeType
from litestar.exceptions import ClientException
from litestar.types import ASGIApp, HTTPReceiveMessage, HTTPScope, Receive, Scope, Send

from innsyn.web.marks import MULTIPART
from innsyn.web.problems import name_of, send_bare

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
# A form of another site can send this one and two others without asking first, and text/plain can look like JSON
# (CVE-2021-32677).
_FORM: Final = b"application/x-www-form-urlencoded"
# Where files are sent to, and nothing else: bytes, which may hold a NUL.
_FOR_FILES: Final = re.compile(rb"(/for/[A-Za-z0-9_-]{16})?/(forms|messages)/drafts/[0-9a-f-]{36}/files")
# The longest search there is, in a script of four bytes a letter, and the other fields beside it.
_LONGEST_QUERY: Final = 4000
# Written to by other programs, which prove themselves by what they send: ID-porten's logout tokens are signed.
_FOR_PROGRAMS: Final = frozenset({("POST", b"/logout/back")})


class Gate:
    """Refuses with a bare status: these are not mistakes that a person makes.

    A write must come from our own pages: `Sec-Fetch-Site: same-origin`, or where a browser is too old to tell, an
    `Origin` that is ours. The session cookie is SameSite=Lax as well. What a browser says neither of is let through
    to the few addresses that are for programs.
    """

    def __init__(self, app: ASGIApp, origin: str) -> None:
        self._app = app
        self._origin = origin.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] == ScopeType.HTTP and (status := self._refusal(scope)):
            await send_bare(scope, send, status, name_of(status))
            return
        takes_files = scope["type"] == ScopeType.HTTP and _takes_files(scope)
        await self._app(scope, receive if takes_files else _without_nul(receive), send)

    def _refusal(self, scope: HTTPScope) -> int:
        address = scope["raw_path"] + scope["query_string"]
        if _has_nul(address) or len(scope["query_string"]) > _LONGEST_QUERY:
            return 400
        if scope["method"] in _SAFE:
            return 0
        headers = dict(scope["headers"])
        if not (self._is_ours(headers) or _is_a_program(scope, headers)):
            return 403
        is_form = _declared(headers) == (MULTIPART if _takes_files(scope) else _FORM)
        return 0 if _has_no_body(headers) or is_form else 415

    def _is_ours(self, headers: Mapping[bytes, bytes]) -> bool:
        site, origin = headers.get(b"sec-fetch-site"), headers.get(b"origin")
        if site is None:
            return origin == self._origin
        # A browser that says both says the same twice; "null" is what a page with a strict referrer policy sends.
        return site == b"same-origin" and origin in {None, b"null", self._origin}


def _takes_files(scope: HTTPScope) -> bool:
    return scope["method"] == "POST" and _FOR_FILES.fullmatch(scope["raw_path"]) is not None


def _is_a_program(scope: HTTPScope, headers: Mapping[bytes, bytes]) -> bool:
    # Every browser says one of the two with a form; a page that could leave both out would still lack a signed token.
    said = {b"sec-fetch-site", b"origin", b"cookie"} & headers.keys()
    return (scope["method"], scope["raw_path"]) in _FOR_PROGRAMS and not said


def _has_nul(sent: bytes) -> bool:
    # PostgreSQL stores none, and nobody types one.
    return b"%00" in sent or b"\0" in sent


def _without_nul(receive: Receive) -> Receive:
    """The body as it comes; whoever reads it meets a refusal where the NUL is."""
    end = b""

    async def checked() -> HTTPReceiveMessage:
        nonlocal end
        message = cast("HTTPReceiveMessage", await receive())
        if message["type"] == "http.request":
            seen = end + message.get("body", b"")
            if _has_nul(seen):
                raise ClientException
            # "%00" may come in two pieces.
            end = seen[-2:]
        return message

    return checked


def _has_no_body(headers: Mapping[bytes, bytes]) -> bool:
    # A body in pieces comes without a length.
    return b"transfer-encoding" not in headers and headers.get(b"content-length", b"0") == b"0"


def _declared(headers: Mapping[bytes, bytes]) -> bytes:
    return headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
