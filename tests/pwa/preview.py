"""The example pages over HTTP, under the policy that the application sends, without the rest of it.

`python tests/pwa/preview.py [FOLDER]` photographs each of them on a phone and on a desktop, light and dark.
"""

import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from litestar import Litestar, Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from innsyn.web.compression import Compression, dictionaries, dictionary_handlers
from innsyn.web.statics import Statics
from innsyn.web.templates import render
from pwa import examples
from pwa.shapes import Page

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types sw"
)
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--hide-scrollbars"]


@get("/{locale:str}/{name:str}", sync_to_thread=False)
def shown(locale: FromPath[str], name: FromPath[str]) -> Response[str]:
    """One example page."""
    found = examples.pages().get(name)
    if not found:
        raise NotFoundException
    html = render(locale, *found)
    return Response(
        html, media_type="text/html", headers={"content-security-policy": POLICY, "cache-control": "no-store"}
    )


@get("/offline", sync_to_thread=False)
def offline() -> Response[str]:
    """The page that the service worker keeps."""
    return Response(render("nb", "errors/offline.html", Page(reader=None)), media_type="text/html")


@get("/live", sync_to_thread=False)
def live(request: Request[Any, Any, Any]) -> Response[dict[str, Any] | None]:
    """A session that goes on, and no stream."""
    if "event-stream" in request.headers.get("accept", ""):
        return Response(None, status_code=204)
    return Response({"left": 1800, "final": False, "mark": "made-up"})


@contextmanager
def serving() -> Iterator[str]:
    """The address of the example pages while they are served."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    app = Litestar([shown, offline, live, *Statics().handlers(), *dictionary_handlers()], openapi_config=None)
    server = uvicorn.Server(
        uvicorn.Config(
            Compression(app, dictionaries()), host="127.0.0.1", port=port, log_level="error", lifespan="off"
        )
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    patience = time.monotonic() + 20
    while not server.started:
        if not thread.is_alive() or time.monotonic() > patience:
            raise RuntimeError("the example pages are not served")
        time.sleep(0.02)
    try:
        yield f"http://localhost:{port}"
    finally:
        server.should_exit = True
        thread.join()


def photograph(folder: Path, only: str = "") -> None:
    """A picture of every example page at 360 and 1280 px, light and dark."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 — only who takes pictures needs a browser

    folder.mkdir(parents=True, exist_ok=True)
    with serving() as address, sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for width, scheme in ((360, "light"), (1280, "light"), (360, "dark"), (1280, "dark")):
            page = browser.new_context(
                viewport={"width": width, "height": 780},
                color_scheme="dark" if scheme == "dark" else "light",
                service_workers="block",
            ).new_page()
            for name in examples.pages():
                if only in name:
                    page.goto(f"{address}/nb/{name}")
                    page.screenshot(path=folder / f"{name}-{width}-{scheme}.png", full_page=True)
        browser.close()


if __name__ == "__main__":
    photograph(
        Path(sys.argv[1] if len(sys.argv) > 1 else "preview"), sys.argv[2] if len(sys.argv) > 2 else ""
    )
