"""Finding something: by a word, by kind, source and period, and by going through everything."""

import re

from playwright.sync_api import Page, expect

from e2e.browsing import Visitor
from e2e.demo import Demo


def search(page: Page, word: str) -> None:
    page.get_by_role("searchbox", name="Søk i journalen").fill(word)
    page.get_by_role("button", name="Søk").click()


def titles(page: Page) -> list[str]:
    # Of the page that is there now: it has to be waited for first. The feed of the demo may go on after the first who
    # logged in: to them, what comes then is new.
    return [link.inner_text().removeprefix("Ny ") for link in page.locator(".line a").all()]


def test_a_note_is_found_by_a_word_in_it(visitor: Visitor) -> None:
    page = visitor.page
    visitor.logs_in("kari-nordli")
    # As it stands in the note, its beginning, another form of it, and misspelt.
    for typed in ("monofilament", "Monofila", "monofilamentene", "monofilamnet"):
        search(page, typed)
        expect(page).to_have_url(re.compile(f"q={typed}$|q={typed}&"))
        expect(page.get_by_role("heading", level=1)).to_have_text("Søk")
        assert titles(page) == ["Årskontroll diabetes"]
    page.get_by_role("link", name="Årskontroll diabetes").click()
    expect(page.get_by_text("Monofilament: nedsatt følelse i to av ti punkter")).to_be_visible()


def test_a_word_of_somebody_elses_record_is_not_found(visitor: Visitor) -> None:
    page = visitor.page
    visitor.logs_in("torstein-bakken")
    search(page, "monofilament")
    expect(page.get_by_role("heading", name="Vi fant ikke det ordet")).to_be_visible()
    assert titles(page) == []
    assert "Monofilament:" not in page.content()


def test_the_filter_keeps_one_kind_one_source_and_one_period(visitor: Visitor, demo: Demo) -> None:
    page = visitor.page
    visitor.logs_in("kari-nordli")
    page.get_by_role("link", name="Journal", exact=True).click()
    page.get_by_text("Velg periode og kilde").click()
    page.get_by_label("Hva").select_option("Brev og notater")
    page.get_by_label("Skrevet av").select_option("Sykehuset Levanger")
    page.get_by_label("Fra dato").fill("2025-09-01")
    page.get_by_label("Til dato").fill("2025-09-30")
    page.get_by_role("button", name="Vis", exact=True).click()
    expect(page).to_have_url(re.compile("to=2025-09-30"))
    assert titles(page) == ["Epikrise, Medisinsk sengepost 2", "Sykepleienotat, dagvakt"]
    expect(page.get_by_label("Fra dato")).to_have_value("2025-09-01")
    expect(page.get_by_label("Skrevet av")).to_have_value("levanger")
    page.get_by_role("link", name="Vis alt").click()
    expect(page).to_have_url(f"{demo.address}/journal")
    assert len(titles(page)) > len(["Epikrise", "Sykepleienotat"])


def test_an_impossible_period_is_told_and_nothing_typed_is_lost(visitor: Visitor) -> None:
    page = visitor.page
    visitor.logs_in("kari-nordli")
    visitor.goes_to("/journal")
    page.get_by_text("Velg periode og kilde").click()
    page.get_by_label("Hva").select_option("Medisiner")
    page.get_by_label("Fra dato").fill("2026-06-01")
    page.get_by_label("Til dato").fill("2026-05-01")
    visitor.expects(400)
    page.get_by_role("button", name="Vis", exact=True).click()
    expect(page.get_by_role("heading", name="Dette må rettes")).to_be_visible()
    expect(page.get_by_label("Hva")).to_have_value("medications")
    expect(page.get_by_label("Fra dato")).to_have_value("2026-06-01")
    expect(page.get_by_label("Til dato")).to_have_value("2026-05-01")
    expect(page.get_by_label("Til dato")).to_have_attribute("aria-invalid", "true")

    page.get_by_role("link", name="Til dato må være etter fra dato.").click()
    expect(page.get_by_label("Til dato")).to_be_focused()
    page.get_by_label("Til dato").fill("2026-06-30")
    page.get_by_role("button", name="Vis", exact=True).click()
    expect(page.get_by_role("heading", name="Dette må rettes")).to_have_count(0)


def test_show_more_goes_through_everything_once(visitor: Visitor, demo: Demo) -> None:
    page = visitor.page
    visitor.logs_in("kari-nordli")
    visitor.goes_to("/journal")
    seen = paths_on(page)
    more = page.get_by_role("link", name="Vis flere")
    while more.count():
        on = str(more.get_attribute("href"))
        more.click()
        expect(page).to_have_url(f"{demo.address}{on}")
        seen += paths_on(page)
    assert len(seen) == len(set(seen))
    assert seen == all_by_api(page, demo)


def paths_on(page: Page) -> list[str]:
    found: list[str] = page.locator(".line a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    return found


def all_by_api(page: Page, demo: Demo) -> list[str]:
    found, cursor = [], ""
    while True:
        answer = page.request.get(f"{demo.address}/api/entries", params={"cursor": cursor}).json()
        found += [f"/journal/{each['kind']}/{each['id']}" for each in answer["entries"]]
        cursor = answer["next"]
        if not cursor:
            return found


def test_the_language_is_changed_and_changed_back(visitor: Visitor, demo: Demo) -> None:
    page = visitor.page
    visitor.goes_to("/")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("link", name="Log in with ID-porten")).to_be_visible()
    page.get_by_role("link", name="Bokmål").click()
    visitor.logs_in("ingrid-moen")
    for language, settings, code in (
        ("Nynorsk", "Innstillingar", "nn"),
        ("English", "Settings", "en"),
        ("Bokmål", "Innstillinger", "nb"),
    ):
        page.get_by_role("link", name=re.compile("^(Innstillingar|Settings|Innstillinger)$")).click()
        expect(page).to_have_url(f"{demo.address}/settings")
        page.get_by_label(language).check()
        page.locator("main").get_by_role("button").first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text(settings)
        expect(page.locator("html")).to_have_attribute("lang", code)
    visitor.goes_to("/journal")
    expect(page.get_by_role("heading", level=1)).to_have_text("Journal")
