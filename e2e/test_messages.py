"""A citizen writes, the care team answers on its own page, and what it says comes into the open thread."""

import re
import time

from playwright.sync_api import Page, expect

from e2e.browsing import Opens
from e2e.demo import Demo
from e2e.form_tasks import until

_PHONE = {"viewport": {"width": 360, "height": 780}, "has_touch": True}
_BUSY = 15.0


def _writes(page: Page, topic: str, text: str) -> None:
    """Write to the first unit that is known, from the menu."""
    page.get_by_role("link", name=re.compile("^Meldinger")).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Meldinger")
    page.get_by_role("link", name="Skriv en ny melding").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Skriv en ny melding")
    page.locator(".news .line > a").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Skriv til "))
    expect(page.get_by_role("link", name="113").first).to_be_visible()
    page.get_by_label("Spørsmål").check()
    page.get_by_label("Emne").fill(topic)
    page.get_by_label("Meldingen", exact=True).fill(text)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(topic)
    expect(page.locator(".message").last).to_contain_text(text)


def _thread(page: Page) -> str:
    found = re.search(r"/messages/([0-9a-f-]{36})", page.url)
    assert found
    return found[1]


def _is_there(demo: Demo, page: Page, thread: str) -> None:
    """Wait until the journal holds it, and we know that it does."""
    asked = f"SELECT count(*) FROM message.message WHERE thread_id = '{thread}' AND feed IS NULL"  # noqa: S608 - our own
    until(lambda: demo.sql(asked, "postgres") == 0, page, "it never came back from the journal", 40)


def _answers(staff: Page, demo: Demo, thread: str, text: str) -> None:
    staff.goto(f"{demo.journal}/play/threads/{thread}")
    staff.get_by_label("Svaret").fill(text)
    staff.get_by_role("button", name="Send svar").click()
    expect(staff.get_by_role("status")).to_have_text("Svaret er sendt.")


def test_an_answer_comes_into_the_open_thread(opens: Opens, demo: Demo) -> None:
    visitor, team = opens(**_PHONE), opens()
    page, staff = visitor.page, team.page
    visitor.logs_in("kari-nordli")
    _writes(page, "Om sårstellet", "Skal bandasjen av i dag?")
    thread = _thread(page)
    _is_there(demo, page, thread)
    expect(page.get_by_text("Mottatt i journalen")).to_be_visible()
    staff.goto(f"{demo.journal}/play/threads/{thread}")
    staff.get_by_role("button", name="Merk som lest").click()
    expect(staff.get_by_role("status")).to_be_visible()
    expect(page.get_by_text("Lest av helsetjenesten")).to_be_visible()
    # What is being written stays where it is.
    page.get_by_label("Meldingen din").fill("En ting til")
    _answers(staff, demo, thread, "Nei, la den sitte til i morgen.")
    since = time.monotonic()
    expect(page.get_by_text("Nei, la den sitte til i morgen.")).to_be_visible()
    assert time.monotonic() - since < _BUSY
    expect(page.get_by_label("Meldingen din")).to_have_value("En ting til")
    staff.get_by_role("button", name="Avslutt tråden").click()
    expect(page.get_by_text("Samtalen er avsluttet.")).to_be_visible()


def test_it_is_written_read_and_solved_without_a_script(opens: Opens, demo: Demo) -> None:
    visitor, team = opens(java_script_enabled=False), opens()
    page = visitor.page
    visitor.logs_in("kari-nordli")
    _writes(page, "Om nøkkelen", "Hvem har nøkkelen?")
    thread = _thread(page)
    _is_there(demo, page, thread)
    _answers(team.page, demo, thread, "Vi har den.")
    asked = f"SELECT count(*) FROM message.message WHERE thread_id = '{thread}' AND side = 'unit'"  # noqa: S608 - our own
    until(lambda: demo.sql(asked, "postgres") == 1, page, "the answer never came", 40)
    page.get_by_role("link", name="Hjem", exact=True).click()
    expect(page.locator(".badge")).to_contain_text(re.compile(r"\d"))
    visitor.goes_to(f"/messages/{thread}")
    expect(page.get_by_text("Vi har den.")).to_be_visible()
    page.get_by_label("Meldingen din").fill("Halvferdig svar")
    page.get_by_role("button", name="Fortsett senere").click()
    expect(page.get_by_role("heading", name="Påbegynt")).to_be_visible()
    visitor.goes_to(f"/messages/{thread}")
    expect(page.get_by_label("Meldingen din")).to_have_value("Halvferdig svar")
    page.get_by_text("Dette er løst for meg").click()
    page.get_by_role("button", name="Avslutt samtalen").click()
    expect(page.get_by_text(re.compile("Samtalen er avsluttet|Ikke sendt ennå")).first).to_be_visible()


def test_what_is_sent_without_a_network_goes_once_there_is_one(opens: Opens, demo: Demo) -> None:
    visitor = opens(**_PHONE)
    page = visitor.page
    visitor.logs_in("kari-nordli")
    _writes(page, "Om turen", "Når kommer dere?")
    thread = _thread(page)
    visitor.loses_the_network()
    page.get_by_label("Meldingen din").fill("Jeg er hjemme hele dagen.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("Den blir sendt når du er på nett igjen.")).to_be_visible()
    visitor.context.set_offline(False)
    expect(page.locator(".message").last).to_contain_text("Jeg er hjemme hele dagen.")
    asked = f"SELECT count(*) FROM message.message WHERE thread_id = '{thread}' AND side = 'citizen'"  # noqa: S608 - our own
    assert demo.sql(asked, "postgres") == 2


def test_what_was_to_be_sent_and_is_refused_on_another_page_is_kept_until_its_own_is_open(
    opens: Opens, demo: Demo
) -> None:
    visitor = opens(**_PHONE)
    page = visitor.page
    visitor.logs_in("kari-nordli")
    visitor.expects(409)
    visitor.goes_to("/messages/new")
    page.locator(".news .line > a").first.click()
    page.get_by_label("Spørsmål").check()
    page.get_by_label("Emne").fill("Kjelleren")
    page.get_by_label("Meldingen", exact=True).fill("Begynt.")
    of_it = "FROM message.draft WHERE topic = 'Kjelleren'"
    until(
        lambda: demo.sql(f"SELECT count(*) {of_it} AND text = 'Begynt.'", "postgres") == 1, page, "not kept"
    )
    visitor.loses_the_network()
    page.get_by_label("Meldingen", exact=True).fill("Skrevet i kjelleren.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("Den blir sendt når du er på nett igjen.")).to_be_visible()
    draft = page.url.rpartition("/")[2]
    # Meanwhile it was gone on with on another device.
    told = "UPDATE message.draft SET text = 'Fra PC-en.', revision = revision + 1 WHERE topic = 'Kjelleren' RETURNING 1"
    demo.sql(told, "postgres")
    page.close()
    visitor.context.set_offline(False)
    other = visitor.context.new_page()
    with other.expect_response(re.compile(r"/messages/drafts/.+/live$")) as answer:
        other.goto(f"{demo.address}/messages")
    assert answer.value.status == 409
    other.goto(f"{demo.address}/messages/drafts/{draft}")
    expect(other.get_by_label("Meldingen", exact=True)).to_have_value("Skrevet i kjelleren.")
    expect(other.get_by_text("Fra PC-en.")).to_be_visible()
    assert demo.sql("SELECT count(*) FROM message.message WHERE topic = 'Kjelleren'", "postgres") == 0
