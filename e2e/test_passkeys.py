"""A passkey on the own phone: made after a login, used instead of the next, and worth nothing once it is removed."""

from typing import Any

import pytest
from playwright.sync_api import CDPSession, expect

from e2e.browsing import Opens, Visitor

_PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 780}, "has_touch": True}
_DEVICE = {
    "protocol": "ctap2",
    "ctap2Version": "ctap2_1",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def with_lock(visitor: Visitor) -> tuple[CDPSession, str]:
    """Give this browser a device that can be unlocked; how it is told what its owner does."""
    tools = visitor.context.new_cdp_session(visitor.page)
    tools.send("WebAuthn.enable")
    made = tools.send("WebAuthn.addVirtualAuthenticator", {"options": _DEVICE})
    return tools, made["authenticatorId"]


def makes_a_passkey(visitor: Visitor, name: str) -> None:
    visitor.goes_to("/settings")
    visitor.page.get_by_role("link", name="Passnøkler").click()
    visitor.page.get_by_role("link", name="Lag en passnøkkel").click()
    visitor.page.get_by_label("Hva vil du kalle den?").fill(name)
    visitor.page.get_by_role("button", name="Lag passnøkkelen").click()
    expect(visitor.page.get_by_role("status")).to_have_text("Passnøkkelen er klar til bruk.")
    expect(visitor.page.get_by_role("main")).to_contain_text(name)


def logs_out(visitor: Visitor) -> None:
    visitor.page.get_by_role("banner").get_by_role("button", name="Logg ut").click()
    expect(visitor.page.get_by_role("main")).to_contain_text("Ingenting fra journalen din ligger igjen")
    visitor.goes_to("/")


def test_made_after_a_login_used_after_a_logout_and_refused_once_removed(opens: Opens) -> None:
    phone, desk = opens(**_PHONE), opens()
    phone.logs_in("kari-nordli")
    with_lock(phone)
    makes_a_passkey(phone, "Telefonen min")
    logs_out(phone)

    phone.page.get_by_role("link", name="Lås opp med passnøkkel").click()
    phone.page.get_by_role("button", name="Lås opp").click()
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("Hei, Kari")
    phone.goes_to("/journal/medications")
    expect(phone.page.get_by_role("main")).to_contain_text("Metformin")

    phone.expects(401, 403)
    # Another device, where she has logged in with ID-porten.
    desk.logs_in("kari-nordli")
    desk.goes_to("/settings/passkeys")
    expect(desk.page.get_by_role("main")).to_contain_text("Sist brukt")
    desk.page.get_by_role("button", name="Fjern").click()
    expect(desk.page.get_by_role("status")).to_contain_text("Passnøkkelen er fjernet")

    # The page that stands open goes by itself.
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("Du er logget ut")
    expect(phone.page.get_by_role("main")).not_to_contain_text("Metformin")
    phone.page.get_by_role("link", name="Lås opp med passnøkkel").click()
    phone.page.get_by_role("button", name="Lås opp").click()
    expect(phone.page.get_by_role("alert").first).to_contain_text(
        "Vi kunne ikke låse opp med denne passnøkkelen"
    )
    expect(phone.page.get_by_role("link", name="Logg inn med ID-porten")).to_be_visible()


def test_whoever_cannot_unlock_the_device_is_told_what_to_do(opens: Opens) -> None:
    phone = opens(**_PHONE)
    phone.logs_in("olav-nordli")
    tools, device = with_lock(phone)
    makes_a_passkey(phone, "Nettbrettet")
    logs_out(phone)
    tools.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    phone.goes_to("/unlock")
    phone.page.get_by_role("button", name="Lås opp").click()
    expect(phone.page.get_by_role("alert")).to_have_text(
        "Det ble ikke låst opp. Prøv igjen, eller logg inn med ID-porten."
    )
    tools.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": True})
    phone.page.get_by_role("button", name="Lås opp").click()
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("Hei, Olav")


@pytest.mark.parametrize(
    ("path", "heading"),
    [("/unlock", "Lås opp med passnøkkel"), ("/settings/passkeys/new", "Lag en passnøkkel")],
)
def test_without_script_the_pages_say_what_to_do_instead(opens: Opens, path: str, heading: str) -> None:
    visitor = opens(java_script_enabled=False)
    visitor.logs_in("kari-nordli")
    visitor.goes_to(path)
    page = visitor.page
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    expect(page.get_by_role("main")).to_contain_text("logge inn med ID-porten")
    expect(page.locator("form[data-passkey]")).to_be_hidden()
