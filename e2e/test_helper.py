"""Somebody helps: invited, shown beforehand what they will see, let in, and out again while they read."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from e2e.browsing import Opens, Visitor
from e2e.demo import Demo

_PHONE = {"viewport": {"width": 360, "height": 780}, "has_touch": True}
# The banner over the pages of somebody else's record.
_WHOSE = "Hvem journalen gjelder"
_GIVER, _HELPER = "kari-nordli", "olav-nordli"


@pytest.fixture(params=["phone", "without-script"])
def two(request: pytest.FixtureRequest, opens: Opens) -> tuple[Visitor, Visitor]:
    """Who gives and who helps, each with a browser of their own: on phones, and where JavaScript is off."""
    screen: dict[str, Any] = _PHONE if request.param == "phone" else {"java_script_enabled": False}
    giver, helper = opens(**screen), opens(**screen)
    giver.logs_in(_GIVER)
    helper.logs_in(_HELPER)
    return giver, helper


def test_a_helper_is_invited_shown_let_in_and_out(two: tuple[Visitor, Visitor], demo: Demo) -> None:
    giver, helper = two
    mine, theirs = giver.page, helper.page
    address = _drafts(mine)
    _sees_as_the_helper(mine)

    giver.goes_to(address)
    mine.get_by_role("button", name="Lag en kode").click()
    expect(mine.get_by_text("Vi viser den bare denne ene gangen")).to_be_visible()
    code = mine.locator(".value").inner_text()

    theirs.get_by_role("link", name="Tilgang").click()
    theirs.get_by_role("link", name="Jeg har fått en kode").click()
    helper.expects(400)
    _uses(theirs, "22222-22222", demo.name_of(_GIVER))
    expect(theirs.get_by_role("alert")).to_be_visible()
    _uses(theirs, code, demo.name_of(_GIVER))
    expect(theirs.get_by_text("må bekrefte at det er du som brukte koden")).to_be_visible()

    giver.goes_to("/access")
    mine.get_by_role("link", name=demo.name_of(_HELPER)).click()
    expect(mine.get_by_text("Er det riktig person?")).to_be_visible()
    mine.get_by_role("button", name=f"Ja, gi {demo.name_of(_HELPER)} tilgang").click()
    expect(mine.get_by_role("heading", level=1)).to_have_text(f"Tilgang for {demo.name_of(_HELPER)}")

    helper.goes_to("/people")
    theirs.get_by_role(
        "button", name=re.compile(f"^Åpne journalen til {demo.name_of(_GIVER).split()[0]}")
    ).click()
    expect(theirs.get_by_role("region", name=_WHOSE)).to_contain_text(
        f"Du ser journalen til {demo.name_of(_GIVER)}."
    )
    theirs.get_by_role("link", name="Prøvesvar").first.click()
    expect(theirs.get_by_role("heading", level=1)).to_have_text("Prøvesvar")
    open_page = theirs.url

    helper.expects(401, 404)
    mine.get_by_role("button", name="Avslutt tilgangen").click()
    expect(mine.get_by_text("Avsluttet av den som ga tilgangen.").first).to_be_visible()
    answer = theirs.request.get(open_page)
    assert answer.status == 404
    helper.goes_to("/people")
    expect(theirs.get_by_role("button", name="Åpne din egen journal")).to_be_visible()
    expect(theirs.get_by_role("button", name=re.compile("^Åpne journalen til"))).to_have_count(0)


def _drafts(page: Page) -> str:
    page.get_by_role("link", name="Tilgang").click()
    page.get_by_role("link", name="Gi noen tilgang").click()
    page.get_by_label("Hva kaller du personen?").fill("Pappa")
    page.get_by_role("radio", name="Bare lese").check()
    page.get_by_text("Ta bort noe").click()
    page.get_by_role("checkbox", name="Diagnoser").check()
    page.get_by_role("radio", name="Tre måneder").check()
    page.get_by_role("button", name="Gå videre").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tilgang for Pappa")
    return re.sub(r"^https?://[^/]+", "", page.url)


def _sees_as_the_helper(page: Page) -> None:
    page.get_by_role("button", name="Se journalen slik Pappa får se den").click()
    expect(page.get_by_role("region", name=_WHOSE)).to_contain_text("Slik ser hjelperen journalen din.")
    expect(page.get_by_role("link", name="Prøvesvar").first).to_be_visible()
    for hidden in ("Diagnoser", "Brev og notater", "Behandlinger"):
        expect(page.get_by_role("link", name=hidden, exact=True)).to_have_count(0)


def _uses(page: Page, code: str, name: str) -> None:
    page.get_by_label("Koden", exact=True).fill(code)
    page.get_by_label("Navnet til den som ga deg koden").fill(name)
    page.get_by_role("button", name="Bruk koden").click()
