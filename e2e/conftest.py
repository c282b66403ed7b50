"""The real product in a real browser. A test fails on anything that a page does wrong, whatever it is about."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from e2e.browsing import Opens, Visitor, chromium
from e2e.demo import Demo, running

_PHONE = {"viewport": {"width": 360, "height": 780}, "has_touch": True}
_DESKTOP = {"viewport": {"width": 1280, "height": 900}}
# As long as what Playwright does otherwise: two browsers and two demos share the cores with all other tests.
expect.set_options(timeout=30_000)
# A page that fades into the next one costs a press twice its time. Who wants to see that asks for it.
_CALM = {"locale": "nb-NO", "reduced_motion": "reduce"}


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with running(tmp_path_factory.mktemp("innsyn")) as started:
        yield started


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
