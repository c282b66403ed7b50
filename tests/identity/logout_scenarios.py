"""What comes of each logout that the conformance plans name."""

from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from identity import forgeries
from identity.browsers import Browser, program_at
from identity.conformance import CORE, LOGOUT
from identity.meeting import Meeting, Scenario, logout_token_refused

_EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"


async def _asked_to_log_out(meeting: Meeting, browser: Browser) -> dict[str, list[str]]:
    """Log in and press the button: what the provider is asked for."""
    session = await meeting.log_in(browser)
    out = await browser.post("/logout")
    assert out.headers["location"].startswith(f"{meeting.evil.issuer}/logout?")
    assert meeting.why_ended(session) is not None
    return parse_qs(urlsplit(out.headers["location"]).query)


async def _by_us(meeting: Meeting) -> None:
    async with meeting.browser() as browser:
        asked = await _asked_to_log_out(meeting, browser)
        [state] = asked.pop("state")
        assert asked == {
            "client_id": ["innsyn"],
            "post_logout_redirect_uri": ["http://localhost:8000/logout/done"],
        }
        page = await browser.get("/logout/done", params={"state": state}, headers={"accept-language": "nb"})
    assert "Du er logget ut av både Innsyn og ID-porten." in page.text


def _back_with(**state: str) -> Scenario:
    """Logged out here all the same; that the provider has been there is not claimed."""

    async def scenario(meeting: Meeting) -> None:
        async with meeting.browser() as browser:
            await _asked_to_log_out(meeting, browser)
            page = await browser.get("/logout/done", params=state, headers={"accept-language": "nb"})
        assert page.status_code == 200
        assert "Vi vet ikke om du også er logget ut av ID-porten." in page.text
        assert "både Innsyn og ID-porten" not in page.text

    return scenario


async def _back_channel(meeting: Meeting) -> None:
    for subject in ({}, {"sub": None}, {"sid": None}):
        async with meeting.browser() as browser:
            session = await meeting.log_in(browser)
        token = meeting.evil.logout_token(subject)
        assert await meeting.post_logout_token(token) == (200, "no-store")
        assert meeting.why_ended(session) == "provider"


async def front_channel(meeting: Meeting) -> None:
    """Two of the session end by iss and sid without a cookie; a stranger's iss or sid gets the same answer."""
    async with meeting.browser() as browser, meeting.browser() as other:
        session = await meeting.log_in(browser)
        meeting.evil.claims = {"sid": "another-session"}
        others = await meeting.log_in(other)
    told: list[Any] = []
    issuer = meeting.evil.issuer
    async with program_at(meeting.logins) as frame:
        for iss, sid in (
            (issuer, "nobodys"),
            ("https://idporten.example", "session-of-kari"),
            (issuer, ""),
            (issuer, "session-of-kari"),
        ):
            assert (meeting.why_ended(session), meeting.why_ended(others)) == (None, None)
            answer = await frame.get("/logout/front", params={"iss": iss, "sid": sid})
            told.append((answer.status_code, answer.content, dict(answer.headers)))
    assert [each == told[0] for each in told] == [True] * 4
    assert (meeting.why_ended(session), meeting.why_ended(others)) == ("provider", None)


LOGOUTS: Final[dict[str, Scenario]] = {
    f"{CORE}-rp-init-logout": _by_us,
    f"{CORE}-rp-init-logout-other-state": _back_with(state="another"),
    f"{CORE}-rp-init-logout-no-state": _back_with(),
    LOGOUT: _back_channel,
    f"{LOGOUT}-alg-none": logout_token_refused(signed=forgeries.unsigned),
    f"{LOGOUT}-no-event": logout_token_refused(claims={"events": None}),
    f"{LOGOUT}-with-nonce": logout_token_refused(claims={"nonce": "a-nonce"}),
    f"{LOGOUT}-wrong-alg": logout_token_refused(signed=forgeries.on_a_curve),
    f"{LOGOUT}-wrong-aud": logout_token_refused(claims={"aud": "another"}),
    f"{LOGOUT}-wrong-event": logout_token_refused(claims={"events": {f"{_EVENT}-of-another-kind": {}}}),
    f"{LOGOUT}-wrong-iss": logout_token_refused(claims={"iss": "https://idporten.example"}),
    f"{CORE}-rp-frontchannel-rpinitlogout": front_channel,
    f"{CORE}-rp-frontchannel-opinitlogout": front_channel,
    "TestFrontChannelLogout": front_channel,
}
