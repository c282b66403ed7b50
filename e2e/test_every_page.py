"""Every page there is: readable by everybody, on any screen, with a title that tells nothing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from e2e.browsing import Visitor
from e2e.demo import Demo

AXE = Path(__file__).with_name("node_modules") / "axe-core" / "axe.min.js"
# In the dark the colours are others, and nothing else is: only the rules about them are asked again.
OF_COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE: ViewportSize = {"width": 360, "height": 780}
DESKTOP: ViewportSize = {"width": 1280, "height": 900}

KINDS = {
    "lab_results": "Prøvesvar",
    "measurements": "Målinger",
    "imaging": "Bilder og røntgen",
    "medications": "Medisiner",
    "notes": "Brev og notater",
    "allergies": "Kritisk informasjon",
    "diagnoses": "Diagnoser",
    "vaccinations": "Vaksiner",
    "procedures": "Behandlinger",
    "encounters": "Timer og besøk",
    "referrals": "Henvisninger",
    "care_plans": "Planer",
    "care_team": "Hvem som følger deg opp",
}
SIGNED_IN = {
    "/": "Hjem",
    "/journal": "Journal",
    "/journal?q=diabetes": "Søk",
    "/journal?q=xyzzyx": "Søk",
    "/journal?from=2026-06-01&to=2026-05-01": "Journal",
    "/settings": "Innstillinger",
    "/settings?saved=1": "Innstillinger",
    "/settings/sessions?done=others": "Innlogginger og enheter",
    "/people": "Bytt person",
    "/access": "Tilgang",
    "/access/invitation": "Jeg har fått en kode",
    "/access/review": "Fortsatt riktig?",
    "/access/changes": "Hva endrer seg, og når",
    "/access/log": "Hvem har åpnet journalen din",
    "/access/wishes": "Når vil du se nye svar?",
    "/access/hidden": "Det du har skjult",
    "/access/blocks": "Sperring og reservasjon",
    "/rules": "Regelboka",
    "/settings/passkeys": "Passnøkler",
    "/settings/terms": "Vilkårene du har godtatt",
    "/access/give": "Gi noen tilgang",
    **{f"/journal/{kind}": name for kind, name in KINDS.items()},
}
NOBODY_IN_PARTICULAR = {
    "/": "Journalen din",
    "/journal": "Du er logget ut",
    "/offline": "Du er uten nett",
    "/journal/no_such_kind": "Vi finner ikke denne siden",
    f"/journal?q={'x' * 201}": "Innsyn fikk det ikke til",
}

SIDEWAYS = """() => {
  const { scrollWidth, clientWidth } = document.documentElement
  return scrollWidth <= clientWidth ? [] : [...document.querySelectorAll("body *")]
    .filter(one => one.getBoundingClientRect().right > clientWidth + 1).map(one => one.outerHTML.slice(0, 90))
}"""
# Links in running text and in tables are exempt (WCAG 2.5.8); one whose ::after fills its row is as large as that.
TOO_SMALL = """() => [...document.querySelectorAll("a, button, input:not([type=hidden]), select, summary")]
  .filter(one => {
    const { width, height } = one.getBoundingClientRect(), after = getComputedStyle(one, "::after")
    const fills = after.position === "absolute" && after.content !== "none"
    const choice = /radio|checkbox/.test(one.type) && one.labels[0].getBoundingClientRect().height >= 43.5
    return width && height < 43.5 && !fills && !choice && !one.closest("p, td, th, .note, .reading, .ds-skip-link")
  }).map(one => one.outerHTML.slice(0, 90))"""


@pytest.fixture(scope="module")
def axe() -> str:
    if not AXE.exists():
        pytest.skip("axe-core is not installed: npm ci in e2e/")
    return AXE.read_text("utf-8")


@pytest.fixture(scope="module")
def signed_in(browser: Browser, demo: Demo) -> Iterator[Visitor]:
    visitor = Visitor(browser.new_context(locale="nb-NO", viewport=PHONE), demo)
    visitor.logs_in("kari-nordli")
    visitor.expects(400)
    yield visitor
    visitor.leaves()


@pytest.fixture(scope="module")
def passer_by(browser: Browser, demo: Demo) -> Iterator[Visitor]:
    visitor = Visitor(browser.new_context(locale="nb-NO", viewport=PHONE), demo)
    visitor.expects(400, 401, 403, 404)
    yield visitor
    visitor.leaves()


@pytest.mark.parametrize(("path", "title"), SIGNED_IN.items(), ids=SIGNED_IN)
def test_a_page_of_somebodys_own(signed_in: Visitor, axe: str, path: str, title: str) -> None:
    signed_in.goes_to(path)
    must_be_for_everybody(signed_in.page, axe, title)


@pytest.mark.parametrize(("kind", "title"), KINDS.items(), ids=KINDS)
def test_an_entry_of_every_kind(signed_in: Visitor, axe: str, kind: str, title: str) -> None:
    signed_in.goes_to(f"/journal/{kind}")
    signed_in.goes_to(str(signed_in.page.locator(".line:not(.line-withheld) a").first.get_attribute("href")))
    must_be_for_everybody(signed_in.page, axe, title)


def test_an_entry_that_is_withheld(signed_in: Visitor, axe: str) -> None:
    signed_in.goes_to("/journal/lab_results")
    signed_in.goes_to(str(signed_in.page.locator(".line-withheld a").first.get_attribute("href")))
    expect(signed_in.page.locator(".withheld")).to_be_visible()
    must_be_for_everybody(signed_in.page, axe, "Prøvesvar")


def test_a_single_result_with_its_trend_open(signed_in: Visitor, axe: str) -> None:
    signed_in.goes_to("/journal?q=kalium&kind=lab_results")
    signed_in.goes_to(str(signed_in.page.get_by_role("link", name="Kalium").first.get_attribute("href")))
    expect(signed_in.page.locator("svg.trend")).to_be_visible()
    signed_in.page.locator(".table-of-trend summary").click()
    must_be_for_everybody(signed_in.page, axe, "Prøvesvar")


def test_a_page_of_somebody_elses(browser: Browser, demo: Demo, axe: str) -> None:
    visitor = Visitor(browser.new_context(locale="nb-NO", viewport=PHONE), demo)
    visitor.expects(401)  # the old cookie, while the new one is on its way
    visitor.logs_in("marte-aune")
    visitor.goes_to("/people")
    visitor.page.get_by_role("button", name="Åpne journalen til Ella").click()
    must_be_for_everybody(visitor.page, axe, "Hjem")
    visitor.leaves()


@pytest.mark.parametrize(("path", "title"), NOBODY_IN_PARTICULAR.items(), ids=lambda said: said[:30])
def test_a_page_for_whoever_comes_by(passer_by: Visitor, axe: str, path: str, title: str) -> None:
    passer_by.goes_to(path)
    must_be_for_everybody(passer_by.page, axe, title)


def test_the_page_that_refuses_a_login(passer_by: Visitor, axe: str) -> None:
    passer_by.goes_to("/login")
    passer_by.page.get_by_role("button", name="Avbryt").click()
    expect(passer_by.page.get_by_role("link", name="Prøv å logge inn igjen")).to_be_visible()
    must_be_for_everybody(passer_by.page, axe, "Du ble ikke logget inn")


def must_be_for_everybody(page: Page, axe: str, title: str) -> None:
    """Axe in light and dark, on a phone and a desktop; nothing sideways anywhere; everything large enough to hit."""
    expect(page).to_have_title(f"{title} – Innsyn")
    page.evaluate(axe)
    faults: dict[str, Any] = {}
    for width, screen in (("phone", PHONE), ("desktop", DESKTOP)):
        page.set_viewport_size(screen)
        for scheme, rules in (("light", RULES), ("dark", OF_COLOURS)):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            found = page.evaluate("rules => axe.run({ runOnly: rules, resultTypes: ['violations'] })", rules)
            faults[f"axe, {width}, {scheme}"] = [
                f"{fault['id']}: {fault['nodes'][0]['html']}" for fault in found["violations"]
            ]
        faults[f"too small, {width}"] = page.evaluate(TOO_SMALL)
        faults[f"sideways, {width}"] = page.evaluate(SIDEWAYS)
    faults |= on_other_screens(page)
    assert {where: fault for where, fault in faults.items() if fault} == {}


def on_other_screens(page: Page) -> dict[str, Any]:
    """At 320 px, with text twice as large, and with the colours of the person's own system."""
    faults = {}
    page.set_viewport_size(ViewportSize(width=320, height=780))
    faults["sideways, 320 px"] = page.evaluate(SIDEWAYS)
    tools = page.context.new_cdp_session(page)
    tools.send("Page.enable")
    for width, screen in (("phone", PHONE), ("desktop", DESKTOP)):
        page.set_viewport_size(screen)
        tools.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
        faults[f"sideways, large text, {width}"] = page.evaluate(SIDEWAYS)
    tools.send("Page.setFontSizes", {"fontSizes": {"standard": 16, "fixed": 13}})
    page.set_viewport_size(PHONE)
    page.emulate_media(forced_colors="active")
    faults["sideways, forced colours"] = page.evaluate(SIDEWAYS)
    page.emulate_media(forced_colors="none", color_scheme="light")
    tools.detach()
    return faults
