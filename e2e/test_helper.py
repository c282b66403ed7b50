"""Somebody helps: invited, shown beforehand what they will see, let in, and out again while they read."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from e2e.browsing import Opens
from e2e.demo import Demo

_PHONE = {"viewport": {"width": 360, "height": 780}, "has_touch": True}
# The banner over the pages of somebody else's record.
_WHOSE = "Hvem journalen gjelder"
_GIVER, _HELPER = "kari-nordli", "olav-nordli"


@pytest.mark.parametrize("has_script", [True, False], ids=["phone", "without-script"])
def test_a_helper_is_invited_shown_let_in_and_out(opens: Opens, demo: Demo, has_script: bool) -> None:
    screen: dict[str, Any] = _PHONE if has_script else {"java_script_enabled": False}
    giver, helper = opens(**screen), opens(**screen)
    giver.logs_in(_GIVER)
    helper.logs_in(_HELPER)
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

    helper.expects(404)
    mine.get_by_role("button", name="Avslutt tilgangen").click()
    expect(mine.get_by_text("Avsluttet av den som ga tilgangen.").first).to_be_visible()
    assert theirs.request.get(open_page).status == 404
    # With script the open page leaves by itself.
    if not has_script:
        theirs.reload()
    expect(theirs.get_by_role("heading", level=1)).to_have_text("Denne journalen er ikke åpen for deg")
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
