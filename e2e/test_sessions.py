"""A session that ends while somebody reads or writes: the page is dark at once, and what was written is not lost."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Request, expect

from e2e.browsing import Opens, Visitor
from e2e.demo import Demo

SECRET = "Årskontroll diabetes"
AT_ONCE = 1.0  # seconds
MINUTE = 60_000  # milliseconds
# Of everybody: each test begins with a login of its own.
NOBODY_IS_HERE = "UPDATE identity.session SET ended_at = now(), ended_why = 'logout' WHERE ended_at IS NULL"
NOT_USED = "UPDATE identity.session SET last_used_at = now() - interval '{}' WHERE ended_at IS NULL"
LONG_HERE = "UPDATE identity.session SET expires_at = now() + interval '{}' WHERE ended_at IS NULL"


@pytest.fixture(autouse=True)
def nobody(demo: Demo) -> Iterator[None]:
    demo.sql(NOBODY_IS_HERE)
    yield
    demo.sql(NOBODY_IS_HERE)


@pytest.fixture
def kari(opens: Opens) -> Visitor:
    """Kari with a note open, in a browser with script whose clock the test moves."""
    visitor = opens()
    visitor.page.clock.install()
    visitor.logs_in("kari-nordli")
    visitor.goes_to("/journal/notes")
    visitor.page.get_by_role("link", name=SECRET).click()
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text(SECRET)
    return visitor


def listens(page: Page) -> None:
    """Wait until the page hears of changes."""
    with page.expect_response(re.compile(r"/live$")):
        page.reload()


def is_dark(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Du er logget ut")
    assert SECRET not in page.content()


def asked_again(page: Page) -> list[Request]:
    """Fills with the requests for a page in the place of this one: it is hidden right before."""
    requests: list[Request] = []
    page.on("request", lambda request: requests.append(request) if request.is_navigation_request() else None)
    return requests


def test_ended_from_another_device_the_open_page_is_dark_within_a_second(
    kari: Visitor, opens: Opens, demo: Demo
) -> None:
    listens(kari.page)
    again = asked_again(kari.page)
    kari.expects(401)
    phone = opens(viewport={"width": 360, "height": 780}, has_touch=True)
    phone.logs_in("kari-nordli")
    phone.goes_to("/settings/sessions")
    phone.page.get_by_role("button", name=re.compile("Avslutt innloggingen")).click()
    is_dark(kari.page)
    expect(kari.page.get_by_text("fra en annen enhet")).to_be_visible()
    expect(phone.page.get_by_text("Innloggingen er avsluttet.")).to_be_visible()
    ended = demo.sql(
        "SELECT extract(epoch FROM max(ended_at)) FROM identity.session WHERE ended_why = 'elsewhere'"
    )
    took = again[0].timing["startTime"] / 1000 - float(ended)
    print(f"dark {took * 1000:.0f} ms after the session was ended")  # noqa: T201 - a figure worth telling
    assert took < AT_ONCE


def test_a_page_that_is_left_asks_for_nothing_more(opens: Opens) -> None:
    visitor = opens()
    # A page that is on its way out is seen by no tool: it writes down itself what it asks for.
    visitor.context.add_init_script(
        "const ask = fetch; fetch = (...what) => { localStorage.asked = what[0]; return ask(...what) }"
    )
    visitor.logs_in("kari-nordli")
    for path in ("/journal", "/journal/notes"):
        with visitor.page.expect_response(re.compile(r"/live$")):
            visitor.goes_to(path)
    assert visitor.page.evaluate("localStorage.asked") is None


def test_logging_out_in_one_tab_darkens_the_others(kari: Visitor) -> None:
    listens(kari.page)
    kari.expects(401)
    other = kari.context.new_page()
    other.goto(kari.page.url)
    other.get_by_role("banner").get_by_role("button", name="Logg ut").click()
    is_dark(kari.page)


def test_two_minutes_before_the_idle_limit_one_is_asked_and_may_stay(kari: Visitor, demo: Demo) -> None:
    page = kari.page
    demo.sql(NOT_USED.format("28 minutes 10 seconds"))
    page.clock.fast_forward(28 * MINUTE + 5000)
    asked = page.get_by_role("dialog", name="Er du her fortsatt?")
    expect(asked).to_be_visible()
    expect(asked).to_have_accessible_description(
        "Om to minutter logger vi deg ut, så ingen andre kan lese journalen din."
    )
    expect(asked.get_by_role("button", name="Ja, jeg er her")).to_be_focused()
    page.keyboard.press("Enter")
    expect(asked).to_be_hidden()
    # It counts from now: two minutes later nothing has happened.
    page.clock.fast_forward(3 * MINUTE)
    expect(page.get_by_role("heading", level=1)).to_have_text(SECRET)
    assert kari.goes_to("/journal").status == 200


def test_two_minutes_before_the_end_of_the_longest_session_one_is_asked_to_log_in(
    kari: Visitor, demo: Demo
) -> None:
    page = kari.page
    # Between the old cookie and the new one.
    kari.expects(401)
    demo.sql(LONG_HERE.format("110 seconds"))
    page.clock.fast_forward(28 * MINUTE + 5000)
    asked = page.get_by_role("dialog", name="Logg inn igjen for å fortsette")
    expect(asked).to_be_visible()
    # The page is there still, behind it.
    expect(page.get_by_text(SECRET).first).to_be_attached()
    asked.get_by_role("link", name="Logg inn igjen").click()
    # ID-porten knows her still: the window that opened has closed by itself.
    expect(asked).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_have_text(SECRET)
    for window in kari.context.pages:
        if window != page and not window.is_closed():
            window.wait_for_event("close")
    assert kari.context.pages == [page]


def forgotten_by_idporten(visitor: Visitor) -> None:
    visitor.context.clear_cookies(domain="127.0.0.1")


def chooses_nynorsk(page: Page) -> None:
    page.get_by_role("radio", name="Nynorsk").check()


def test_what_was_being_written_waits_in_the_dark_for_a_new_login(kari: Visitor, demo: Demo) -> None:
    page = kari.page
    kari.expects(401)
    kari.goes_to("/settings")
    chooses_nynorsk(page)
    demo.sql(NOT_USED.format("31 minutes"))
    page.clock.fast_forward(28 * MINUTE + 5000)
    asked = page.get_by_role("dialog", name="Logg inn igjen for å fortsette")
    expect(asked).to_be_visible()
    expect(page.get_by_role("main")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(asked).to_be_visible()
    forgotten_by_idporten(kari)
    with kari.context.expect_page() as opened:
        asked.get_by_role("link", name="Logg inn igjen").click()
    opened.value.get_by_role("button", name="Kari Nordli").click()
    expect(page.get_by_role("radio", name="Nynorsk")).to_be_visible()
    expect(page.get_by_role("radio", name="Nynorsk")).to_be_checked()
    page.get_by_role("button", name="Lagre språk").click()
    expect(page.get_by_text("Lagra.")).to_be_visible()
    page.get_by_role("radio", name="Bokmål").check()
    page.get_by_role("button", name="Lagre språk").click()
    expect(page.get_by_text("Lagret.")).to_be_visible()


def test_without_script_what_was_written_is_sent_again_after_a_new_login(opens: Opens, demo: Demo) -> None:
    visitor = opens(java_script_enabled=False)
    page = visitor.page
    visitor.logs_in("kari-nordli")
    visitor.goes_to("/settings")
    page.get_by_role("radio", name="English").check()
    demo.sql(NOT_USED.format("31 minutes"))
    visitor.expects(401)
    page.get_by_role("button", name="Lagre språk").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Du er logget ut")
    forgotten_by_idporten(visitor)
    with visitor.context.expect_page() as opened:
        page.get_by_role("link", name="Logg inn igjen").click()
    opened.value.get_by_role("button", name="Kari Nordli").click()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("Du er logget inn igjen")
    opened.value.close()
    page.get_by_role("button", name="Send det igjen").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.get_by_role("radio", name="Bokmål").check()
    page.get_by_role("button", name="Save language").click()
    expect(page.get_by_text("Lagret.")).to_be_visible()


def test_what_one_person_was_writing_is_not_there_for_the_next(kari: Visitor, demo: Demo) -> None:
    page = kari.page
    kari.expects(401)
    kari.goes_to("/settings")
    chooses_nynorsk(page)
    demo.sql(NOT_USED.format("31 minutes"))
    page.clock.fast_forward(28 * MINUTE + 5000)
    forgotten_by_idporten(kari)
    with kari.context.expect_page() as opened:
        page.get_by_role("link", name="Logg inn igjen").click()
    opened.value.get_by_role("button", name=re.compile("^Olav Nordli")).click()
    expect(page.get_by_text("Du er logget inn som Olav Nordli.")).to_be_visible()
    expect(page.get_by_role("radio", name="Nynorsk")).not_to_be_checked()


def test_access_that_is_taken_back_closes_the_open_page_within_a_second(opens: Opens, demo: Demo) -> None:
    visitor = opens()
    page = visitor.page
    visitor.expects(401)
    visitor.logs_in("marte-aune")
    page.locator("a.person").click()
    page.get_by_role("button", name="Åpne journalen til Ella").click()
    expect(page).to_have_url(re.compile("/for/"))
    page.get_by_role("link", name="Journal", exact=True).click()
    expect(page.get_by_text("Du ser journalen til Ella Aune.")).to_be_visible()
    listens(page)
    again = asked_again(page)
    visitor.expects(404)
    secret = (
        "UPDATE identity.person SET secret = {} WHERE name = 'Ella Aune' RETURNING extract(epoch FROM now())"
    )
    changed = demo.sql(secret.format("true"))
    try:
        expect(page.get_by_role("heading", level=1)).to_have_text("Vi finner ikke denne siden")
        assert "Ella" not in page.content()
        # One's own menu is there: one is logged in still.
        expect(page.get_by_role("link", name="Journal", exact=True)).to_have_attribute("href", "/journal")
        took = again[0].timing["startTime"] / 1000 - float(changed)
        print(f"closed {took * 1000:.0f} ms after the address became secret")  # noqa: T201 - a figure worth telling
        assert took < AT_ONCE
    finally:
        demo.sql(secret.format("false"))


def test_ending_all_of_them_ends_this_one_at_idporten_too(visitor: Visitor, opens: Opens, demo: Demo) -> None:
    phone = opens()
    phone.expects(401)
    phone.logs_in("kari-nordli")
    visitor.expects(401)
    visitor.logs_in("kari-nordli")
    visitor.goes_to("/settings/sessions")
    visitor.page.get_by_role("button", name="Avslutt alle, også denne").click()
    expect(visitor.page.get_by_role("heading", level=1)).to_contain_text("logget ut")
    assert visitor.goes_to("/settings").status == 401
    assert phone.goes_to("/settings").status == 401
    # And ID-porten asks who it is.
    visitor.page.get_by_role("link", name="Logg inn", exact=True).click()
    expect(visitor.page.get_by_role("button", name="Kari Nordli")).to_be_visible()
    assert demo.sql("SELECT count(*) FROM identity.session WHERE ended_at IS NULL") == 0
