"""Who may use the page: a browser on this machine, and its own forms alone."""

from typing import Any, Final
from urllib.parse import urlsplit

from litestar import Request, Response
from litestar.connection import ASGIConnection
from litestar.exceptions import PermissionDeniedException
from litestar.handlers.base import BaseRouteHandler

_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_HEADERS: Final = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    # A browser that is told no-referrer says no Origin either.
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


def only_here(connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
    """Raises PermissionDeniedException for another name of this machine, and for a form of somebody else's page."""
    host = connection.headers.get("host", "")
    if urlsplit(f"//{host}").hostname not in _LOOPBACK:
        raise PermissionDeniedException("this page is for a browser on this machine")
    is_write = connection.scope.get("method") not in {"GET", "HEAD"}
    if is_write and connection.headers.get("origin") != f"{connection.scope['scheme']}://{host}":
        raise PermissionDeniedException("this form is sent from the page itself alone")


def with_headers(response: Response[Any]) -> Response[Any]:
    """Strict headers for every answer; a file has stricter ones already."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def refused(_request: Request[Any, Any, Any], no: PermissionDeniedException) -> Response[str]:
    """In plain words, with nothing in it to click on."""
    return with_headers(Response(no.detail, status_code=403, media_type="text/plain"))
