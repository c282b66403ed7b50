"""The headers of every answer: nothing from elsewhere runs here, nothing of a record is kept anywhere.

What a page may do is said to pages alone. Data, styles and streams are told what keeps them from being taken for a
page, or from being read elsewhere: the rest means nothing to a browser there, and weighs more than most answers do.
"""

from collections.abc import Iterable
from typing import Final

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

_Pairs = list[tuple[bytes, bytes]]

_FOR_ALL: Final = {
    b"cross-origin-resource-policy",
    b"x-content-type-options",
    b"cache-control",
    b"strict-transport-security",
}
# Opened by its address, data is a page too: one that may do nothing, and stands in nobody's frame.
_NO_PAGE: Final = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")
# Its own answer tells what it may do, as a page's does; but it has no window, and no camera.
_SERVICE_WORKER: Final = "/sw.js"
_OF_WINDOWS: Final = {b"cross-origin-opener-policy", b"permissions-policy"}


def security_headers(form_targets: Iterable[str], *, production: bool) -> _Pairs:
    """Header pairs of a page; `Headers` knows which of them other answers need.

    `form_targets`: origins that a form may lead to (logging out ends at ID-porten).
    """
    policy = "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            # Icons in the stylesheet are masks with data: addresses.
            "img-src 'self' data:",
            "connect-src 'self'",
            "manifest-src 'self'",
            "worker-src 'self'",
            " ".join(("form-action 'self'", *form_targets)),
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types sw",
        )
    )
    pairs = {
        "content-security-policy": policy,
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "cross-origin-embedder-policy": "require-corp",
        "x-content-type-options": "nosniff",
        # Nothing to others. Not no-referrer: browsers then call our own forms' origin "null", and those that do not
        # send Sec-Fetch-Site could not log out (web/gate.py).
        "referrer-policy": "same-origin",
        "permissions-policy": "camera=(), microphone=(), geolocation=()",
        "cache-control": "no-store",
    }
    if production:
        pairs["strict-transport-security"] = "max-age=63072000; includeSubDomains"
    return [(name.encode(), value.encode()) for name, value in pairs.items()]


class Headers:
    """Adds the headers that the answer has not set itself (a document has its own policy, a stylesheet may be kept)."""

    def __init__(self, app: ASGIApp, pairs: _Pairs) -> None:
        self._app = app
        self._of_pages = pairs
        self._of_worker = [pair for pair in pairs if pair[0] not in _OF_WINDOWS]
        self._of_others = [_NO_PAGE, *(pair for pair in pairs if pair[0] in _FOR_ALL)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = dict(message["headers"])
                pairs = self._pairs(scope["path"], own)
                message["headers"] = [
                    *message["headers"],
                    *(pair for pair in pairs if pair[0] not in own),
                ]
            await send(message)

        await self._app(scope, receive, send_with_headers)

    def _pairs(self, path: str, own: dict[bytes, bytes]) -> _Pairs:
        if path == _SERVICE_WORKER:
            return self._of_worker
        # What has a policy of its own (a document of the journal) is looked at, whatever its type.
        is_page = own.get(b"content-type", b"").startswith(b"text/html") or b"content-security-policy" in own
        return self._of_pages if is_page else self._of_others
