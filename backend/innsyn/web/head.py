"""HEAD is GET without the body (RFC 9110 § 9.3.2), for every address at once."""

from typing import cast

from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send


class Head:
    """Stands outside whatever changes the length of a body: the headers tell what GET would have sent."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != ScopeType.HTTP or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def send_empty(message: Message) -> None:
            if message["type"] == "http.response.body":
                message["body"] = b""
            await send(message)

        # A scope of its own: the server reads in its own that a body was not asked for.
        await self._app(cast("HTTPScope", {**scope, "method": "GET"}), receive, send_empty)
