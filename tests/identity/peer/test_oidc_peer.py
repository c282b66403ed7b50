"""A login and a logout with a provider that none of us has written (npm's oidc-provider)."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import asyncpg
import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from identity.browsers import Browser, browser_at, pages_of
from identity.logging_in import CALLBACK, LOGGED_OUT, Database, logins_at, query_of, registration
from identity.peer.running import confirmed, followed, running_peer
from innsyn.identity.login_pages import Logins
from innsyn.identity.oidc import RelyingParty
from innsyn.identity.oidc_refusals import ProviderRefused

KARI = "28816196088"
SUB = f"peer-{hashlib.sha256(KARI.encode()).hexdigest()}"
_SESSION = (
    "SELECT value, acr, sid <> '', sub, coalesce(ended_why, '') FROM identity.session"
    " JOIN identity.person_identifier USING (person_id) WHERE issuer = '{}' ORDER BY started_at DESC LIMIT 1"
)


@pytest.fixture
async def logins(
    client_key: RSAPrivateKey, http: httpx.AsyncClient, pool: asyncpg.Pool
) -> AsyncIterator[Logins]:
    async with running_peer(client_key) as (issuer, ours):
        logins = logins_at(RelyingParty(registration(issuer, client_key), http), issuer, pool)
        ours.app = pages_of(logins)
        yield logins


@pytest.fixture
async def browser(logins: Logins) -> AsyncIterator[Browser]:
    async with browser_at(logins) as opened:
        yield opened


async def logged_in(browser: Browser) -> None:
    begun = await browser.get("/login", params={"login_hint": KARI, "next": "/journal"})
    callback = await followed(browser, begun.headers["location"], CALLBACK)
    assert (await browser.get(callback)).headers["location"] == "/journal"


async def test_a_citizen_logs_in(browser: Browser, logins: Logins, database: Database) -> None:
    await logged_in(browser)
    assert "innsyn" in browser.cookies
    row = database.sql(_SESSION.format(logins.issuer))
    assert row == f"{KARI}|idporten-loa-high|t|{SUB}|"


async def test_what_the_peer_tells(logins: Logins) -> None:
    now = datetime.now(UTC)
    we = logins.relying_party
    url, attempt = await we.begin("/", now=now, login_hint=KARI)
    async with httpx.AsyncClient(trust_env=False) as browser:
        callback = await followed(browser, url, CALLBACK)
        answer = query_of(httpx.Response(303, headers={"location": callback}))
        assert answer.keys() == {"code", "state", "iss"}
        citizen = await we.finish(attempt, answer, now=datetime.now(UTC))
        assert (citizen.pid, citizen.acr, citizen.sub) == (KARI, "idporten-loa-high", SUB)
        assert citizen.sid
        # A code is good once: the peer refuses it, and so do we.
        with pytest.raises(ProviderRefused, match="token: 400"):
            await we.finish(attempt, answer, now=datetime.now(UTC))


async def test_a_verifier_of_another_login_is_refused(logins: Logins) -> None:
    now = datetime.now(UTC)
    we = logins.relying_party
    url, attempt = await we.begin("/", now=now, login_hint=KARI)
    _, another = await we.begin("/", now=now)
    async with httpx.AsyncClient(trust_env=False) as browser:
        callback = await followed(browser, url, CALLBACK)
    answer = query_of(httpx.Response(303, headers={"location": callback}))
    with pytest.raises(ProviderRefused, match="token: 400"):
        await we.finish(replace(attempt, verifier=another.verifier), answer, now=now)


async def test_a_step_up_asks_anew(browser: Browser, logins: Logins, database: Database) -> None:
    await logged_in(browser)
    before = browser.cookies["innsyn"]
    begun = await browser.get("/login", params={"prompt": "login", "login_hint": KARI, "next": "/access"})
    steps = await browser.get(begun.headers["location"])
    assert "/interaction/" in steps.headers["location"]
    callback = await followed(browser, f"{logins.issuer}{steps.headers['location']}", CALLBACK)
    assert (await browser.get(callback)).headers["location"] == "/access"
    assert browser.cookies["innsyn"] != before
    count = (
        "SELECT count(*), max(auth_time) > now() - interval '{}' FROM identity.session WHERE issuer = '{}'"
    )
    assert database.sql(count.format(timedelta(minutes=1), logins.issuer)) == "1|t"


async def test_a_logout_at_the_peer_ends_the_session_here(
    browser: Browser, logins: Logins, database: Database
) -> None:
    await logged_in(browser)
    page = await browser.get(f"{logins.issuer}/session/end", params={"client_id": "innsyn"})
    await confirmed(browser, page)
    assert database.sql(_SESSION.format(logins.issuer)).endswith("|provider")


async def test_a_logout_here_ends_the_session_at_the_peer(browser: Browser) -> None:
    await logged_in(browser)
    out = await browser.post("/logout")
    back = await confirmed(browser, await browser.get(out.headers["location"]))
    assert (back.status_code, back.headers["location"].partition("?")[0]) == (303, LOGGED_OUT)
    page = await browser.get(back.headers["location"], headers={"accept-language": "en"})
    assert "You are logged out of both Innsyn and ID-porten." in page.text
