"""Whose record an address is about: `/for/{handle}/journal` is the page `/journal` of somebody else's.

The handle is made for one session and stands in the address, so two tabs never mix two persons, and a link that was
copied from another session opens nothing. What it stands for, the database finds out when the record is opened.
"""

import re
from typing import Any, Final

from litestar import Request
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

_KEY: Final = "innsyn_handle"
_PREFIX: Final = "/for/"
# Pages of a record. Everything else is about whoever is logged in, and is not to be met as somebody else's.
_OF_A_RECORD: Final = re.compile(
    r"/for/([A-Za-z0-9_-]{16})(/(?:(?:journal|messages|forms(?!/standard)|api/entries|api/forms)(?:/.*)?|live)?)"
)


class Whose:
    """Cuts the handle off the path and remembers it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] == ScopeType.HTTP and scope["path"].startswith(_PREFIX):
            found = _OF_A_RECORD.fullmatch(scope["path"])
            if found:
                scope.setdefault("state", {})[_KEY] = found[1]
                path = found[2]
                scope["path"], scope["raw_path"] = path, path.encode()
        await self._app(scope, receive, send)


def handle_of(request: Request[Any, Any, Any]) -> str | None:
    """The handle in the address; None on pages of one's own."""
    found: str | None = request.scope.get("state", {}).get(_KEY)
    return found


def base_of(request: Request[Any, Any, Any]) -> str:
    """What the addresses of this record's pages begin with: "" for one's own."""
    handle = handle_of(request)
    return f"{_PREFIX}{handle}" if handle else ""


def base_for(handle: str) -> str:
    """What the addresses of a record begin with that is open under this handle ("" for one's own)."""
    return f"{_PREFIX}{handle}" if handle else ""
