"""Logging out: nothing is left for the next one who sits down, by the back button or without a network."""

import re
from collections.abc import Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Browser, Error, Page, Playwright, expect

from e2e.browsing import Opens, Visitor, chromium
from e2e.demo import Demo

SECRET = "Årskontroll diabetes"


def has_read_and_logged_out(visitor: Visitor) -> Page:
    page = visitor.page
    visitor.logs_in("kari-nordli")
    visitor.goes_to("/journal/notes")
    page.get_by_role("link", name=SECRET).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(SECRET)
    page.get_by_role("banner").get_by_role("button", name="Logg ut").click()
    expect(page.get_by_role("link", name="Logg inn med ID-porten")).to_be_visible()
    return page


def test_after_logging_out_the_back_button_shows_nothing(visitor: Visitor) -> None:
    page = has_read_and_logged_out(visitor)
    assert visitor.context.cookies() == []
    visitor.expects(401)
    for _ in range(2):
        page.go_back()
        expect(page.get_by_role("heading", level=1)).to_have_text("Du er logget ut")
        assert SECRET not in page.content()


def test_without_a_network_the_back_button_shows_nothing_either(visitor: Visitor) -> None:
    page = has_read_and_logged_out(visitor)
    visitor.loses_the_network()
    # Where no service worker answers, the browser's own page says that there is no network.
    with suppress(Error):
        page.go_back()
    expect(page.locator("body")).not_to_contain_text(SECRET)


@pytest.fixture(scope="module")
def remembering(playwright: Playwright) -> Iterator[Browser]:
    """A browser that brings pages back from memory, which those for tests do not."""
    with chromium(playwright, ignore_default_args=["--disable-back-forward-cache"]) as opened:
        yield opened


def test_a_session_that_has_ended_leads_back_to_where_one_was(
    opens: Opens, visitor: Visitor, request: pytest.FixtureRequest
) -> None:
    page = visitor.page
    visitor.logs_in("kari-nordli")
    visitor.goes_to("/journal/medications")
    there = page.get_by_role("link", name="Metformin tablett 1000 mg").get_attribute("href")
    assert there
    visitor.expects(401)
    elsewhere = opens(storage_state=visitor.context.storage_state())
    elsewhere.expects(401)
    elsewhere.goes_to("/settings")
    elsewhere.page.get_by_role("main").get_by_role("button", name="Logg ut").click()
    expect(elsewhere.page.get_by_role("link", name="Logg inn med ID-porten")).to_be_visible()

    if request.node.callspec.params["visitor"] != "without-script":
        # By itself. Whoever goes on at the same moment would be stopped by it.
        expect(page.get_by_role("heading", level=1)).to_have_text("Du er logget ut")
    visitor.goes_to(there)
    expect(page.get_by_role("heading", level=1)).to_have_text("Du er logget ut")
    assert "Metformin" not in page.content()
    page.get_by_role("link", name="Logg inn").click()
    page.get_by_role("button", name="Kari Nordli").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Metformin tablett 1000 mg")


def test_logging_out_needs_one_press_from_anywhere(visitor: Visitor, demo: Demo) -> None:
    visitor.logs_in("kari-nordli")
    visitor.expects(401)
    for path in ("/", "/journal", "/journal/notes", "/settings"):
        visitor.logs_in("kari-nordli")
        visitor.goes_to(path)
        visitor.page.get_by_role("banner").get_by_role("button", name="Logg ut").click()
        expect(visitor.page).to_have_url(re.compile(f"{demo.address}/logout/done"))
        told = "Du er logget ut av både Innsyn og ID-porten."
        expect(visitor.page.get_by_role("main")).to_contain_text(told)
        assert visitor.goes_to("/journal").status == 401


def test_a_page_brought_back_from_memory_shows_nothing_either(remembering: Browser, demo: Demo) -> None:
    visitor = Visitor(remembering.new_context(locale="nb-NO", reduced_motion="no-preference"), demo)
    page = has_read_and_logged_out(visitor)
    visitor.expects(401)
    page.evaluate("() => { history.back() }")
    expect(page.get_by_role("heading", level=1)).to_have_text("Du er logget ut")
    assert SECRET not in page.content()
    visitor.leaves()
