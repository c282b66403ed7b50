"""What none of the others asks of a login, and we do."""

import asyncio
from typing import Any, Final

import httpx
import pytest
from litestar import Response

from identity import forgeries
from identity.logging_in import logged_in, registration
from identity.meeting import Meeting, Scenario, refused
from identity.oidc_scenarios import SECONDS, no_code
from innsyn.identity.oidc import RelyingParty
from innsyn.identity.oidc_refusals import (
    LevelTooLow,
    NationalIdentityRefused,
    NoNationalIdentity,
    ProviderRefused,
    ProviderUnavailable,
)

_HEADER: Final = "id_token: header that a token may not have"
_TOO_LARGE: Final = Response(b'"' + b"a" * 10_000_000 + b'"')
_INWARDS: Final = Response(b"", status_code=302, headers={"location": "http://169.254.169.254/"})


def _keys_answer(answer: Response[Any], reason: str) -> Scenario:
    return refused(reason, ProviderUnavailable, answers={"/jwks.json": answer})


def _header(**more: Any) -> Scenario:  # noqa: ANN401 - of a header
    return refused(_HEADER, header=more, signed=forgeries.anyhow)


async def _slow_keys(meeting: Meeting) -> None:
    async def keys_are_slow(request: httpx.Request) -> None:
        if request.url.path == "/jwks.json":
            meeting.evil.silent_until = asyncio.Event()

    hooks: dict[str, Any] = {"request": [keys_are_slow]}
    async with httpx.AsyncClient(timeout=0.2, trust_env=False, event_hooks=hooks) as impatient:
        ours = registration(meeting.evil.issuer, meeting.client_key)
        with pytest.raises(ProviderUnavailable, match="provider: ReadTimeout"):
            await logged_in(RelyingParty(ours, impatient), meeting.evil)
    assert meeting.evil.silent_until
    meeting.evil.silent_until.set()


async def _code_delivered_twice(meeting: Meeting) -> None:
    async with meeting.browser() as browser:
        answer = await meeting.at_callback(browser)
        once, again = await asyncio.gather(*(browser.get("/login/callback", params=answer) for _ in range(2)))
    assert sorted((once.status_code, again.status_code)) == [303, 400]
    assert meeting.evil.asked.count("/token") == 1


async def _callback_in_another_browser(meeting: Meeting) -> None:
    async with meeting.browser() as kari, meeting.browser() as victim:
        await meeting.at_callback(victim)
        answer = await meeting.at_callback(kari)
        refused_there = await victim.get("/login/callback", params=answer)
        assert (refused_there.status_code, "innsyn" in victim.cookies) == (400, False)
        assert (await kari.get("/login/callback", params=answer)).status_code == 303


async def _callback_after_logout(meeting: Meeting) -> None:
    """Both the answer that was used, and one that was under way when the browser was emptied."""
    async with meeting.browser() as browser:
        used = await meeting.at_callback(browser)
        await browser.get("/login/callback", params=used)
        under_way = await meeting.at_callback(browser)
        await browser.post("/logout")
        for answer in (used, under_way):
            late = await browser.get("/login/callback", params=answer)
            assert (late.status_code, "innsyn" in browser.cookies) == (400, False)


async def _replayed_logout_token(meeting: Meeting) -> None:
    """Used once it ends a session; the same again is refused, and ends none that was begun since."""
    async with meeting.browser() as browser:
        await meeting.log_in(browser)
        token = meeting.evil.logout_token()
        assert await meeting.post_logout_token(token) == (200, "no-store")
        newer = await meeting.log_in(browser)
    assert await meeting.post_logout_token(token) == (400, "no-store")
    assert meeting.why_ended(newer) is None


async def session_with_inactivity(meeting: Meeting) -> None:
    """After half an hour without use the session is nobody's: a step-up begins a new one."""
    async with meeting.browser() as browser:
        rested = await meeting.log_in(browser)
        meeting.database.sql(
            "UPDATE identity.session SET last_used_at = last_used_at - interval '31 minutes'"
        )
        await browser.get("/login", params={"prompt": "login"})
        answer = {"code": "a-code", "state": meeting.evil.pushed["state"], "iss": meeting.evil.issuer}
        assert (await browser.get("/login/callback", params=answer)).status_code == 303
    assert meeting.why_ended(rested) is not None


_OWN: Final = {
    "acr-lower-than-asked": refused("id_token: acr", LevelTooLow, claims={"acr": "idporten-loa-substantial"}),
    "acr-missing": refused("id_token: acr", LevelTooLow, claims={"acr": None}),
    "auth_time-older-than-max_age": refused(
        "id_token: auth_time", claims={"auth_time": SECONDS - 60}, prompt="login"
    ),
    "pid-missing": refused("id_token: no pid", NoNationalIdentity, claims={"pid": None}),
    "pid-not-11-digits": refused("id_token: pid", NationalIdentityRefused, claims={"pid": "2881619608"}),
    "pid-checksum-wrong": refused("id_token: pid", NationalIdentityRefused, claims={"pid": "28816196087"}),
    "pid-synthetic-in-production": refused("id_token: pid", NationalIdentityRefused, production=True),
    "hs256-with-the-public-key": refused(
        "id_token: alg is not RS256", signed=forgeries.with_the_public_key_as_secret
    ),
    "jku-header": _header(jku="http://127.0.0.1:1/keys"),
    "x5u-header": _header(x5u="http://127.0.0.1:1/chain"),
    "jwk-header": _header(jwk={"kty": "RSA"}),
    "crit-header": _header(crit=["exp"]),
    "two-aud-without-azp": refused("id_token: aud", claims={"aud": ["innsyn", "another"]}),
    "token-9-days-in-the-future": refused("id_token: iat", claims={"iat": SECONDS + 9 * 86400}),
    "code-delivered-twice": _code_delivered_twice,
    "callback-in-another-browser": _callback_in_another_browser,
    "callback-after-logout": _callback_after_logout,
    "mixed-up-provider": no_code({"iss": "https://login.another.example"}, "answer: iss"),
    "error-with-html": no_code(
        {"error": "<script>", "error_description": "<script>alert(1)</script>"},
        "answer: error",
        ProviderRefused,
    ),
    "id_token-of-10-mb": refused(
        "provider: answer too large", ProviderUnavailable, tokens={"id_token": "a" * 10_000_000}
    ),
    "jwks-of-10-mb": _keys_answer(_TOO_LARGE, "provider: answer too large"),
    "jwks-slow": _slow_keys,
    "jwks-500": _keys_answer(Response({}, status_code=500), "provider answered 500"),
    "jwks-redirect-to-169.254.169.254": _keys_answer(_INWARDS, "provider answered 302"),
    "backchannel-token-replay": _replayed_logout_token,
    "right-header-signed-with-another-key": refused("id_token: signature", signed=forgeries.with_another_key),
}
OWN: Final[dict[str, Scenario]] = {
    **{f"ours-{name}": scenario for name, scenario in _OWN.items()},
    "TestSession_WithInactivity": session_with_inactivity,
}
