"""The ways out that have no name elsewhere: headers, bounds, and what a browser must not do in the provider's place."""

import time
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from identity.browsers import Browser, program_at
from identity.logging_in import Database
from identity.meeting import Meeting, logout_token_refused


@pytest.fixture
async def browser(meeting: Meeting) -> AsyncIterator[Browser]:
    async with meeting.browser() as opened:
        yield opened


@pytest.fixture
async def provider(meeting: Meeting) -> AsyncIterator[httpx.AsyncClient]:
    async with program_at(meeting.logins) as opened:
        yield opened


# ------------------------------------------------------------------------------------------------- front channel


async def test_only_the_provider_may_frame_the_one_page_there_is(
    meeting: Meeting, provider: httpx.AsyncClient, browser: Browser
) -> None:
    front = await provider.get("/logout/front", params={"iss": meeting.evil.issuer, "sid": "nobodys"})
    policy = f"default-src 'none'; frame-ancestors {meeting.evil.issuer}"
    assert front.headers["content-security-policy"] == policy
    assert (front.headers["cache-control"], "x-frame-options" in front.headers) == ("no-store", False)
    assert "set-cookie" not in front.headers
    done = await browser.get("/logout/done")
    assert "content-security-policy" not in done.headers  # the application's own, for every other page


@pytest.mark.parametrize("sid", ["x" * 501, "", "'; DROP TABLE identity.session; --", "session\nof"])
async def test_a_sid_that_is_none_ends_nothing(sid: str, meeting: Meeting, browser: Browser) -> None:
    session = await meeting.log_in(browser)
    asked = {"iss": meeting.evil.issuer, "sid": sid}
    assert (await browser.get("/logout/front", params=asked)).status_code == 200
    assert meeting.why_ended(session) is None


# -------------------------------------------------------------------------------------------------- back channel


@pytest.mark.parametrize(
    ("claims", "header"),
    [
        pytest.param({"sid": None, "sub": None}, {}, id="neither-sid-nor-sub"),
        pytest.param({"jti": None}, {}, id="no-jti"),
        pytest.param({"jti": ""}, {}, id="jti-empty"),
        pytest.param({"iat": None}, {}, id="no-iat"),
        pytest.param({"exp": None}, {}, id="no-exp"),
        pytest.param({"events": {}}, {}, id="events-empty"),
        pytest.param({"events": [1]}, {}, id="events-a-list"),
        pytest.param(
            {"events": {"http://schemas.openid.net/event/backchannel-logout": "yes"}},
            {},
            id="event-no-object",
        ),
        pytest.param({"nonce": None, "aud": ["innsyn", "another"]}, {}, id="for-two"),
        pytest.param({}, {"typ": None}, id="no-typ"),
        pytest.param({}, {"typ": "JWT"}, id="an-id-token"),
        pytest.param({}, {"kid": "unknown"}, id="unknown-key"),
    ],
)
async def test_a_logout_token_that_ends_nothing(
    claims: dict[str, Any], header: dict[str, Any], meeting: Meeting
) -> None:
    await logout_token_refused(claims=claims, header=header)(meeting)


@pytest.mark.parametrize(
    ("iat", "exp"), [(-1000, -300), (9 * 86400, 9 * 86400 + 120), (0, 400 * 86400), (-2 * 86400, 60)]
)
async def test_a_logout_token_is_of_these_minutes(iat: int, exp: int, meeting: Meeting) -> None:
    now = int(time.time())
    await logout_token_refused(claims={"iat": now + iat, "exp": now + exp})(meeting)


async def test_telling_again_of_a_session_that_has_ended_is_no_failure(
    meeting: Meeting, browser: Browser
) -> None:
    session = await meeting.log_in(browser)
    for _ in range(2):
        assert await meeting.post_logout_token(meeting.evil.logout_token()) == (200, "no-store")
    assert meeting.why_ended(session) == "provider"


async def test_one_persons_logout_is_nobody_elses(meeting: Meeting) -> None:
    async with meeting.browser() as kari, meeting.browser() as amir:
        karis = await meeting.log_in(kari)
        meeting.evil.claims = {"pid": "47906701517", "sid": "session-of-amir", "sub": "pairwise-of-amir"}
        amirs = await meeting.log_in(amir)
    for about in ({"sub": None}, {"sid": None}):
        await meeting.post_logout_token(meeting.evil.logout_token(about))
        assert (meeting.why_ended(karis), meeting.why_ended(amirs)) == ("provider", None)


async def test_it_is_answered_within_a_second(meeting: Meeting, browser: Browser) -> None:
    await meeting.log_in(browser)
    begun = time.monotonic()
    await meeting.post_logout_token(meeting.evil.logout_token())
    assert time.monotonic() - begun < 1


