"""Each request, counted and timed by the template of its route: never by its address."""

import time
from collections.abc import Iterable
from http import HTTPStatus
from typing import Final

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from prometheus_client import Counter, Histogram

from innsyn import measures
from innsyn.spans import span

_NO_ROUTE: Final = "none"
_STREAM: Final = b"text/event-stream"


class Requests:
    """Stands outside everything else."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._open = 0
        # As many as there are templates and statuses; to look one up by its labels takes a lock each time.
        self._counters: dict[tuple[str, int], Counter] = {}
        self._timers: dict[str, Histogram] = {}
        measures.REQUESTS_OPEN.set_function(lambda: self._open)

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

        self._open += 1
        try:
            with span("request", method=scope["method"]) as spanned:
                await self._app(scope, receive, send_and_see)
                # The router has written it there; before that there is none.
                route = str(scope.get("path_template") or _NO_ROUTE)
                spanned.update_name(f"{scope['method']} {route}")
                spanned.set_attribute("route", route)
                spanned.set_attribute("status", status)
        finally:
            self._open -= 1
            if is_stream:
                measures.STREAMS_OPEN.dec()
            self._count(
                str(scope.get("path_template") or _NO_ROUTE),
                status,
                None if is_stream else time.perf_counter() - began,
            )

    def _count(self, route: str, status: int, seconds: float | None) -> None:
        counter = self._counters.get((route, status))
        if counter is None:
            counter = self._counters[route, status] = measures.REQUESTS.labels(route, str(status))
        counter.inc()
        if seconds is None:
            return
        timer = self._timers.get(route)
        if timer is None:
            timer = self._timers[route] = measures.REQUEST_SECONDS.labels(route)
        timer.observe(seconds)


def _is_stream(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    for name, value in headers:
        if name == b"content-type":
            return value.startswith(_STREAM)
    return False
