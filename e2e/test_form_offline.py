"""A form without a network, or with one that loses answers: on the device, merged when it is back, sent once."""

from playwright.sync_api import expect

from e2e.form_faults import ON_THE_DEVICE, unheard
from e2e.forms import DRAFT, RECEIPT, Opened, in_the_store, until

KEPT = "Ikke lagret hos oss ennå"
NOT_SENT = "Ikke sendt ennå"


def test_without_a_network_it_is_on_the_device_and_goes_when_the_network_is_back(opened: Opened) -> None:
    _, desk, context, page = opened
    context.set_offline(True)
    page.get_by_label("Ja").check()
    page.get_by_label("Hvor", exact=True).fill("Kneet")
    expect(page.get_by_text(KEPT)).to_be_visible()
    assert in_the_store(page) == ["kari__"]
    page.get_by_role("button", name="Neste").click()
    expect(page.get_by_text("Du kan gå videre når vi får kontakt")).to_be_visible()
    assert page.get_by_label("Hvor", exact=True).input_value() == "Kneet"
    context.set_offline(False)
    expect(page.get_by_text("Lagret 13.45")).to_be_visible()
    assert desk.answers == {"0": "true", "1": "Kneet"}
    page.get_by_role("button", name="Neste").click()
    expect(page.get_by_role("button", name="Send")).to_be_visible()


def test_what_was_typed_before_the_tab_was_killed_is_there_at_the_next_load(opened: Opened) -> None:
    address, desk, context, page = opened
    context.set_offline(True)
    page.get_by_label("Mer").fill("Skrevet uten nett")
    expect(page.get_by_text(KEPT)).to_be_visible()
    page.close()
    context.set_offline(False)
    desk.live({"on": "2", "2": "4", "revision": "1"})  # meanwhile, elsewhere
    page = context.new_page()
    page.goto(address + DRAFT)
    expect(page.get_by_label("Mer")).to_have_value("Skrevet uten nett")
    expect(page.get_by_label("Hvor mange")).to_have_value("4")
    assert desk.answers == {"2": "4", "4": "Skrevet uten nett"}
    until(lambda: in_the_store(page) == [], page)


def test_a_save_that_arrived_though_nobody_heard_is_no_conflict(opened: Opened) -> None:
    address, desk, context, page = opened
    page.route("**/live", unheard)
    page.get_by_label("Mer").fill("Først")
    expect(page.get_by_text(KEPT)).to_be_visible()
    assert desk.answers == {"4": "Først"}
    context.set_offline(True)
    page.get_by_label("Mer").fill("Først og så")
    until(lambda: page.evaluate(ON_THE_DEVICE, "Først og så"), page)
    # And once more, when it is tried again, and this time it does not even leave.
    page.get_by_label("Hvor mange").fill("3")
    expect(page.get_by_text(KEPT)).to_be_visible()
    until(lambda: page.evaluate(ON_THE_DEVICE, "3"), page)
    page.close()
    context.set_offline(False)
    page = context.new_page()
    page.goto(address + DRAFT)
    expect(page.get_by_label("Mer")).to_have_value("Først og så")
    assert desk.answers == {"2": "3", "4": "Først og så"}


def test_what_is_sent_without_a_network_goes_once_when_there_is_one(opened: Opened) -> None:
    address, desk, context, page = opened
    page.goto(f"{address}{DRAFT}/check")
    context.set_offline(True)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text(NOT_SENT)).to_be_visible()
    assert desk.sent == {}
    page.close()
    context.set_offline(False)
    page = context.new_page()
    page.goto(f"{address}/forms")
    expect(page.locator("#device")).to_contain_text(f"Svaret er sendt. Kvitteringsnummer: {RECEIPT}")
    assert list(desk.sent) == ["the-key"]
    assert in_the_store(page) == []
    page.reload()
    expect(page.get_by_text(RECEIPT)).to_be_hidden()
