"""Every example page in Chromium under the real policy: accessible, nothing sideways, nothing too small to hit."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from pwa import examples
from pwa.preview import ARGUMENTS, CHROMIUM, serving

AXE = Path(__file__).resolve().parents[2] / "e2e" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# axe cannot see through a background picture or a drawing; these were looked at by eye.
LOOKED_AT = {"select", "text", "avatar"}

PHONE: ViewportSize = {"width": 360, "height": 780}
LETTERS = "() => getComputedStyle(document.documentElement).fontSize"
SIDEWAYS = """() => {
  const { scrollWidth, clientWidth } = document.documentElement
  if (scrollWidth <= clientWidth) return []
  const all = [...document.querySelectorAll("body *")]
  const wide = all.filter(one => one.getBoundingClientRect().right > clientWidth + 1)
  return [`${scrollWidth} > ${clientWidth}`, ...wide.map(one => one.outerHTML.slice(0, 80))]
}"""
# Links in running text and in tables are exempt; a link whose ::after fills its row is as large as the row. What is
# pressed of a choice is its label.
PRESSED = "a, button, input:not([type=radio], [type=checkbox]), .form-choices label, select, summary"
TOO_SMALL = """pressed => [...document.querySelectorAll(pressed)]
  .filter(one => {
    const { width, height } = one.getBoundingClientRect()
    const after = getComputedStyle(one, "::after")
    const fills = after.position === "absolute" && after.content !== "none"
    return width && !fills && height < 43.5 && !one.closest("p, td, th, .ds-skip-link")
      && getComputedStyle(one).position !== "absolute"
  }).map(one => one.outerHTML.slice(0, 80))"""

pytestmark = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason=f"no {CHROMIUM} on this machine")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving() as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as tools:
        opened = tools.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


def each_page(
    browser: Browser,
    address: str,
    **screen: Any,  # noqa: ANN401 — what Playwright takes
) -> Iterator[tuple[str, Page]]:
    """Every example page, opened on one screen; a message of the policy on the console is a failure."""
    context = browser.new_context(service_workers="block", **screen)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    for name in examples.pages():
        page.goto(f"{address}/nb/{name}")
        yield name, page
    context.close()
    assert said == []


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_axe_finds_nothing(browser: Browser, address: str, width: int, scheme: str) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed in e2e/node_modules")
    source = AXE.read_text("utf-8")
    faults = []
    for name, page in each_page(
        browser, address, viewport={"width": width, "height": 780}, color_scheme=scheme
    ):
        page.evaluate(source)
        found = page.evaluate("rules => axe.run({ runOnly: rules })", RULES)
        faults += [f"{name}: {fault['id']} {fault['nodes'][0]['html']}" for fault in found["violations"]]
        faults += [f"{name}: {doubt}" for doubt in doubts(found["incomplete"])]
    assert faults == []


def doubts(incomplete: list[dict[str, Any]]) -> list[str]:
    """What axe could not decide and nobody has looked at."""
    nodes = [(doubt["id"], node["html"]) for doubt in incomplete for node in doubt["nodes"]]
    return [f"{rule} {html}" for rule, html in nodes if not any(known in html[:60] for known in LOOKED_AT)]


def test_nothing_is_pushed_sideways_and_everything_is_large_enough_to_press(
    browser: Browser, address: str
) -> None:
    faults: dict[str, Any] = {}
    for name, page in each_page(browser, address, viewport=PHONE):
        faults[f"{name}, too small"] = page.evaluate(TOO_SMALL, PRESSED)
        sizes = page.context.new_cdp_session(page)
        sizes.send("Page.enable")
        for width, letters in ((320, 16), (360, 32), (1280, 32)):
            page.set_viewport_size({"width": width, "height": 780})
            sizes.send("Page.setFontSizes", {"fontSizes": {"standard": letters, "fixed": letters}})
            assert page.evaluate(LETTERS) == f"{letters * 1.125:g}px"
            faults[f"{name}, sideways, {width} px, letters of {letters}"] = page.evaluate(SIDEWAYS)
        sizes.send("Page.setFontSizes", {"fontSizes": {"standard": 16, "fixed": 16}})
        page.set_viewport_size(PHONE)
        sizes.detach()
    assert {name: fault for name, fault in faults.items() if fault} == {}


def test_a_page_that_comes_back_from_memory_asks_the_server_again(browser: Browser, address: str) -> None:
    page = browser.new_context(service_workers="block").new_page()
    page.goto(f"{address}/nb/home")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.is_navigation_request() else None)
    page.evaluate("() => { dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })) }")
    assert page.evaluate("() => document.documentElement.hidden") is True
    with page.expect_navigation():
        page.evaluate("() => { dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })) }")
    assert asked == [f"{address}/nb/home"]


def test_offline_the_service_worker_answers_with_the_shell_and_holds_nothing_of_the_record(
    browser: Browser, address: str
) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address}/nb/lab-entry")
    page.evaluate("() => navigator.serviceWorker.ready.then(() => null)")
    page.goto(f"{address}/nb/home")
    held = page.evaluate("""async () => {
      const found = []
      for (const name of await caches.keys())
        for (const request of await (await caches.open(name)).keys()) found.push(new URL(request.url).pathname)
      return found
    }""")
    context.set_offline(True)
    page.goto(f"{address}/nb/timeline")
    assert page.locator("h1").inner_text() == "Du er uten nett"
    assert [path for path in held if not path.startswith("/static/")] == ["/offline"]
    context.close()
