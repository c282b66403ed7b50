"""Forms from the list to the receipt, as people meet them: on a phone, without a script, by keyboard, for a child."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from e2e.browsing import Opens, Visitor
from e2e.demo import Demo
from e2e.form_tasks import asked, until

PHOTO = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n"
)
RECEIPT = re.compile(r"[B-X]{4}-[B-X]{4}-[B-X]{4}")


def starts(visitor: Visitor, demo: Demo, person: str, form: str, base: str = "") -> None:
    """A task of this test's own, from the list it stands in: two presses."""
    _, address = asked(visitor.page, demo, person, form, base)
    visitor.goes_to(f"{base}/forms")
    visitor.page.locator(f'a[href="{address}"]').first.click()
    visitor.page.get_by_role("button", name="Start", exact=True).click()
    expect(visitor.page).to_have_url(re.compile("/forms/drafts/"))


def sends(page: Page) -> str:
    """From the page to read through to the receipt; its number."""
    page.get_by_role("button", name=re.compile("^Send")).click()
    expect(page).to_have_url(re.compile("/forms/sent/"))
    number = page.locator(".form-number strong").inner_text()
    assert RECEIPT.fullmatch(number)
    return number


def is_received(visitor: Visitor) -> None:
    """The journal has it, and the page says so."""

    def said() -> bool:
        visitor.page.reload()
        return visitor.page.locator(".form-received").count() > 0

    until(said, visitor.page, "it was never received", 30)


def test_steps_with_conditions_and_sums_are_answered_and_received(visitor: Visitor, demo: Demo) -> None:
    page = visitor.page
    visitor.logs_in("kari-nordli")
    visitor.goes_to("/")
    expect(page.locator('a[href^="/forms/tasks/"]').first).to_be_visible()
    starts(visitor, demo, "kari-nordli", "for-diabeteskontroll")
    page.get_by_label("Hvor høy er du?").fill("172")
    page.get_by_label("Hvor mye veier du nå?").fill("81,5")
    page.get_by_role("button", name="Neste").click()
    page.get_by_label("Stikk i fingeren").check()
    page.get_by_role("group", name=re.compile("følinger")).get_by_label("Ja", exact=True).check()
    how_often = page.get_by_label("Hvor mange ganger i uken måler du i fingeren?")
    if page.viewport_size == {"width": 360, "height": 780}:
        # Without a script the question that follows is there when one comes back.
        expect(how_often).to_be_visible()
    page.get_by_role("button", name="Neste").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kropp og hverdag")
    page.get_by_role("button", name="Tilbake").click()
    how_often.fill("21")
    page.get_by_role("button", name="Neste").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kropp og hverdag")
    page.get_by_role("button", name="Neste").click()
    page.get_by_label("Hva er det viktigste å snakke om").fill("Nattesøvnen")
    page.get_by_role("button", name="Neste").click()
    expect(page.get_by_role("main")).to_contain_text("27,5")
    page.get_by_role("button", name=re.compile("Se over|Les gjennom|over")).first.click()
    expect(page).to_have_url(re.compile("/check"))
    for answer in ("81,5", "Nattesøvnen", "21"):
        expect(page.get_by_role("main")).to_contain_text(answer)
    number = sends(page)
    is_received(visitor)
    visitor.goes_to("/forms")
    expect(page.get_by_role("main")).to_contain_text(number)


