"""While a citizen is away a note is corrected, and then taken back: both are told, and what has changed is shown."""

import time
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from e2e.browsing import Opens, Visitor
from e2e.demo import Demo
from e2e.test_every_page import axe, must_be_for_everybody
from e2e.test_publishing import until

__all__ = ["axe"]

KEY = "torstein-bakken"


def a_note(resource_id: str, text: str, status: str = "final") -> dict[str, Any]:
    """A note about him, in one section."""
    return {
        "resourceType": "Composition",
        "id": resource_id,
        "status": status,
        "subject": {"reference": f"Patient/{KEY}"},
        "title": "Notat om hesten",
        "date": "2026-11-20",
        "author": [{"display": "Anne Vik"}],
        "section": [{"title": "Vurdering", "text": {"div": f"<div>{text}</div>"}}],
    }


def goes_away(visitor: Visitor, demo: Demo) -> None:
    """Look, and be away until what comes next comes later than that: pages tell times in whole seconds."""
    demo.sql("UPDATE access.look SET looked_at = now() + interval '11 seconds'")
    left = time.time()
    until(visitor, lambda: time.time() > left + 2)
    visitor.context.clear_cookies()


def test_a_note_that_is_corrected_and_then_taken_back(visitor: Visitor, demo: Demo) -> None:
    page, resource_id = visitor.page, f"note-{uuid4()}"
    # The page that is open may ask with the old cookie while the new one is on its way.
    visitor.expects(401, 410)
    visitor.logs_in(KEY)
    demo.publish("steinkjer-legesenter", a_note(resource_id, "Han har vondt i høyre kne etter et fall."))
    visitor.goes_to("/")
    until(visitor, lambda: page.locator(".news", has_text="Notat om hesten").count() == 1)
    goes_away(visitor, demo)
    corrected = a_note(resource_id, "Han har vondt i venstre kne etter et fall.", "amended")
    demo.publish("steinkjer-legesenter", corrected)
    visitor.logs_in(KEY)
    link = page.locator(".news").get_by_role("link", name="Rettet Notat om hesten")
    until(visitor, lambda: link.count() == 1)
    link.click()
    expect(page.locator(".banner")).to_contain_text("Rettet")
    expect(page.locator("main .ds-tag").first).to_have_text("Rettet")
    page.get_by_role("link", name="Se hva som er endret").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hva som er endret")
    text = page.locator(".compare").last
    expect(text.locator("del")).to_have_text("fjernet: høyre")
    expect(text.locator("ins")).to_have_text("ny tekst: venstre")
    expect(text).to_contain_text("Han har vondt i ")

    goes_away(visitor, demo)
    wrong = a_note(resource_id, "Han har vondt i venstre kne etter et fall.", "entered-in-error")
    demo.publish("steinkjer-legesenter", wrong)
    visitor.logs_in(KEY)
    gone = page.get_by_role("link", name="Brev eller notat fra")
    until(visitor, lambda: gone.count() == 1)
    assert "Notat om hesten" not in page.content()
    gone.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Denne opplysningen er trukket tilbake")
    expect(page.locator("main")).to_contain_text("Den var ført inn ved en feil")
    assert "Notat om hesten" not in page.content()


@pytest.fixture
def kari(opens: Opens) -> Visitor:
    visitor = opens()
    visitor.expects(410)
    visitor.logs_in("kari-nordli")
    return visitor


def test_the_pages_of_history_are_for_everybody(kari: Visitor, demo: Demo, axe: str) -> None:
    """What the demo's own journal has corrected: a letter whose text changed, and a value."""
    page = kari.page
    for search in ("q=Epikrise&kind=notes", "q=kalium&kind=lab_results"):
        kari.goes_to(f"/journal?{search}")
        addresses = [str(link.get_attribute("href")) for link in page.locator(".line a").all()]
        for address in addresses:
            kari.goes_to(address)
            if page.get_by_role("link", name="Se hva som er endret").count():
                break
        page.get_by_role("link", name="Se hva som er endret").click()
        expect(page.locator(".compare").first).to_be_visible()
        must_be_for_everybody(page, axe, "Hva som er endret")
    resource_id = f"note-{uuid4()}"
    note = a_note(resource_id, "Står her ved en feil.") | {"subject": {"reference": "Patient/kari-nordli"}}
    demo.publish("steinkjer-legesenter", note)
    kari.goes_to("/journal/notes")
    link = page.get_by_role("link", name="Notat om hesten")
    until(kari, lambda: link.count() == 1)
    address = str(link.get_attribute("href"))
    demo.publish("steinkjer-legesenter", note | {"status": "entered-in-error"})
    gone = page.get_by_role("heading", name="Denne opplysningen er trukket tilbake")
    kari.goes_to(address)
    until(kari, lambda: gone.count() == 1)
    must_be_for_everybody(page, axe, "Denne opplysningen er trukket tilbake")
