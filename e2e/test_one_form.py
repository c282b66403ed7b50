"""Somebody helps with one form: given from its page, previewed, answered and sent, and nothing else is there."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from e2e.browsing import Opens, Visitor
from e2e.demo import Demo
from e2e.form_tasks import asked

_PHONE = {"viewport": {"width": 360, "height": 780}, "has_touch": True}
_WHOSE = "Hvem journalen gjelder"
_GIVER, _HELPER, _FORM = "kari-nordli", "olav-nordli", "onske-om-time"


@pytest.fixture(params=["phone", "without-script"])
def two(request: pytest.FixtureRequest, opens: Opens) -> tuple[Visitor, Visitor]:
    """Who gives and who helps, each with a browser of their own: on phones, and where JavaScript is off."""
    screen: dict[str, Any] = _PHONE if request.param == "phone" else {"java_script_enabled": False}
    giver, helper = opens(**screen), opens(**screen)
    giver.logs_in(_GIVER)
    helper.logs_in(_HELPER)
    return giver, helper


def test_a_helper_answers_the_one_form_they_were_given(two: tuple[Visitor, Visitor], demo: Demo) -> None:
    giver, helper = two
    mine, theirs = giver.page, helper.page
    _, task = asked(mine, demo, _GIVER, _FORM)
    _, other = asked(mine, demo, _GIVER, "sovn-og-overskudd")
    fullmakt = _gives(giver, task)
    _sees_as_the_helper(mine, task, other)
    giver.goes_to(fullmakt)
    mine.get_by_role("button", name="Lag en kode").click()
    code = mine.locator(".value").inner_text()
    helper.goes_to("/access/invitation")
    theirs.get_by_label("Koden", exact=True).fill(code)
    theirs.get_by_label("Navnet til den som ga deg koden").fill(demo.name_of(_GIVER))
    theirs.get_by_role("button", name="Bruk koden").click()
    expect(theirs.get_by_text("må bekrefte at det er du som brukte koden")).to_be_visible()
    giver.goes_to(fullmakt)
    mine.get_by_role("button", name=f"Ja, gi {demo.name_of(_HELPER)} tilgang").click()
    expect(mine.get_by_role("heading", level=1)).to_have_text(f"Tilgang for {demo.name_of(_HELPER)}")

    base = _opens(helper, demo)
    expect(theirs.locator(f'a[href="{base}{other}"]')).to_have_count(0)
    theirs.locator(f'a[href="{base}{task}"]').first.click()
    expect(theirs.get_by_text("også før det er sendt")).to_be_visible()
    theirs.get_by_role("button", name="Start", exact=True).click()
    expect(theirs).to_have_url(re.compile("/forms/drafts/"))
    _answers(theirs)
    helper.expects(404)
    for closed in (f"{base}/journal", f"{base}/api/entries", f"{base}{other}"):
        assert theirs.request.get(f"{demo.address}{closed}").status == 404
    theirs.get_by_role("button", name=re.compile("^Send")).click()
    expect(theirs).to_have_url(re.compile("/forms/sent/"))
    receipt = theirs.url

    # Who it is about sees what was sent, and who sent it.
    giver.goes_to(task)
    mine.get_by_role("link", name="Se det som ble sendt").click()
    expect(mine.get_by_role("main")).to_contain_text(demo.name_of(_HELPER))
    expect(mine.get_by_role("main")).to_contain_text("Fornye resepten")
    giver.goes_to(fullmakt)
    mine.get_by_role("button", name="Avslutt tilgangen").click()
    expect(mine.get_by_text("Avsluttet av den som ga tilgangen.").first).to_be_visible()
    assert theirs.request.get(receipt).status == 404


def _gives(giver: Visitor, task: str) -> str:
    page = giver.page
    giver.goes_to(task)
    page.get_by_role("link", name="La noen hjelpe deg med dette skjemaet").click()
    expect(page.get_by_role("main")).to_contain_text("Ser ikke noe i journalen og ingen andre skjemaer")
    page.get_by_label("Hva kaller du personen?").fill("Pappa")
    page.get_by_role("button", name="Gå videre").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tilgang for Pappa")
    expect(page.get_by_role("heading", name="Ett skjema")).to_be_visible()
    return re.sub(r"^https?://[^/]+", "", page.url)


def _sees_as_the_helper(page: Page, task: str, other: str) -> None:
    page.get_by_role("button", name="Se journalen slik Pappa får se den").click()
    expect(page.get_by_role("region", name=_WHOSE)).to_contain_text("Slik ser hjelperen journalen din.")
    expect(page.locator(f'main a[href$="{task}"]')).to_have_count(1)
    expect(page.locator(f'main a[href$="{other}"]')).to_have_count(0)
    expect(page.locator('nav a[href$="/journal"]')).to_have_count(0)


def _opens(helper: Visitor, demo: Demo) -> str:
    page = helper.page
    helper.goes_to("/people")
    expect(page.get_by_role("main")).to_contain_text("svare på ett skjema")
    name = demo.name_of(_GIVER)
    page.get_by_role("button", name=f"Hjelp {name.split()[0]} med skjemaet").click()
    expect(page.get_by_role("region", name=_WHOSE)).to_contain_text(f"Du hjelper {name}.")
    expect(page).to_have_url(re.compile(r"/for/[^/]+/forms$"))
    return re.sub(r"^https?://[^/]+|/forms$", "", page.url)


def _answers(page: Page) -> None:
    page.get_by_label("Annet", exact=True).first.check()
    page.get_by_label("Fortell kort hva du vil ha hjelp til").fill("Fornye resepten")
    page.get_by_label("Mandag").check()
    page.get_by_label("Telefon", exact=True).check()
    page.get_by_role("button", name=re.compile("Se over|Les gjennom|over")).first.click()
    expect(page).to_have_url(re.compile("/check"))
    expect(page.get_by_role("main")).to_contain_text("Fornye resepten")
