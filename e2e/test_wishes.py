"""A citizen who wants to wait, who keeps something to herself, and who asks for a block."""

import time
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from e2e.browsing import Visitor
from e2e.demo import Demo, a_result

WITHIN_SECONDS = 10
WHO = "sara-lian"


def until(visitor: Visitor, seen: Callable[[], bool], within: float = WITHIN_SECONDS) -> None:
    """Look again, as an impatient person does."""
    patience = time.monotonic() + within
    while not seen():
        if time.monotonic() > patience:
            pytest.fail(f"not there after {within} seconds: {visitor.page.url}")
        visitor.page.reload()


def wishes(visitor: Visitor, wish: str) -> None:
    """Choose when results of the laboratory are shown."""
    visitor.goes_to("/access/wishes")
    visitor.page.locator(f"#lab_results-{wish}").check()
    visitor.page.get_by_role("button", name="Lagre valget").click()
    expect(visitor.page.locator(".flash")).to_contain_text("Valget er lagret.")
    expect(visitor.page.locator(f"#lab_results-{wish}")).to_be_checked()


@pytest.fixture
def published(demo: Demo) -> Iterator[str]:
    """The id of a result to publish; it is withdrawn afterwards."""
    resource_id = f"ferritin-{uuid4()}"
    yield resource_id
    demo.publish("lab-midt", a_result(WHO, resource_id, "1", status="entered-in-error"))


def test_a_result_waits_for_her_and_opens_when_she_asks(visitor: Visitor, demo: Demo, published: str) -> None:
    page = visitor.page
    visitor.logs_in(WHO)
    wishes(visitor, "asked")
    visitor.goes_to("/journal/lab_results")
    before = page.locator(".line-withheld").count()
    demo.publish("lab-midt", a_result(WHO, published, "83.5"))
    until(visitor, lambda: page.locator(".line-withheld").count() == before + 1)
    assert "83,5" not in page.content()
    page.locator(".line-withheld").first.get_by_role("link").click()
    expect(page.locator(".withheld")).to_contain_text("Skjult etter eget ønske.")

    page.get_by_role("button", name="Vis nå").click()
    # She waits, and touches nothing.
    expect(page.locator(".result .value")).to_have_text("83,5 µg/L", timeout=WITHIN_SECONDS * 1000)
    wishes(visitor, "at_once")


def test_she_hides_it_finds_it_among_what_is_hidden_and_shows_it_again(
    visitor: Visitor, demo: Demo, published: str
) -> None:
    page = visitor.page
    # A value of its own: the result of another run may just be on its way out.
    value = f"{20 + int(published[-3:], 16) / 100:.1f}1"
    visitor.logs_in(WHO)
    demo.publish("lab-midt", a_result(WHO, published, value))
    visitor.goes_to("/journal/lab_results")
    row = page.locator(".line", has_text=f"{value.replace('.', ',')} µg/L")
    until(visitor, lambda: row.count() == 1)
    row.get_by_role("link").click()
    page.get_by_text("Skjul eller sperr").click()
    page.get_by_role("link", name="Skjul for andre").click()
    page.get_by_role("button", name="Skjul det").click()
    expect(page.locator(".flash")).to_have_text("Det er skjult nå.")
    page.get_by_role("button", name="Vis igjen: Ferritin").click()
    expect(page.locator(".flash")).to_contain_text("Det vises igjen")
    expect(page.locator(".empty")).to_contain_text("Ingenting er skjult")


def test_a_block_is_asked_for_with_a_warning_and_told_as_what_it_is(
    visitor: Visitor, request: pytest.FixtureRequest
) -> None:
    page, unit = visitor.page, f"Poliklinikk {uuid4().hex[:6]}"
    visitor.expects(422)
    visitor.logs_in(WHO)
    visitor.goes_to("/access/blocks")
    page.get_by_label("Navn på stedet eller personen").fill(unit)
    page.get_by_role("button", name="Send forespørselen").click()
    expect(page.get_by_role("alert")).to_contain_text("Kryss av for at du forstår")
    expect(page.get_by_label("Navn på stedet eller personen")).to_have_value(unit)
    page.locator("#f-understood").check()
    page.get_by_role("button", name="Send forespørselen").click()
    expect(page.locator(".flash")).to_contain_text("Den gjelder ikke før journalen har svart.")
    card = page.locator(".ds-card", has=page.get_by_role("heading", name=f"Sperring for en avdeling: {unit}"))
    # It leaves by itself, arrives, and is decided by the journal some seconds later.
    until(visitor, lambda: "Mottatt av journalen" in card.inner_text(), within=20)
    if request.node.callspec.params["visitor"] == "phone":
        # The journal takes its time, and its answer comes without a script's help: once is enough.
        until(visitor, lambda: "Gjelder nå." in card.inner_text(), within=40)
    expect(page.locator(".banner")).to_have_count(0)
