"""The first day: terms, language, nearest relative, and then the journal. With a keyboard's patience and no script."""

from playwright.sync_api import expect

from e2e.browsing import Opens
from e2e.demo import NEWCOMER, Demo


def test_a_newcomer_reads_says_no_comes_back_and_says_yes(opens: Opens, demo: Demo) -> None:
    visitor = opens(java_script_enabled=False, viewport={"width": 360, "height": 780})
    page, name = visitor.page, demo.name_of(NEWCOMER)
    visitor.logs_in(NEWCOMER)
    expect(page.get_by_role("heading", level=1)).to_have_text("Før du begynner")
    visitor.goes_to("/journal/notes")
    expect(page).to_have_url(f"{demo.address}/start?next=/journal/notes")
    page.get_by_role("link", name="Nynorsk").click()
    expect(page.get_by_role("button", name="Eg godtek vilkåra")).to_be_visible()
    page.get_by_role("link", name="Bokmål").click()

    page.get_by_role("button", name="Nei takk, logg meg ut").click()
    expect(page.get_by_role("main")).to_contain_text("Ingenting fra journalen din ligger igjen")
    visitor.expects(401)
    assert visitor.goes_to("/journal/notes").status == 401

    visitor.logs_in(NEWCOMER)
    visitor.goes_to("/journal/notes")
    page.get_by_role("button", name="Jeg godtar vilkårene").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dine nærmeste")
    page.get_by_text("Nei, noe er feil eller mangler").click()
    page.get_by_label("Hva skal det stå?").fill("Min søster skal stå her.")
    page.get_by_role("button", name="Send til helsetjenesten").click()
    expect(page).to_have_url(f"{demo.address}/journal/notes")

    visitor.goes_to("/settings")
    expect(page.get_by_role("main")).to_contain_text(name)
    page.get_by_role("link", name="Vilkårene du har godtatt").click()
    expect(page.get_by_role("main")).to_contain_text("Versjon 1")
    visitor.goes_to("/settings")
    page.get_by_role("link", name="Se hvem helsetjenesten ringer").click()
    expect(page.get_by_role("main")).to_contain_text("Du har sagt fra at noe er feil")

    # Another day: nothing is asked again.
    another = opens()
    another.logs_in(NEWCOMER)
    expect(another.page.get_by_role("heading", level=1)).to_contain_text("Hei")
