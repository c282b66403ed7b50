"""Each request, counted and timed by the template of its route: never by its address."""

import time
from http import HTTPStatus
from typing import Final

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from innsyn import measures
from innsyn.spans import span

_NO_ROUTE: Final = "none"
_STREAM: Final = b"text/event-stream"


class Requests:
    """Stands outside everything else."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        status, is_stream = int(HTTPStatus.INTERNAL_SERVER_ERROR), False

        async def send_and_see(message: Message) -> None:
            nonlocal status, is_stream
            if message["type"] == "http.response.start":
                status = message["status"]
                is_stream = _is_stream(message["headers"])
                if is_stream:
                    measures.STREAMS_OPEN.inc()
            await send(message)

        measures.REQUESTS_OPEN.inc()
        try:
            with span("request", method=scope["method"]) as spanned:
                await self._app(scope, receive, send_and_see)
                # The router has written it there; before that there is none.
                route = str(scope.get("path_template") or _NO_ROUTE)
                spanned.update_name(f"{scope['method']} {route}")
                spanned.set_attribute("route", route)
                spanned.set_attribute("status", status)
        finally:
            route = str(scope.get("path_template") or _NO_ROUTE)
            measures.REQUESTS_OPEN.dec()
            measures.REQUESTS.labels(route, str(status)).inc()
            if is_stream:
                measures.STREAMS_OPEN.dec()
            else:
                measures.REQUEST_SECONDS.labels(route).observe(time.perf_counter() - began)


def _is_stream(headers: object) -> bool:
    pairs = headers if isinstance(headers, list | tuple) else ()
    return any(name.lower() == b"content-type" and value.startswith(_STREAM) for name, value in pairs)
