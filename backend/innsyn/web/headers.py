"""The headers of every answer: nothing from elsewhere runs here, nothing of a record is kept anywhere."""

from collections.abc import Iterable

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

_Pairs = list[tuple[bytes, bytes]]


def security_headers(form_targets: Iterable[str], *, production: bool) -> _Pairs:
    """Header pairs for every answer.

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
            "object-src 'none'",
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
        self._pairs = pairs

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = {name for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *(pair for pair in self._pairs if pair[0] not in own),
                ]
            await send(message)

        await self._app(scope, receive, send_with_headers)
