"""Answers that are not with us yet, and somebody who leaves: one's own go or stay as one says, others' always stay."""

import re

import pytest
from playwright.sync_api import Dialog, Page, expect

from e2e.browsing import Opens, Visitor
from e2e.demo import Demo
from e2e.form_tasks import asked, until
from e2e.forms import in_the_store

QUESTION = "Hva gir deg en god dag?"
WORDS = "Bare Olav vet dette"
KEPT = "Ikke lagret hos oss ennå"
FORM = "hva-er-viktig-for-deg"
ENDED = "UPDATE identity.session SET ended_at = now(), ended_why = 'idle' WHERE ended_at IS NULL"


@pytest.fixture
def visitor(opens: Opens) -> Visitor:
    return opens(viewport={"width": 360, "height": 780}, has_touch=True)


@pytest.fixture
def draft(visitor: Visitor, demo: Demo) -> str:
    """The path of a draft of Olav's."""
    visitor.logs_in("olav-nordli")
    _, task = asked(visitor.page, demo, "olav-nordli", FORM)
    visitor.goes_to(task)
    visitor.page.get_by_role("button", name="Start", exact=True).click()
    expect(visitor.page).to_have_url(re.compile("/forms/drafts/"))
    visitor.page.evaluate("() => navigator.serviceWorker.ready.then(() => null)")
    return visitor.page.url.removeprefix(demo.address).partition("?")[0]


def types_without_a_network(visitor: Visitor) -> None:
    visitor.loses_the_network()
    visitor.page.get_by_label(QUESTION).fill(WORDS)
    expect(visitor.page.get_by_text(KEPT)).to_be_visible()


def in_a_new_tab(visitor: Visitor) -> Page:
    """The one that was open is killed, and the network is back."""
    visitor.page.close()
    visitor.context.set_offline(False)
    visitor.page = visitor.context.new_page()
    return visitor.page


def test_somebody_else_who_logs_out_leaves_them_there(visitor: Visitor, draft: str, demo: Demo) -> None:
    types_without_a_network(visitor)
    demo.sql(ENDED)
    visitor.expects(401)
    page = in_a_new_tab(visitor)
    visitor.logs_in("per-aune")
    for path in ("/forms", "/"):
        visitor.goes_to(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert WORDS not in page.content()
    page.get_by_role("banner").get_by_role("button", name="Logg ut").click()
    expect(page.get_by_role("link", name="Logg inn med ID-porten")).to_be_visible()
    assert visitor.context.cookies() == []
    assert len(in_the_store(page)) == 1

    visitor.logs_in("olav-nordli")
    visitor.goes_to(draft)
    expect(page.get_by_label(QUESTION)).to_have_value(WORDS)
    until(lambda: in_the_store(page) == [], page, "it is on the device still")


@pytest.mark.parametrize("leaves", [True, False], ids=["goes", "stays"])
def test_ending_every_login_warns_of_them_first(visitor: Visitor, draft: str, *, leaves: bool) -> None:
    types_without_a_network(visitor)
    page = in_a_new_tab(visitor)
    # A page without a form: nothing is brought home on it.
    visitor.goes_to("/settings/sessions")
    said: list[str] = []

    def answer(asked: Dialog) -> None:
        said.append(asked.message)
        asked.accept() if leaves else asked.dismiss()

    page.on("dialog", answer)
    page.get_by_role("button", name="Avslutt alle, også denne").click()
    until(lambda: said, page, "nobody was warned")
    assert said[0].startswith("Du har svar på denne enheten som ikke er lagret")
    if leaves:
        expect(page.get_by_role("heading", level=1)).to_contain_text("logget ut")
        assert in_the_store(page) == []
        return
    visitor.goes_to(draft)
    expect(page.get_by_label(QUESTION)).to_have_value(WORDS)


def test_what_was_sent_without_a_network_goes_from_the_list_of_forms(
    visitor: Visitor, draft: str, demo: Demo
) -> None:
    page = visitor.page
    page.get_by_label(QUESTION).fill(WORDS)
    page.get_by_role("group", name=re.compile("Hvor mye vil du vite")).get_by_label("Det viktigste").check()
    page.get_by_role("group", name=re.compile("samtale om dette")).get_by_label("Nei", exact=True).check()
    page.locator("button[name=do][value=check]").click()
    expect(page).to_have_url(re.compile("/check"))
    visitor.loses_the_network()
    page.get_by_role("button", name=re.compile("^Send")).click()
    expect(page.get_by_text("Ikke sendt ennå")).to_be_visible()

    page = in_a_new_tab(visitor)
    visitor.goes_to("/forms")
    sent = page.locator("#device [data-device=sent] a")
    expect(sent).to_have_text(re.compile(r"[B-X]{4}(-[B-X]{4}){2}"))
    number = sent.inner_text()
    until(lambda: in_the_store(page) == [], page, "it is on the device still")
    page.reload()
    expect(page.get_by_role("main")).to_contain_text(number)
    count = "SELECT count(*) FROM form.sent WHERE draft_id = '{}'"
    assert demo.sql(count.format(draft.rpartition("/")[2]), "postgres") == 1