def test_several_answers_and_a_file(visitor: Visitor, demo: Demo, tmp_path: Path) -> None:
    page = visitor.page
    visitor.logs_in("olav-nordli")
    starts(visitor, demo, "olav-nordli", "legemidlene-mine")
    draft = page.url
    page.get_by_role("group", name=re.compile("Jeg bruker ett")).get_by_label("Ja", exact=True).check()
    has_script = page.get_by_label("Styrke").first.is_visible()
    if not has_script:
        page.locator("button[name=do][value=later]").click()
        page.goto(draft)
    page.get_by_label("Styrke").first.fill("500 mg")
    page.get_by_role("button", name="Legg til et legemiddel").click()
    # A file goes by itself: what has just been typed is saved before it by a script, and by a press without one.
    if has_script:
        page.get_by_label("Styrke").nth(1).fill("20 mg")
    held = tmp_path / "esken.pdf"
    held.write_bytes(PHOTO)
    page.locator("input[type=file]").first.set_input_files(held)
    page.get_by_role("button", name=re.compile("Legg ved|Last opp")).first.click()
    expect(page.get_by_role("main")).to_contain_text("esken.pdf")
    expect(page.get_by_label("Styrke").nth(0)).to_have_value("500 mg")
    expect(page.get_by_label("Styrke").nth(1)).to_have_value("20 mg" if has_script else "")


def test_a_parent_answers_for_a_child(visitor: Visitor, demo: Demo) -> None:
    page = visitor.page
    # The old cookie, while the new one is on its way.
    visitor.expects(401)
    visitor.logs_in("marte-aune")
    visitor.goes_to("/people")
    page.get_by_role("button", name="Åpne journalen til Ella").click()
    expect(page).to_have_url(re.compile("/for/"))
    starts(visitor, demo, "ella-aune", "om-barnet", page.url.removeprefix(demo.address).rstrip("/"))
    page.get_by_label("Hva liker barnet å bli kalt?").fill("Elle")
    page.get_by_role("group", name=re.compile("barnehage")).get_by_label("Hjemme").check()
    page.get_by_role("group", name=re.compile("hostet")).get_by_label("Aldri").check()
    page.get_by_role("group", name=re.compile("medisiner fast")).get_by_label("Nei").check()
    page.get_by_role("group", name=re.compile("Tåler barnet")).get_by_label("Ja").check()
    page.locator("button[name=do][value=check]").click()
    expect(page.get_by_role("main")).to_contain_text("Elle")
    sends(page)
    expect(page.get_by_role("main")).to_contain_text("Marte Aune")


def test_by_keyboard_alone(opens: Opens) -> None:
    visitor = opens()
    page = visitor.page
    visitor.logs_in("per-aune")
    visitor.goes_to("/forms")
    page.get_by_role("listitem").filter(has_text="Be om time").get_by_role("button").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/forms/drafts/"))

    def tabs_to(what: str) -> None:
        for _ in range(60):
            if page.evaluate("what => document.activeElement.matches(what)", what):
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"no way to {what} by keyboard")

    tabs_to("input[type=radio]")
    page.keyboard.press("Space")
    tabs_to("textarea")
    page.keyboard.type("Vondt i ryggen siden mandag")
    tabs_to("input[type=checkbox]")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    tabs_to("input[type=radio]")
    page.keyboard.press("Space")
    tabs_to("button[value=check]")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/check"))
    expect(page.get_by_role("main")).to_contain_text("Vondt i ryggen siden mandag")
    tabs_to("form[action$=send] button")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/forms/sent/"))


def test_another_device_goes_on_at_the_same_step(opens: Opens, demo: Demo) -> None:
    phone, desktop = opens(viewport={"width": 360, "height": 780}, has_touch=True), opens()
    phone.logs_in("kari-nordli")
    starts(phone, demo, "kari-nordli", "for-diabeteskontroll")
    phone.page.get_by_label("Hvor høy er du?").fill("172")
    phone.page.get_by_label("Hvor mye veier du nå?").fill("81")
    phone.page.get_by_role("button", name="Neste").click()
    phone.page.get_by_label("Begge deler").check()
    expect(phone.page.locator("[data-device=saved]")).to_be_visible()
    desktop.logs_in("kari-nordli")
    desktop.goes_to(re.sub(r"^https?://[^/]+|\?.*", "", phone.page.url))
    expect(desktop.page.get_by_role("heading", level=1)).to_have_text("Blodsukkeret")
    expect(desktop.page.get_by_label("Begge deler")).to_be_checked()