async def test_a_used_token_is_remembered_for_as_long_as_it_is_good(
    meeting: Meeting, browser: Browser, database: Database
) -> None:
    await meeting.log_in(browser)
    await meeting.post_logout_token(meeting.evil.logout_token())
    database.sql("UPDATE identity.logout_token SET good_until = now() - interval '1 second'")
    await meeting.post_logout_token(meeting.evil.logout_token())
    assert database.sql("SELECT count(*) FROM identity.logout_token") == "1"
    await meeting.post_logout_token(meeting.evil.logout_token({"jti": None}))
    assert database.sql("SELECT count(*) FROM identity.logout_token") == "1"


async def test_tokens_from_anybody_do_not_use_up_what_a_login_needs(
    meeting: Meeting, browser: Browser
) -> None:
    await meeting.log_in(browser)
    read = meeting.evil.asked.count("/jwks.json")
    for number in range(20):
        forged = meeting.evil.logout_token({}, {"kid": f"unknown-{number}"})
        assert (await meeting.post_logout_token(forged))[0] == 400
    assert meeting.evil.asked.count("/jwks.json") == read + 5
    meeting.evil.header = {"kid": "renamed"}
    meeting.evil.keys = [{**meeting.evil.keys[0], "kid": "renamed"}]
    assert await meeting.log_in(browser)


@pytest.mark.parametrize(
    "said",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "none"},
        {"origin": "https://idporten.example"},
        {"cookie": "innsyn=x"},
    ],
)
async def test_a_browser_is_no_provider(
    said: dict[str, str], meeting: Meeting, provider: httpx.AsyncClient, browser: Browser
) -> None:
    session = await meeting.log_in(browser)
    form = {"logout_token": meeting.evil.logout_token()}
    assert (await provider.post("/logout/back", data=form, headers=said)).status_code == 403
    assert meeting.why_ended(session) is None


@pytest.mark.parametrize("address", ["/logout", "/logout/back/", "/logout/front", "/login"])
async def test_a_program_is_let_through_to_one_address(address: str, provider: httpx.AsyncClient) -> None:
    assert (await provider.post(address, data={"logout_token": "x"})).status_code == 403


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "multipart/form-data"])
async def test_a_logout_token_comes_as_a_form(content_type: str, provider: httpx.AsyncClient) -> None:
    sent = {"content-type": content_type}
    answer = await provider.post("/logout/back", content=b"logout_token=x", headers=sent)
    assert answer.status_code == 415


# ------------------------------------------------------------------------------------------------------ and back


async def test_whoever_has_logged_in_again_is_not_told_that_they_are_out(
    meeting: Meeting, browser: Browser
) -> None:
    await meeting.log_in(browser)
    again = await browser.get("/logout/done", params={"state": "x"})
    assert (again.status_code, again.headers["location"]) == (303, "/")


async def test_what_the_provider_is_asked_for_is_forgotten(
    meeting: Meeting, browser: Browser, database: Database
) -> None:
    await browser.post("/logout")
    long_ago = timedelta(minutes=31)
    database.sql(f"UPDATE identity.logout_attempt SET begun_at = begun_at - interval '{long_ago}'")  # noqa: S608
    await browser.post("/logout")
    assert database.sql("SELECT count(*) FROM identity.logout_attempt") == "1"
    assert meeting.evil.asked.count("/.well-known/openid-configuration") == 1


@pytest.mark.parametrize(
    "claims", [{"acr": "idporten-loa-substantial"}, {"pid": None}, {"pid": "28816196087"}]
)
async def test_who_is_denied_is_offered_to_log_out_at_the_provider_too(
    claims: dict[str, Any], meeting: Meeting, browser: Browser
) -> None:
    meeting.evil.claims = claims
    answer = await meeting.at_callback(browser)
    page = await browser.get("/login/callback", params=answer, headers={"accept-language": "nb"})
    assert (page.status_code, "innsyn" in browser.cookies) == (403, False)
    assert '<form method="post" action="/logout">' in page.text
    assert "Du er fortsatt logget inn i ID-porten." in page.text
    out = await browser.post("/logout")
    assert out.headers["location"].startswith(f"{meeting.evil.issuer}/logout?client_id=innsyn&")


async def test_who_has_not_been_at_the_provider_is_not(meeting: Meeting, browser: Browser) -> None:
    answer = await meeting.at_callback(browser, iss="https://idporten.example")
    page = await browser.get("/login/callback", params=answer)
    assert (page.status_code, 'action="/logout"' in page.text) == (502, False)
