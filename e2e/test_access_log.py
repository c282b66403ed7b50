"""Who has opened the record: read in plain words, narrowed down, asked about and taken along."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from e2e.browsing import Opens, Visitor
from e2e.demo import Demo
from e2e.test_every_page import AXE, PHONE, must_be_for_everybody

# Days of the demo go with today.
STAY = r"under oppholdet ditt \d{1,2}\..*–\d{1,2}\. [a-z]+ \d{4}"
STRANGER = "Tore Vinge (sykepleier) ved Avdeling for hudsykdommer"


@pytest.fixture(scope="module")
def axe() -> str:
    if not AXE.exists():
        pytest.skip("axe-core is not installed: npm ci in e2e/")
    return AXE.read_text("utf-8")


@pytest.fixture(scope="module")
def olav(browser: Browser, demo: Demo) -> Iterator[Visitor]:
    visitor = Visitor(browser.new_context(locale="nb-NO", viewport=PHONE), demo)
    visitor.logs_in("olav-nordli")
    visitor.expects(400)
    yield visitor
    visitor.leaves()


@pytest.mark.parametrize(
    "address", ["/access/log", "/access/log?who=me", "/access/log?from=2026-11-08&to=2026-11-01&who=health"]
)
def test_the_log_is_for_everybody(olav: Visitor, axe: str, address: str) -> None:
    olav.goes_to(address)
    must_be_for_everybody(olav.page, axe, "Hvem har åpnet journalen din")


@pytest.mark.parametrize("address", ["lookups", "readings"])
def test_an_opened_line_is_for_everybody(olav: Visitor, axe: str, address: str) -> None:
    olav.goes_to("/access/log")
    line = olav.page.locator(f'.line a[href*="/{address}/"]').first
    olav.goes_to(str(line.get_attribute("href")))
    must_be_for_everybody(olav.page, axe, "Oppslag i journalen din")


def test_a_stay_is_one_line_for_each_unit_and_one_without_a_contact_stands_first(visitor: Visitor) -> None:
    page = visitor.page
    visitor.logs_in("kari-nordli")
    visitor.goes_to("/access/log")
    lifted = page.get_by_role("region", name="Oppslag uten kjent kontakt")
    expect(lifted.get_by_role("link")).to_have_text([STRANGER])
    expect(lifted).to_contain_text("Det kan ha en god grunn")
    on_the_ward = page.get_by_role("link", name="ved Medisinsk sengepost 2 under oppholdet ditt")
    expect(on_the_ward).to_have_text(
        re.compile(rf"^3 sykepleiere og 2 leger ved Medisinsk sengepost 2 {STAY}$")
    )
    emergency = page.locator(".line", has_text=re.compile(f"Akuttmottaket {STAY}"))
    expect(emergency).to_contain_text("Øyeblikkelig hjelp")
    page.get_by_text("Velg hvem, sted og periode").click()
    page.get_by_label("Sted").select_option("Medisinsk sengepost 2, Sykehuset Levanger")
    page.get_by_role("button", name="Vis").click()
    expect(page.locator(".line")).to_have_count(1)
    page.locator(".line a").click()
    expect(page.locator("tbody tr")).to_have_count(11)
    expect(page.locator("tbody tr").last).to_contain_text("Magne Rotmo (overlege)")


def test_somebody_asks_why_and_sees_that_it_has_been_asked(opens: Opens) -> None:
    """Once on a phone, once without script: each asks about look-ups of their own."""
    for key, screen in (("kari-nordli", {"viewport": PHONE}), ("marte-aune", {"java_script_enabled": False})):
        visitor = opens(**screen)
        page = visitor.page
        visitor.logs_in(key)
        visitor.goes_to("/access/log")
        page.get_by_role("region", name="Oppslag uten kjent kontakt").get_by_role("link").first.click()
        page.get_by_label("Hva lurer du på?").fill("Jeg kjenner ikke avdelingen deres.")
        page.get_by_role("button", name="Send spørsmålet").click()
        expect(page.get_by_role("status")).to_have_text("Spørsmålet er lagret og blir sendt.")
        expect(page.get_by_role("button", name="Send spørsmålet")).to_have_count(0)
        page.get_by_role("link", name="Tilbake til loggen").click()
        lifted = page.get_by_role("region", name="Oppslag uten kjent kontakt")
        expect(lifted).to_contain_text("Du har spurt hvorfor")


def test_the_log_is_taken_along(visitor: Visitor) -> None:
    page = visitor.page
    visitor.logs_in("ingrid-moen")
    visitor.goes_to("/access/log")
    for link, name, begins in (
        ("Last ned som regneark (CSV)", "innsynslogg.csv", "\ufeff"),
        ("Last ned for andre systemer (FHIR)", "innsynslogg.json", '{"resourceType":"Bundle"'),
    ):
        with page.expect_download() as saved:
            page.get_by_role("link", name=link).click()
        assert saved.value.suggested_filename == name
        text = saved.value.path().read_text("utf-8")
        assert text.startswith(begins)
        assert ("Cecilie Wang" in text, "Tore Vinge" in text) == (True, False)
