"""What a citizen comes for: the newest result and how it has developed, the medications, a document."""

import re

from playwright.sync_api import expect

from e2e.browsing import Visitor
from e2e.demo import Demo


def test_somebody_logs_in_by_choosing_who_they_are(visitor: Visitor, demo: Demo) -> None:
    page = visitor.page
    visitor.goes_to("/")
    page.get_by_role("link", name="Logg inn med ID-porten").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hvem vil du være?")
    page.get_by_role("button", name="Kari Nordli").click()
    expect(page).to_have_url(f"{demo.address}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hei, Kari")


def test_the_newest_result_its_trend_and_its_table(visitor: Visitor) -> None:
    page = visitor.page
    visitor.logs_in("kari-nordli")
    # What is new stands first on the page, under the same name where the journal says no other.
    page.get_by_role("link", name="Prøvesvar").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Prøvesvar")
    page.get_by_role("link", name="Diabeteskontroll").first.click()
    panel = page.get_by_role("table", name="Svarene i prøven").get_by_role("row", name="HbA1c")
    expect(panel.locator("th, td")).to_have_text(["HbA1c", "49 mmol/mol", "over", "opp til 42"])
    page.get_by_role("link", name="HbA1c").click()
    expect(page.locator(".result .value")).to_have_text("49 mmol/mol")
    expect(page.locator(".result .judgement")).to_have_text("Over referanseområdet")
    curve = page.get_by_role("img", name="Fra 86 mmol/mol")
    expect(curve).to_be_visible()
    said = re.fullmatch(
        r"Fra 86\smmol/mol .+ til 49\smmol/mol (\d{1,2}\. [a-z]+ \d{4})\. Alle svarene står i tabellen\.",
        curve.get_attribute("aria-label") or "",
    )
    assert said

    as_table = page.get_by_text(re.compile(r"^Vis alle \d+ svar som tabell"))
    answers = re.sub(r"\D", "", as_table.inner_text())
    as_table.click()
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(int(answers))
    expect(rows.first).to_contain_text(said[1])
    expect(rows.first).to_contain_text("49 mmol/mol")
    expect(rows.last).to_contain_text("86 mmol/mol")


def test_the_medications_in_use_are_apart_from_the_earlier_ones(visitor: Visitor) -> None:
    page = visitor.page
    visitor.logs_in("kari-nordli")
    page.get_by_role("link", name="Medisiner").click()
    in_use, earlier = (
        page.locator("section", has=page.get_by_role("heading", name=heading, exact=True))
        for heading in ("I bruk", "Brukt før")
    )
    # Whoever looked as soon as it had come is told of it once more: rather twice than never.
    for shown, names in (
        (
            in_use,
            (
                "Metformin tablett 1000 mg",
                "Losartan tablett 50 mg",
                "Cyanokobalamin tablett 1 mg",
                "Semaglutid injeksjon 1 mg",
                "Empagliflozin tablett 10 mg",
                "Atorvastatin tablett 40 mg",
            ),
        ),
        (earlier, ("Pivmecillinam tablett 400 mg", "Glimepirid tablett 2 mg")),
    ):
        expect(shown.get_by_role("link")).to_have_text([re.compile(rf"^(Ny )?{name}$") for name in names])
    in_use.get_by_role("link").first.click()
    expect(page.get_by_text("1 tablett morgen og kveld, til mat")).to_be_visible()


def test_a_letter_as_pdf_is_saved_and_can_do_nothing(visitor: Visitor, demo: Demo) -> None:
    page = visitor.page
    visitor.logs_in("kari-nordli")
    visitor.goes_to("/journal/notes")
    page.get_by_role("link", name="Svar på prøvene dine").click()
    link = page.get_by_role("link", name="Svar på prøvene dine.pdf")
    with page.expect_download() as saved:
        link.click()
    assert saved.value.suggested_filename == "Svar på prøvene dine.pdf"
    assert saved.value.path().read_bytes().startswith(b"%PDF-")

    answer = page.request.get(f"{demo.address}{link.get_attribute('href')}")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("attachment;")
    must_be_harmless(answer.headers)


def test_a_picture_is_shown_in_a_sandbox(visitor: Visitor, demo: Demo) -> None:
    page = visitor.page
    visitor.logs_in("kari-nordli")
    visitor.goes_to("/journal/notes")
    page.get_by_role("link", name="Poliklinisk notat, øye").click()
    link = page.get_by_role("link", name="Høyre øye, bilde av netthinnen")
    path = link.get_attribute("href") or ""
    answer = visitor.goes_to(path)
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["content-disposition"].startswith("inline;")
    must_be_harmless(answer.headers)
    assert page.locator("img").evaluate("image => image.naturalWidth") > 0
    assert page.url == f"{demo.address}{path}"


def must_be_harmless(headers: dict[str, str]) -> None:
    assert headers["content-security-policy"].startswith("sandbox;")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"


def test_a_withheld_result_is_a_placeholder_and_its_content_is_nowhere(visitor: Visitor, demo: Demo) -> None:
    page = visitor.page
    hidden = demo.written("kari-nordli-mkomponent")
    secrets = [
        hidden["code"]["text"],
        hidden["valueString"],
        hidden["code"]["coding"][0]["code"],
        "elektroforese",
    ]
    visitor.logs_in("kari-nordli")
    visitor.goes_to("/journal/lab_results")
    row = page.locator(".line-withheld")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("Legen ser på det først")
    seen = [page.content()]
    row.get_by_role("link", name="Prøvesvar").click()
    expect(page.get_by_role("heading", level=2).first).to_have_text("Dette er ikke åpnet for deg ennå")
    seen.append(page.content())

    entry = page.url.removeprefix(demo.address)
    paths = ["/", "/journal", f"/api/entries/{entry.rpartition('/')[2]}", "/api/entries?kind=lab_results"]
    seen += [page.request.get(demo.address + path).text() for path in paths]
    assert [secret for secret in secrets for text in seen if secret.lower() in text.lower()] == []
    for word in ("elektroforese", "M-komponent", "gammaområdet", "NPU26919"):
        found = page.request.get(f"{demo.address}/api/entries", params={"q": word}).json()
        assert [each for each in found["entries"] if each["kind"] == "lab_results"] == []


def test_a_corrected_letter_shows_what_is_right_and_says_so(visitor: Visitor) -> None:
    page = visitor.page
    visitor.logs_in("kari-nordli")
    visitor.goes_to("/journal/notes")
    row = page.locator(".line", has=page.get_by_role("link", name="Epikrise, Medisinsk sengepost 2"))
    expect(row).to_contain_text("Rettet")
    row.get_by_role("link").click()
    expect(page.get_by_text("Metformin gjenopptas i halv dose, 500 mg to ganger daglig")).to_be_visible()
    expect(page.get_by_text("Metformin gjenopptas i full dose")).to_have_count(0)


def test_somebody_elses_entry_does_not_exist(visitor: Visitor) -> None:
    page = visitor.page
    visitor.logs_in("ingrid-moen")
    visitor.goes_to("/journal/lab_results")
    path = page.locator(".line a").first.get_attribute("href") or ""
    title = page.locator(".line a").first.inner_text()
    # The page that is open may ask with the old cookie while the new one is on its way.
    visitor.expects(401, 404)
    visitor.context.clear_cookies()
    visitor.logs_in("kari-nordli")
    assert visitor.goes_to(path).status == 404
    expect(page.get_by_role("heading", level=1)).to_have_text("Vi finner ikke denne siden")
    assert title not in page.content()
    assert visitor.goes_to(path.rpartition("/")[0] + "/00000000-0000-4000-8000-000000000000").status == 404
