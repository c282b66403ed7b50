"""When a session ends, why, and what is told of it to whom."""

import re

import pytest

from access.sessions.coming_back import logs_in_again, passes
from world import KARI, OLA, World

IDLE = "Det er over 30 minutter siden du brukte Innsyn."
ABSOLUTE = "Du har vært logget inn i to timer."
NOTHING = "Logg inn for å lese journalen din."


async def test_the_idle_limit_holds_to_the_minute_and_is_named(world: World) -> None:
    kari = await world.log_in(KARI)
    await passes(world, 29.9)
    assert (await kari.get("/journal")).status_code == 200
    await passes(world, 30)
    ended = await kari.get("/journal")
    assert (ended.status_code, IDLE in ended.text) == (401, True)


async def test_the_absolute_limit_holds_whatever_is_done_and_is_named(world: World) -> None:
    kari = await world.log_in(KARI)
    await passes(world, 119.9, used=True)
    assert (await kari.get("/journal")).status_code == 200
    assert (await kari.post("/session/renew")).status_code == 303
    await passes(world, 0.2, used=True)
    ended = await kari.get("/journal")
    assert (ended.status_code, ABSOLUTE in ended.text) == (401, True)
    assert (await kari.post("/session/renew")).status_code == 401


async def test_staying_counts_from_now_and_leads_back(world: World) -> None:
    kari = await world.log_in(KARI)
    await passes(world, 29)
    asks = {"referer": "http://localhost:8000/journal/lab_results?q=hba1c"}
    answer = await kari.post("/session/renew", headers=asks)
    assert (answer.status_code, answer.headers["location"]) == (303, "/journal/lab_results")
    left = (await kari.get("/live")).json()["left"]
    assert 29 * 60 < left <= 30 * 60


@pytest.mark.parametrize(
    "from_", ["", "https://evil.example//x", "http://localhost//evil.example", "/%0d%0ax:y"]
)
async def test_staying_leads_nowhere_else(world: World, from_: str) -> None:
    kari = await world.log_in(KARI)
    location = (await kari.post("/session/renew", headers={"referer": from_})).headers["location"]
    assert location == "/"


async def test_every_other_end_is_named_to_whoever_holds_the_session(world: World) -> None:
    words = {
        "elsewhere": "Du avsluttet denne innloggingen fra en annen enhet.",
        "logout": "Du har logget ut.",
        "provider": "Du har logget ut av ID-porten",
        "login": "Du logget inn på nytt i en annen fane.",
        "passkey": "Passnøkkelen du låste opp med, er fjernet.",
        "a reason to come": NOTHING,
    }
    for why, said in words.items():
        kari = await world.log_in(KARI)
        await world.owner.execute(
            "UPDATE identity.session SET ended_at = now(), ended_why = $1 WHERE ended_at IS NULL", why
        )
        assert said in (await kari.get("/journal")).text, why


async def test_who_never_had_the_session_is_told_nothing(world: World) -> None:
    kari = await world.log_in(KARI)
    await passes(world, 31)
    told = (await kari.get("/journal")).text
    guesses = [world.browser(), world.browser("A" * 43), world.browser("x")]
    answers = {(await guess.get("/journal")).text for guess in guesses}
    assert answers == {told.replace(re.findall(r"Det er over 30.*?</p>", told)[0], NOTHING + "</p>")}


async def test_the_address_is_kept_with_its_query_and_with_whose_record_it_is(world: World) -> None:
    nobody = world.browser()
    for address, kept in (
        (
            "/journal?q=vondt%20i%20hodet&from=2026-01",
            "/journal%3Fq%3Dvondt%2520i%2520hodet%26from%3D2026-01",
        ),
        ("/for/abcdefghijklmnop/journal/notes?page=2", "/for/abcdefghijklmnop/journal/notes%3Fpage%3D2"),
        ("/settings/sessions", "/settings/sessions"),
    ):
        assert f'href="/login?next={kept}"' in (await nobody.get(address)).text


async def test_the_same_person_comes_back_to_the_same_addresses_and_another_does_not(world: World) -> None:
    browser = await world.log_in(KARI)
    mark = (await browser.get("/live")).json()["mark"]
    await passes(world, 31)
    await logs_in_again(world, browser, KARI)
    assert (await browser.get("/live")).json()["mark"] == mark
    await logs_in_again(world, browser, OLA)
    assert (await browser.get("/live")).json()["mark"] not in {mark, ""}


async def test_a_page_says_when_the_session_ends_without_any_script(world: World) -> None:
    kari = await world.log_in(KARI)
    page = (await kari.get("/settings")).text
    assert re.search(
        r"Du blir logget ut (?:i dag|i morgen) kl\. \d\d\.\d\d\. Bruker du ikke Innsyn på 30 minutter", page
    )
    assert 'http-equiv="refresh"' not in page


async def test_a_page_that_does_not_exist_has_the_menu_of_whoever_is_here(world: World) -> None:
    kari = await world.log_in(KARI)
    for address in (
        "/nothing",
        "/journal/lab_results/0b5b2c1e-2f50-4f0e-9d28-0f5d2a3f7c11",
        "/settings/nothing",
    ):
        missing = await kari.get(address)
        assert missing.status_code == 404
        assert 'class="places"' in missing.text
        assert 'class="places"' not in (await world.browser().get("/nothing")).text
    # It costs the ordinary page nothing.
    before = world.pool.asked
    await kari.get("/settings")
    assert world.pool.asked == before + 1
