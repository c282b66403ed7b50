"""A parent of two and a teenager: whose record is open, what is in it, and what is not."""

from playwright.sync_api import Page, expect

from e2e.browsing import Opens, Visitor

ELLA, JONAS = "Ella Aune", "Jonas Aune"


def _opens_the_record_of(visitor: Visitor, name: str) -> None:
    """Two taps: the name at the top, and the person."""
    # The old cookie is nobody's from then on: an open page may have asked with it while the new one was on its way.
    visitor.expects(401)
    visitor.page.locator("a.person").click()
    visitor.page.get_by_role("button", name=f"Åpne journalen til {name.split(maxsplit=1)[0]}").click()
    _is_open(visitor.page, f"Journalen til {name}")


def _is_open(page: Page, heading: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)


def test_a_parent_of_two_never_mixes_them(visitor: Visitor) -> None:
    visitor.logs_in("marte-aune")
    _opens_the_record_of(visitor, ELLA)
    page = visitor.page
    whose = page.get_by_role("region", name="Hvem journalen gjelder")
    expect(whose).to_contain_text(f"Du ser journalen til {ELLA}.")
    ellas = page.url
    page.get_by_role("link", name="Journal", exact=True).click()
    expect(page).to_have_url(f"{ellas}journal")
    expect(page.get_by_role("link", name="Brev og notater").first).to_be_visible()
    # Of somebody of 13 a parent sees less, and nothing tells what there is besides.
    _opens_the_record_of(visitor, JONAS)
    jonas = page.url
    assert jonas != ellas
    page.get_by_role("link", name="Journal", exact=True).click()
    expect(page).to_have_url(f"{jonas}journal")
    kinds = {link.get_attribute("href") for link in page.locator("main ul a[href*='/journal/']").all()}
    told = {str(href).rpartition("/journal/")[2].split("/")[0] for href in kinds}
    assert told <= {"medications", "vaccinations"}
    assert told
    # The address of the first one still means the first one.
    visitor.goes_to(ellas.removeprefix(page.url.split("/for/")[0]))
    _is_open(page, f"Journalen til {ELLA}")
    page.locator("a.person").click()
    page.get_by_role("button", name="Åpne din egen journal").click()
    _is_open(page, "Hei, Marte")
    expect(whose).to_have_count(0)


def test_two_tabs_with_two_children(opens: Opens) -> None:
    visitor = opens(reduced_motion="no-preference")
    visitor.logs_in("marte-aune")
    _opens_the_record_of(visitor, ELLA)
    other = visitor.context.new_page()
    other.goto(visitor.page.url)
    other.locator("a.person").click()
    other.get_by_role("button", name="Åpne journalen til Jonas").click()
    _is_open(other, f"Journalen til {JONAS}")
    for _ in range(2):
        visitor.page.reload()
        other.reload()
        _is_open(visitor.page, f"Journalen til {ELLA}")
        _is_open(other, f"Journalen til {JONAS}")


def test_an_address_that_is_passed_on_opens_nothing(opens: Opens) -> None:
    marte, per = opens(), opens()
    marte.logs_in("marte-aune")
    _opens_the_record_of(marte, ELLA)
    per.logs_in("per-aune")
    per.expects(404)
    answer = per.page.goto(marte.page.url)
    assert answer is not None
    assert answer.status == 404
    assert "Ella" not in per.page.content()


def test_a_teenager_sees_what_is_theirs_and_what_will_change(visitor: Visitor) -> None:
    visitor.logs_in("jonas-aune")
    page = visitor.page
    _is_open(page, "Hei, Jonas")
    visitor.goes_to("/journal/vaccinations")
    assert page.locator("ul.lines li").count() > 5
    visitor.expects(404)
    visitor.goes_to("/journal/lab_results")
    assert page.locator("ul.lines li").count() == 0
    answer = visitor.goes_to("/access/changes")
    assert answer.status == 200
    assert "16" in page.locator("main").inner_text()
