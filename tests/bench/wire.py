"""What a visit costs on the wire and in time, in Chromium: on a phone, on slow 4G, with a slow processor."""

import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from playwright.sync_api import Browser, BrowserContext, Page, Request, StorageState, sync_playwright

from bench.figures import Figure, at_most
from bench.line import Line, line_to
from e2e.browsing import chromium
from e2e.demo import Demo, running

_READER = "kari-nordli"
_SLOWER = 4
_RUNS = 5
_FIRST, _REPEATED = ("/", "/journal", "/journal/lab_results"), ("/journal", "/journal/notes", "/")

_LARGEST_PAINT = """() => new Promise(resolve => {
  new PerformanceObserver(list => resolve(list.getEntries().at(-1).startTime))
    .observe({ type: "largest-contentful-paint", buffered: true })
})"""
_SHIFTED = """() => new Promise(resolve => {
  let sum = 0
  new PerformanceObserver(list => { for (const one of list.getEntries()) sum += one.value })
    .observe({ type: "layout-shift", buffered: true })
  requestAnimationFrame(() => requestAnimationFrame(() => resolve(sum)))
})"""


@dataclass
class Place:
    """A browser whose every byte goes through one line, and the cookies of somebody who is logged in."""

    demo: Demo
    browser: Browser
    line: Line
    signed_in: StorageState | None = None

    @contextmanager
    def phone(self, state: StorageState | None) -> Iterator[BrowserContext]:
        """A phone that has never been here."""
        context = self.browser.new_context(
            locale="nb-NO",
            viewport={"width": 360, "height": 780},
            device_scale_factor=2,
            storage_state=state,
        )
        try:
            yield context
        finally:
            context.close()


@dataclass(frozen=True)
class Visit:
    """Bytes of a first page and of the next ones; how many addresses the first asked for; bytes of its JavaScript."""

    first: int
    repeated: list[int]
    asked: int
    script: int


def measure() -> list[Figure]:
    """The figures of the wire: bytes, requests, times, shifts."""
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as demo:
        port = int(demo.address.rpartition(":")[2])
        with line_to(port) as line, sync_playwright() as playwright:
            way = f"--host-resolver-rules=MAP localhost:{port} 127.0.0.1:{line.port}"
            with chromium(playwright, way) as browser:
                place = Place(demo, browser, line)
                with place.phone(None) as context:
                    context.new_page().goto(demo.login(_READER))
                    place.signed_in = context.storage_state()
                return _bytes(place) + _times(place)


def _bytes(place: Place) -> list[Figure]:
    stranger = _visit(place, None, "/", ())
    visits = {path: _visit(place, place.signed_in, path, _REPEATED) for path in _FIRST}
    visits["/ (not logged in)"] = stranger
    first = max(visit.first for visit in visits.values())
    repeated = {
        path: max(visit.repeated[number] for visit in visits.values() if visit.repeated)
        for number, path in enumerate(_REPEATED)
    }
    each = ", ".join(f"{path} {visit.first / 1000:.1f}" for path, visit in visits.items())
    again = ", ".join(f"{path} {count / 1000:.1f}" for path, count in repeated.items())
    return [
        at_most("first visit, everything", 25, first / 1000, "kB", each),
        at_most("repeated page, everything", 3, max(repeated.values()) / 1000, "kB", again),
        at_most(
            "JavaScript, with the service worker", 5, max(v.script for v in visits.values()) / 1000, "kB"
        ),
        at_most("requests of a first visit", 8, max(v.asked for v in visits.values())),
    ]


def _visit(place: Place, state: StorageState | None, path: str, then: tuple[str, ...]) -> Visit:
    with place.phone(state) as context:
        page, sent = context.new_page(), dict[str, Request]()
        context.on("requestfinished", lambda request: sent.update({request.url: request}))
        first = _bytes_of(place, page, path)
        ours = [request for url, request in sent.items() if url.startswith(place.demo.address)]
        scripts = sum(_size(request) for request in ours if request.url.endswith(".js"))
        return Visit(first, [_bytes_of(place, page, each) for each in then], len(ours), scripts)


def _bytes_of(place: Place, page: Page, path: str) -> int:
    place.line.down = 0
    page.goto(place.demo.address + path)
    page.evaluate("() => navigator.serviceWorker.ready.then(() => null)")
    page.wait_for_load_state("networkidle")
    return place.line.down


def _size(request: Request) -> int:
    sizes = request.sizes()
    return sizes["responseBodySize"] + sizes["responseHeadersSize"]


def _times(place: Place) -> list[Figure]:
    place.line.slow = True
    runs = [_timed(place) for _ in range(_RUNS)]
    place.line.slow = False
    first, following, shifted = (list(found) for found in zip(*runs, strict=True))
    return [
        at_most("largest paint, first page", 1.5, statistics.median(first), "s", _spread(first)),
        at_most(
            "largest paint, next page",
            0.8,
            statistics.median(following),
            "s",
            _spread(following),
        ),
        at_most("layout shift", 0, max(shifted)),
    ]


def _timed(place: Place) -> tuple[float, float, float]:
    """(seconds to the largest paint of a first page, of the next, the layout shift of both)."""
    with place.phone(place.signed_in) as context:
        page = context.new_page()
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": _SLOWER})
        page.goto(f"{place.demo.address}/")
        first, shifted = _asked(page, _LARGEST_PAINT), _asked(page, _SHIFTED)
        page.evaluate("() => navigator.serviceWorker.ready.then(() => null)")
        page.wait_for_load_state("networkidle")
        page.goto(f"{place.demo.address}/journal")
        following = _asked(page, _LARGEST_PAINT)
        return first / 1000, following / 1000, shifted + _asked(page, _SHIFTED)


def _asked(page: Page, what: str) -> float:
    return cast("float", page.evaluate(what))


def _spread(found: list[float]) -> str:
    return f"slow 4G, 4 × CPU; {min(found):.2f}–{max(found):.2f} s in {len(found)} runs"
