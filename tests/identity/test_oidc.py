"""A login from end to end, at the provider that lies and at the stand-in."""

import asyncio
import hashlib
import os
import sys
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from identity.evil_provider import KARI, NOW, EvilProvider
from identity.logging_in import logged_in, query_of
from identity.stand_in import BACKEND, StandIn
from innsyn.identity.oidc import Citizen, RelyingParty
from innsyn.identity.oidc_client_keys import thumbprint
from innsyn.identity.oidc_refusals import (
    LevelTooLow,
    LoginNotRecognised,
    ProviderRefused,
)

AMIR = "47906701517"


async def test_who_is_here(evil: EvilProvider, relying_party: RelyingParty) -> None:
    assert await logged_in(relying_party, evil) == Citizen(
        pid=KARI,
        kind="fnr",
        acr="idporten-loa-high",
        sid="session-of-kari",
        sub="pairwise-of-kari",
        auth_time=NOW - timedelta(seconds=5),
        locale="nn",
    )


async def test_a_citizen_is_never_shown_by_representation(
    evil: EvilProvider, relying_party: RelyingParty
) -> None:
    citizen = await logged_in(relying_party, evil)
    assert repr(citizen).startswith("Citizen(kind='fnr', acr='idporten-loa-high', auth_time=")
    assert not [secret for secret in (KARI, citizen.sid, citizen.sub) if secret in repr(citizen)]


async def test_what_is_pushed_and_what_the_browser_gets_to_see(
    evil: EvilProvider, relying_party: RelyingParty, client_key: RSAPrivateKey
) -> None:
    url, attempt = await relying_party.begin("/journal", now=NOW, ui_locales="nn nb", login_hint="hint")
    challenge = urlsafe_b64encode(hashlib.sha256(attempt.verifier.encode()).digest()).rstrip(b"=").decode()
    assertion = evil.pushed.pop("client_assertion")
    assert evil.pushed == {
        "response_type": "code",
        "scope": "openid",
        "client_id": "innsyn",
        "redirect_uri": "http://localhost:8000/login/callback",
        "state": attempt.state,
        "nonce": attempt.nonce,
        "acr_values": "idporten-loa-high",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "ui_locales": "nn nb",
        "login_hint": "hint",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    }
    assert parse_qs(urlsplit(url).query) == {"client_id": ["innsyn"], "request_uri": ["urn:evil:1"]}
    assert url.startswith(f"{evil.issuer}/authorize?")
    claims = jwt.decode(
        assertion,
        client_key.public_key(),
        ["RS256"],
        audience=evil.issuer,
        options={"verify_exp": False, "verify_iat": False},
    )
    assert {**claims, "jti": ""} == {
        "iss": "innsyn",
        "sub": "innsyn",
        "aud": evil.issuer,
        "jti": "",
        "iat": int(NOW.timestamp()),
        "exp": int(NOW.timestamp()) + 60,
    }
    assert jwt.get_unverified_header(assertion)["kid"] == thumbprint(client_key)


async def test_no_two_logins_share_a_secret(relying_party: RelyingParty) -> None:
    attempts = [(await relying_party.begin("/", now=NOW))[1] for _ in range(2)]
    secrets = [secret for one in attempts for secret in (one.state, one.nonce, one.verifier)]
    assert len(set(secrets)) == 6
    assert {43 <= len(one.verifier) <= 128 for one in attempts} == {True}
    assert [secret for secret in secrets if secret in repr(attempts)] == []


# ------------------------------------------------------------------ against the stand-in, as its own process


async def test_a_login_at_the_stand_in(standing_party: RelyingParty, http: httpx.AsyncClient) -> None:
    now = datetime.now(UTC)
    hint = f"testid:{AMIR}_idporten-loa-high"
    url, attempt = await standing_party.begin("/journal", now=now, login_hint=hint, ui_locales="en")
    citizen = await standing_party.finish(attempt, query_of(await http.get(url)), now=now)
    told = (citizen.pid, citizen.kind, citizen.acr, citizen.locale)
    assert told == (AMIR, "dnr", "idporten-loa-high", "en")
    assert abs(citizen.auth_time - now) < timedelta(seconds=10)
    assert attempt.next == "/journal"


async def test_a_login_at_a_lower_level_at_the_stand_in(
    standing_party: RelyingParty, http: httpx.AsyncClient
) -> None:
    now = datetime.now(UTC)
    hint = f"testid:{AMIR}_idporten-loa-substantial"
    url, attempt = await standing_party.begin("/", now=now, login_hint=hint)
    answer = query_of(await http.get(url))
    with pytest.raises(LevelTooLow):
        await standing_party.finish(attempt, answer, now=now)


async def test_a_code_is_good_for_one_login(standing_party: RelyingParty, http: httpx.AsyncClient) -> None:
    now = datetime.now(UTC)
    url, attempt = await standing_party.begin("/", now=now, login_hint=f"testid:{AMIR}_idporten-loa-high")
    answer = query_of(await http.get(url))
    await standing_party.finish(attempt, answer, now=now)
    with pytest.raises(ProviderRefused, match="token: 400"):
        await standing_party.finish(attempt, answer, now=now)


async def test_the_answer_to_one_browser_is_of_no_use_in_another(
    standing_party: RelyingParty, http: httpx.AsyncClient
) -> None:
    now = datetime.now(UTC)
    url, attempt_of_kari = await standing_party.begin(
        "/", now=now, login_hint=f"testid:{KARI}_idporten-loa-high"
    )
    _, attempt_of_amir = await standing_party.begin("/", now=now)
    answer_to_kari = query_of(await http.get(url))
    with pytest.raises(LoginNotRecognised):
        await standing_party.finish(attempt_of_amir, answer_to_kari, now=now)
    # Even with the state forged, the code belongs to the challenge of the one who began.
    with pytest.raises(ProviderRefused):
        await standing_party.finish(
            attempt_of_amir, {**answer_to_kari, "state": attempt_of_amir.state}, now=now
        )
    assert attempt_of_kari.state == answer_to_kari["state"]


async def test_the_stand_in_sends_the_browser_back(
    standing_party: RelyingParty, stand_in: StandIn, http: httpx.AsyncClient
) -> None:
    url = await standing_party.end_session_url("a state", now=datetime.now(UTC))
    assert url.startswith(f"{stand_in.issuer}/logout?")
    response = await http.get(url)
    assert (response.status_code, response.headers["location"]) == (
        302,
        "http://localhost:8000/logout/done?state=a+state",
    )


async def test_a_provider_that_changes_its_key_while_it_runs_is_believed_at_once(
    standing_party: RelyingParty, stand_in: StandIn, http: httpx.AsyncClient
) -> None:
    hint = f"testid:{AMIR}_idporten-loa-high"
    kids = set()
    for _ in range(3):
        url, attempt = await standing_party.begin("/", now=datetime.now(UTC), login_hint=hint)
        answer = query_of(await http.get(url))
        command = [sys.executable, "-m", "standins.idporten.rotate", stand_in.issuer]
        rotating = await asyncio.create_subprocess_exec(
            *command, env={**os.environ, "PYTHONPATH": str(BACKEND)}, stdout=asyncio.subprocess.PIPE
        )
        kids.add((await rotating.communicate())[0])
        assert (await standing_party.finish(attempt, answer, now=datetime.now(UTC))).pid == AMIR
    assert len(kids) == 3
