"""ID-porten's own tests of a service before it may go live, by their numbers (5 is no more; 10 is onbehalfof)."""

import html
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from identity.logging_in import Database
from identity.two_services import ELSEWHERE, Two, two_services

KARI, AMIR = "28816196088", "47906701517"
SUBSTANTIAL, HIGH = "idporten-loa-substantial", "idporten-loa-high"


@pytest.fixture
async def two(database: Database, client_key: RSAPrivateKey, tmp_path: Path) -> AsyncIterator[Two]:
    async with two_services(database, client_key, tmp_path) as opened:
        yield opened


@pytest.fixture
async def browser(two: Two) -> AsyncIterator[httpx.AsyncClient]:
    async with two.browser() as opened:
        yield opened


@pytest.mark.parametrize("level", [pytest.param(SUBSTANTIAL, id="1"), pytest.param(HIGH, id="2")])
async def test_single_sign_on_from_our_service_to_another(
    level: str, two: Two, browser: httpx.AsyncClient
) -> None:
    await two.log_in(browser, KARI)
    claims = await two.told_elsewhere(browser, await two.asked_elsewhere(browser, level))
    assert (claims["pid"], claims["acr"], claims["sid"]) == (KARI, HIGH, two.newest_session()["sid"])


async def test_3_single_sign_on_at_substantial_is_asked_for_more_at_our_service(
    two: Two, browser: httpx.AsyncClient
) -> None:
    await two.asked_elsewhere(browser, SUBSTANTIAL, f"testid:{KARI}_{SUBSTANTIAL}")
    page = await two.asked_by_ours(browser)
    assert (page.status_code, "Hvem vil du være?" in page.text) == (200, True)
    found = re.search(r'name="page" value="([^"]+)"', page.text)
    assert found
    chosen = {"page": found[1], "pid": KARI, "level": HIGH}
    back = await browser.post(f"{two.issuer}/login", data=chosen)
    assert (await browser.get(back.headers["location"])).headers["location"] == "/"
    assert two.newest_session()["acr"] == HIGH


async def test_4_single_sign_on_at_high_from_another_service_to_ours(
    two: Two, browser: httpx.AsyncClient
) -> None:
    back = await two.asked_elsewhere(browser, HIGH, f"testid:{KARI}_{HIGH}")
    claims = await two.told_elsewhere(browser, back)
    ours = await two.asked_by_ours(browser)
    assert (await browser.get(ours.headers["location"])).headers["location"] == "/"
    session = two.newest_session()
    assert (session["acr"], session["sid"]) == (HIGH, claims["sid"])
    # Another service learns another pseudonym of the same citizen.
    assert session["sub"] != claims["sub"]


async def test_6_logging_out_at_our_service_logs_out_everywhere(two: Two, browser: httpx.AsyncClient) -> None:
    await two.log_in(browser, KARI)
    await two.told_elsewhere(browser, await two.asked_elsewhere(browser, HIGH))
    session = two.newest_session()
    out = await browser.post("/logout", headers={"origin": two.ours})
    page = await browser.get(out.headers["location"])
    # Those that were used are told, who asked as well; then the browser comes back.
    frames = [html.unescape(frame) for frame in re.findall(r'<iframe src="([^"]+)"', page.text)]
    about = f"?{httpx.QueryParams({'iss': two.issuer, 'sid': session['sid']})}"
    assert frames == [f"{ELSEWHERE}/logout/front{about}", f"{two.ours}/logout/front{about}"]
    back = re.search(r'url=([^"]+)"', page.text)
    assert back
    done = await browser.get(html.unescape(back[1]), headers={"accept-language": "nb"})
    assert "Du er logget ut av både Innsyn og ID-porten." in done.text
    assert (await two.asked_by_ours(browser)).status_code == 200
    assert await two.all_are_told() == [200]


def other(way: str) -> str:
    return "back" if way == "front" else "front"


@pytest.mark.parametrize("way", ["front", "back"])
async def test_7_logging_out_at_another_service_logs_out_of_ours(
    way: str, two: Two, browser: httpx.AsyncClient
) -> None:
    two.registered(**{f"{other(way)}channel_logout_uri": ""})
    await two.log_in(browser, KARI)
    await two.told_elsewhere(browser, await two.asked_elsewhere(browser, HIGH))
    assert (await browser.get("/journal")).status_code != 401
    page = await browser.get(f"{two.issuer}/logout", params={"client_id": "another"})
    ours = [html.unescape(each) for each in re.findall(rf'<iframe src="({two.ours}[^"]+)"', page.text)]
    async with httpx.AsyncClient(trust_env=False) as without_cookies:
        for frame in ours:
            assert (await without_cookies.get(frame)).status_code == 200
    assert (len(ours), await two.all_are_told()) == ((1, []) if way == "front" else (0, [200]))
    assert two.newest_session()["ended_why"] == "provider"
    assert (await browser.get("/journal")).status_code == 401


async def test_8_after_half_an_hour_without_use_one_is_logged_out(
    two: Two, browser: httpx.AsyncClient
) -> None:
    await two.log_in(browser, KARI)
    two.database.sql(
        "UPDATE identity.session SET last_used_at = last_used_at - interval '30 minutes 1 second'"
    )
    two.clock.ahead = 30 * 60 + 1
    assert (await browser.get("/journal")).status_code == 401
    # Not let in again by what ID-porten remembers, either.
    assert (await two.asked_by_ours(browser)).status_code == 200


async def test_9_prompt_login_asks_anew_and_the_same_person_keeps_the_session(
    two: Two, browser: httpx.AsyncClient
) -> None:
    await two.log_in(browser, KARI)
    before, token = two.newest_session(), browser.cookies["innsyn"]
    assert (await two.asked_by_ours(browser)).status_code == 302
    assert (await two.asked_by_ours(browser, prompt="login")).status_code == 200
    done = await two.log_in(browser, KARI, prompt="login", next="/access")
    after = two.newest_session()
    assert done.headers["location"] == "/access"
    assert browser.cookies["innsyn"] != token
    assert [after[name] == before[name] for name in ("session_id", "handle_key", "started_at", "sid")] == [
        True
    ] * 4
    assert after["auth_time"] >= before["auth_time"]
    assert after["token_hash"] != before["token_hash"]


async def test_11_the_language_is_the_citizens_own_before_the_browsers(
    two: Two, browser: httpx.AsyncClient
) -> None:
    await two.log_in(browser, KARI)
    browser.headers["accept-language"] = "en"
    for own, cookie, wished in (("nn", "nb", "nn"), ("", "nb", "nb"), ("", "", "en")):
        two.chooses_language(own)
        browser.cookies.set("innsyn_locale", cookie, domain="127.0.0.1")
        begun = await browser.get("/login")
        key = httpx.URL(begun.headers["location"]).params["request_uri"].removeprefix("urn:idporten:")
        pushed = two.provider.memory.pushed.look(key)
        assert pushed
        assert pushed["ui_locales"].split()[0] == wished
