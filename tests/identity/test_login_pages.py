"""Logging in and out as a browser does: our pages on a real database, the stand-in as the provider."""

import hashlib
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import asyncpg
import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from structlog.testing import capture_logs

from identity.browsers import OURS, Browser, browser_at
from identity.logging_in import Database, logins_at, query_of, registration
from identity.stand_in import StandIn
from innsyn.identity.login_pages import Logins
from innsyn.identity.oidc import RelyingParty
from innsyn.identity.sessions import token_of

KARI, AMIR = "28816196088", "47906701517"


@pytest.fixture
def logins(standing_party: RelyingParty, stand_in: StandIn, pool: asyncpg.Pool) -> Logins:
    return logins_at(standing_party, stand_in.issuer, pool)


@pytest.fixture
async def browsers(logins: Logins) -> AsyncIterator[Callable[[], Browser]]:
    """New browsers, each with its own cookies: our application is in this process, the rest is on the network."""
    opened: list[Browser] = []

    def another() -> Browser:
        opened.append(browser_at(logins))
        return opened[-1]

    yield another
    for browser in opened:
        await browser.aclose()


@pytest.fixture
def browser(browsers: Callable[[], Browser]) -> Browser:
    return browsers()


_SESSIONS = (
    "SELECT system, value, acr, ended_at IS NOT NULL"
    " FROM identity.session JOIN identity.person_identifier USING (person_id)"
)


async def at_provider(
    browser: Browser, pid: str = KARI, level: str = "high", onward: str = "/journal"
) -> str:
    """Begin a login and come back from the provider: the address of the callback, not yet opened."""
    begun = await browser.get(
        "/login", params={"next": onward, "login_hint": f"testid:{pid}_idporten-loa-{level}"}
    )
    assert begun.status_code == 303
    answer: str = (await browser.get(begun.headers["location"])).headers["location"]
    return answer


async def logged_in(browser: Browser, pid: str = KARI) -> bytes:
    """Log in; the token of the session."""
    await browser.get(await at_provider(browser, pid))
    token = token_of(browser.cookies["innsyn"])
    assert token
    return token


def session_of(database: Database, token: bytes) -> list[str]:
    """Kind, number, level, and whether it has ended, of the session with this token."""
    hashed = hashlib.sha256(token).hexdigest()
    rows = database.sql(f"{_SESSIONS} WHERE token_hash = decode('{hashed}', 'hex')")
    return rows.split("|")


