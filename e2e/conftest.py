"""The real product in a real browser. A test fails on anything that a page does wrong, whatever it is about."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from e2e.browsing import Opens, Visitor, chromium
from e2e.demo import Demo, running
from e2e.forms import DRAFT, Opened, open_desk

_PHONE = {"viewport": {"width": 360, "height": 780}, "has_touch": True}
_DESKTOP = {"viewport": {"width": 1280, "height": 900}}
# As long as what Playwright does otherwise: two browsers and two demos share the cores with all other tests.
expect.set_options(timeout=30_000)
# A page that fades into the next one costs a press twice its time. Who wants to see that asks for it.
_CALM = {"locale": "nb-NO", "reduced_motion": "reduce"}


class _Demos:
    """The demo of this process: there for whoever asks, and not for tests that come after the last journey.

    It works while nobody asks, too, and would take its part of the machine from all of them.
    """

    def __init__(self, folders: pytest.TempPathFactory) -> None:
        self._folders = folders
        self._ends = ExitStack()
        self._demo: Demo | None = None

    def demo(self) -> Demo:
        if self._demo is None:
            self._demo = self._ends.enter_context(running(self._folders.mktemp("innsyn")))
        return self._demo

    def end(self) -> None:
        self._demo = None
        self._ends.close()


_DEMOS = pytest.StashKey[_Demos]()


@pytest.fixture(scope="session")
def demos(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Demos]:
    found = request.config.stash[_DEMOS] = _Demos(tmp_path_factory)
    yield found
    found.end()


@pytest.fixture(scope="module")
def demo(demos: _Demos) -> Demo:
    return demos.demo()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """After the last journey, and after everything that it had open."""
    yield
    if nextitem is not None and not nextitem.nodeid.startswith("e2e/") and _DEMOS in item.config.stash:
        item.config.stash[_DEMOS].end()


# Not for the whole session: the loop it runs would be in the way of tests that have a loop of their own.
@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as tools:
        yield tools


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    with chromium(playwright) as opened:
        yield opened


@pytest.fixture
def opens(browser: Browser, demo: Demo) -> Iterator[Opens]:
    """Opens a browser of its own for each visitor of a test."""
    visitors: list[Visitor] = []

    def opened(**screen: Any) -> Visitor:  # noqa: ANN401 - as Playwright's contexts
        visitors.append(Visitor(browser.new_context(**{**_CALM, **_DESKTOP, **screen}), demo))
        return visitors[-1]

    yield opened
    for visitor in visitors:
        visitor.leaves()


@pytest.fixture(params=["phone", "without-script"])
def visitor(request: pytest.FixtureRequest, opens: Opens) -> Visitor:
    """The same journey twice: on a phone, and on a desktop where JavaScript is off."""
    return opens(**_PHONE) if request.param == "phone" else opens(java_script_enabled=False)


@pytest.fixture
def opened(browser: Browser) -> Iterator[Opened]:
    """A form at a desk of its own, whose page breaks nothing that its policy says."""
    with open_desk() as (address, desk):
        context = browser.new_context(locale="nb-NO")
        faults: list[str] = []
        context.on("weberror", lambda error: faults.append(str(error.error)))
        context.on(
            "console", lambda said: faults.append(said.text) if "policy" in said.text.lower() else None
        )
        page = context.new_page()
        page.goto(address + DRAFT)
        yield address, desk, context, page
        context.close()
        assert faults == []
