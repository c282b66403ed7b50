"""The operator's listener: metrics, readiness and a page, on a port of its own that no citizen reaches."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import uvicorn
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar.enums import ScopeType
from litestar.types import Receive, Scope, Send

from innsyn.operations import metrics
from innsyn.operations.rules import masked, reason_of, without_numbers
from innsyn.operations.seen import Seen
from innsyn.settings import SettingMissing

_HERE: Final = Path(__file__).parent
_PAGES: Final = Environment(loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined)
_HTML: Final = b"text/html; charset=utf-8"
_POLICY: Final = (
    b"default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    b"require-trusted-types-for 'script'"
)
_HEADERS: Final = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", _POLICY),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
)

# (status, content type, body)
Answer = tuple[int, bytes, bytes]


class Listener:
    """An ASGI application of five addresses. It reads nothing of a request but its method and path."""

    def __init__(self, seen: Seen) -> None:
        self._seen = seen
        self._answers: dict[str, Callable[[], Answer]] = {
            "/": self._page,
            "/style.css": lambda: (200, b"text/css; charset=utf-8", (_HERE / "style.css").read_bytes()),
            "/metrics": lambda: (200, metrics.CONTENT_TYPE.encode(), metrics.told(seen)),
            "/health/live": lambda: (200, b"text/plain; charset=utf-8", b"live"),
            "/health/ready": self._ready,
        }

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != ScopeType.HTTP:
            return
        status, kind, body = 404, b"text/plain; charset=utf-8", b"not found"
        if scope["method"] not in {"GET", "HEAD"}:
            status, body = 405, b"method not allowed"
        elif answer := self._answers.get(scope["path"]):
            status, kind, body = answer()
        headers = [*_HEADERS, (b"content-type", kind), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        shown = b"" if scope["method"] == "HEAD" else body
        await send({"type": "http.response.body", "body": shown, "more_body": False})

    def _ready(self) -> Answer:
        reasons = self._seen.reasons()
        told = "\n".join(reasons) or "ready"
        return (503 if reasons else 200), b"text/plain; charset=utf-8", told.encode()

    def _page(self) -> Answer:
        seen = self._seen
        page = _PAGES.get_template("page.html").render(
            name=seen.name,
            reasons=seen.reasons(),
            state=seen.state,
            lags=seen.lags,
            when=_when,
            masked=masked,
            reason_of=reason_of,
            without_numbers=without_numbers,
        )
        return 200, _HTML, page.encode()


class _Quiet(uvicorn.Server):
    """A server beside another one, or beside a worker: the signals of the process are not for it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def open_socket(host: str, port: int) -> socket.socket:
    """Raises SettingMissing when the address is taken or not ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as reason:
        listening.close()
        raise SettingMissing(
            f"Nothing can listen at INNSYN_OPERATIONS_PORT={port} ({type(reason).__name__}): each process has its own."
        ) from None
    return listening


def server_of(seen: Seen) -> uvicorn.Server:
    """A server that is told by `should_exit` to stop; `serve(sockets=[…])` runs it."""
    app: Any = Listener(seen)
    config = uvicorn.Config(
        app,
        lifespan="off",
        access_log=False,
        log_config=None,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=1,
        limit_concurrency=50,
        timeout_keep_alive=30,
    )
    return _Quiet(config)


def _when(at: datetime | None) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S %Z") if at else ""