def test_two_tabs_and_a_conflict_that_is_settled(opens: Opens, demo: Demo) -> None:
    visitor = opens()
    visitor.expects(409)
    page = visitor.page
    visitor.logs_in("olav-nordli")
    starts(visitor, demo, "olav-nordli", "hva-er-viktig-for-deg")
    other = visitor.context.new_page()
    other.goto(page.url)
    page.get_by_label("Hva gir deg en god dag?").fill("Å gå tur")
    expect(page.locator("[data-device=saved]")).to_be_visible()
    other.get_by_label("Hva gir deg en god dag?").fill("Barnebarna")
    other.get_by_role("button", name="Velg hva som skal gjelde").click()
    expect(other.get_by_role("main")).to_contain_text("Å gå tur")
    other.get_by_role("radio", name=re.compile("Barnebarna")).check()
    other.locator("main form button").last.click()
    expect(other.get_by_label("Hva gir deg en god dag?")).to_have_value("Barnebarna")
    other.wait_for_load_state("networkidle")
    expect(other.get_by_text("Ikke lagret hos oss ennå")).to_be_hidden()
    other.close()
    page.reload()
    expect(page.get_by_label("Hva gir deg en god dag?")).to_have_value("Barnebarna")


def test_offline_in_between_and_sent_when_the_network_is_back(opens: Opens, demo: Demo) -> None:
    visitor = opens(viewport={"width": 360, "height": 780}, has_touch=True)
    page = visitor.page
    visitor.logs_in("olav-nordli")
    starts(visitor, demo, "olav-nordli", "hva-er-viktig-for-deg")
    page.evaluate("() => navigator.serviceWorker.ready.then(() => null)")
    visitor.loses_the_network()
    page.get_by_label("Hva gir deg en god dag?").fill("Kaffe i sola")
    expect(page.get_by_text("Ikke lagret hos oss ennå")).to_be_visible()
    page.get_by_role("group", name=re.compile("Hvor mye vil du vite")).get_by_label("Det viktigste").check()
    page.get_by_role("group", name=re.compile("samtale om dette")).get_by_label("Nei", exact=True).check()
    visitor.context.set_offline(offline=False)
    expect(page.get_by_text(re.compile(r"^Lagret \d"))).to_be_visible()
    page.locator("button[name=do][value=check]").click()
    expect(page.get_by_role("main")).to_contain_text("Kaffe i sola")
    visitor.context.set_offline(offline=True)
    page.get_by_role("button", name=re.compile("^Send")).click()
    expect(page.get_by_text("Ikke sendt ennå")).to_be_visible()
    visitor.context.set_offline(offline=False)
    expect(page).to_have_url(re.compile("/forms/sent/"))
    expect(page.locator(".form-number strong")).to_have_text(RECEIPT)


@pytest.mark.parametrize("form", ["for-diabeteskontroll", "legemidlene-mine"])
def test_the_script_of_a_form_page_is_small(opens: Opens, demo: Demo, form: str) -> None:
    visitor = opens()
    visitor.logs_in("olav-nordli" if form == "legemidlene-mine" else "kari-nordli")
    starts(visitor, demo, "olav-nordli" if form == "legemidlene-mine" else "kari-nordli", form)
    tools = visitor.context.new_cdp_session(visitor.page)
    tools.send("Network.enable")
    tools.send("Network.setCacheDisabled", {"cacheDisabled": True})
    tools.send("Network.setBypassServiceWorker", {"bypass": True})
    scripts: dict[str, str] = {}
    weights: dict[str, float] = {}
    tools.on(
        "Network.responseReceived",
        lambda one: (
            scripts.update({one["requestId"]: one["response"]["url"]}) if one["type"] == "Script" else None
        ),
    )
    tools.on(
        "Network.loadingFinished", lambda one: weights.update({one["requestId"]: one["encodedDataLength"]})
    )
    visitor.page.reload(wait_until="networkidle")
    by_name = {url.rsplit("/", 1)[-1].split(".")[0]: weights[each] for each, url in scripts.items()}
    print(by_name)  # noqa: T201 - a figure worth telling
    assert set(by_name) == {"app", "form"}
    assert sum(by_name.values()) <= 10_000