async def test_a_citizen_logs_in_and_comes_to_the_page_that_was_asked_for(
    browser: Browser, database: Database
) -> None:
    answer = await browser.get(await at_provider(browser, onward="/journal/lab_results?from=2026-01"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/journal/lab_results?from=2026-01")
    token = token_of(browser.cookies["innsyn"])
    assert token
    assert session_of(database, token) == ["fnr", KARI, "idporten-loa-high", "f"]
    [session] = [cookie for cookie in answer.headers.get_list("set-cookie") if cookie.startswith("innsyn=")]
    assert session.split("; ")[1:] == ["HttpOnly", "Path=/", "SameSite=lax"]


async def test_two_citizens_have_two_sessions(browsers: Callable[[], Browser], database: Database) -> None:
    kari, amir = await logged_in(browsers(), KARI), await logged_in(browsers(), AMIR)
    assert session_of(database, kari) == ["fnr", KARI, "idporten-loa-high", "f"]
    assert session_of(database, amir) == ["dnr", AMIR, "idporten-loa-high", "f"]


async def test_no_number_is_in_what_a_login_leaves_behind(browser: Browser, database: Database) -> None:
    with capture_logs() as logs:
        callback = await at_provider(browser)
        answer = await browser.get(callback)
        await browser.get(callback)
    rows = database.sql("SELECT a FROM identity.login_attempt a")
    sessions = database.sql("SELECT s FROM identity.session s")
    left = [str(logs), callback, str(answer.headers), rows, sessions, str(dict(browser.cookies))]
    assert [one for one in left if KARI in one] == []
    assert [log["reason"] for log in logs] == ["no such attempt in this browser"]


async def test_an_answer_is_good_once(browser: Browser, database: Database) -> None:
    callback = await at_provider(browser)
    await browser.get(callback)
    first = token_of(browser.cookies["innsyn"])
    again = await browser.get(callback)
    assert (again.status_code, again.headers.get("set-cookie")) == (400, None)
    assert "Innloggingen ble for gammel" in again.text
    assert first
    assert session_of(database, first)[3] == "f"


async def test_an_answer_in_another_browser_is_refused_and_the_first_can_still_use_it(
    browsers: Callable[[], Browser],
) -> None:
    """Login CSRF: nobody is logged in as somebody else by a link."""
    kari, victim, stranger = browsers(), browsers(), browsers()
    callback = await at_provider(kari)
    await at_provider(victim, AMIR)
    for other in (victim, stranger):
        refused = await other.get(callback)
        assert (refused.status_code, "innsyn" in other.cookies) == (400, False)
    assert (await kari.get(callback)).headers["location"] == "/journal"


async def test_two_tabs_can_log_in_side_by_side(browser: Browser) -> None:
    first, second = (
        await at_provider(browser, onward="/journal"),
        await at_provider(browser, onward="/settings"),
    )
    assert (await browser.get(first)).headers["location"] == "/journal"
    assert (await browser.get(second)).headers["location"] == "/settings"


async def test_an_attempt_that_is_too_old_is_refused_and_forgotten(
    browser: Browser, database: Database
) -> None:
    callback = await at_provider(browser)
    database.sql("UPDATE identity.login_attempt SET begun_at = begun_at - interval '31 minutes'")
    assert (await browser.get(callback)).status_code == 400
    await at_provider(browser)
    assert database.sql("SELECT count(*) FROM identity.login_attempt") == "1"


async def test_a_refused_login_takes_its_attempt_with_it(browser: Browser) -> None:
    callback = await at_provider(browser, level="substantial")
    refused = await browser.get(callback)
    assert (refused.status_code, "innsyn" in browser.cookies) == (403, False)
    assert "Journalen krever innlogging på høyeste nivå" in refused.text
    assert 'href="/login?prompt=login"' in refused.text
    assert (await browser.get(callback)).status_code == 400


@pytest.mark.parametrize(
    ("changed", "status", "text"),
    [
        ({"error": "access_denied", "code": None}, 403, "Du avbrøt innloggingen"),
        ({"iss": "https://idporten.example"}, 502, "ikke til å stole på"),
        ({"iss": None}, 502, "ikke til å stole på"),
        ({"code": "guessed"}, 502, "avsluttet innloggingen"),
        (
            {"error": "<script>", "error_description": "<script>alert(1)</script>"},
            502,
            "avsluttet innloggingen",
        ),
    ],
)
async def test_an_answer_that_does_not_hold_gets_a_page_that_says_why(
    changed: dict[str, str | None], status: int, text: str, browser: Browser
) -> None:
    answer = {**query_of(httpx.Response(303, headers={"location": await at_provider(browser)})), **changed}
    sent = {name: value for name, value in answer.items() if value is not None}
    refused = await browser.get("/login/callback", params=sent, headers={"accept-language": "nb"})
    assert (refused.status_code, "innsyn" in browser.cookies) == (status, False)
    assert text in refused.text
    assert "alert(1)" not in refused.text


async def test_a_parameter_that_comes_twice_is_refused(browser: Browser) -> None:
    callback = await at_provider(browser)
    assert (await browser.get(f"{callback}&code=another")).status_code == 502


async def test_a_callback_from_nowhere_is_refused(browser: Browser) -> None:
    assert (await browser.get("/login/callback")).status_code == 400


async def test_logging_in_again_ends_the_session_before(browser: Browser, database: Database) -> None:
    first = await logged_in(browser)
    second = await logged_in(browser, AMIR)
    assert [session_of(database, token)[3] for token in (first, second)] == ["t", "f"]


async def test_who_is_known_at_the_provider_is_asked_anew_when_that_is_wanted(
    browser: Browser, database: Database
) -> None:
    await logged_in(browser)
    known = await browser.get((await browser.get("/login")).headers["location"])
    assert (await browser.get(known.headers["location"])).headers["location"] == "/"
    asked = await browser.get((await browser.get("/login", params={"prompt": "login"})).headers["location"])
    assert "Hvem vil du være?" in asked.text
    # Kept, so that an old login is not taken for the new one that was asked for.
    newest = "SELECT fresh FROM identity.login_attempt ORDER BY begun_at DESC LIMIT 1"
    assert database.sql(newest) == "t"


async def test_logging_out_ends_the_session_here_and_at_the_provider(
    browser: Browser, database: Database
) -> None:
    token = await logged_in(browser)
    out = await browser.post("/logout")
    assert (out.status_code, out.headers["clear-site-data"]) == (303, '"cache", "cookies", "storage"')
    assert session_of(database, token)[3] == "t"
    assert [name for name in ("innsyn", "innsyn-login") if name in browser.cookies] == []
    back = await browser.get(out.headers["location"])
    assert (back.status_code, back.headers["location"].partition("=")[0]) == (
        302,
        f"{OURS}/logout/done?state",
    )
    # Not even at the provider: it asks who is there.
    asked = await browser.get((await browser.get("/login")).headers["location"])
    assert asked.status_code == 200


async def test_answers_of_somebody_else_that_wait_in_the_browser_are_spared_when_its_script_says_so(
    browser: Browser,
) -> None:
    await logged_in(browser)
    out = await browser.post("/logout", data={"others": "1"})
    assert (out.status_code, out.headers["clear-site-data"]) == (303, '"cache", "cookies"')


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
async def test_another_site_logs_nobody_out(site: str, browser: Browser, database: Database) -> None:
    token = await logged_in(browser)
    assert (await browser.post("/logout", headers={"sec-fetch-site": site})).status_code == 403
    assert session_of(database, token)[3] == "f"


async def test_logging_out_without_a_session_goes_the_same_way(browser: Browser) -> None:
    assert (await browser.post("/logout")).status_code == 303


async def test_the_provider_is_not_needed_for_logging_out_here(
    logins: Logins, client_key: RSAPrivateKey, http: Browser
) -> None:
    away = RelyingParty(registration("http://127.0.0.1:9", client_key), http)
    async with browser_at(replace(logins, relying_party=away)) as browser:
        assert (await browser.post("/logout")).headers["location"] == "/logout/done"
        unavailable = await browser.get("/login")
        assert (unavailable.status_code, "ID-porten svarer ikke" in unavailable.text) == (503, True)


async def test_in_production_nobody_says_who_logs_in_and_cookies_are_bound_to_the_host(
    logins: Logins,
) -> None:
    async with browser_at(replace(logins, production=True), "https://localhost:8000") as browser:
        begun = await browser.get("/login", params={"login_hint": f"testid:{KARI}_idporten-loa-high"})
        assert (await browser.get(begun.headers["location"])).status_code == 200
    [cookie] = begun.headers.get_list("set-cookie")
    name, _, rest = cookie.partition("=")
    assert name == "__Host-innsyn-login"
    assert rest.split("; ")[1:] == ["HttpOnly", "Max-Age=1800", "Path=/", "SameSite=lax", "Secure"]
