"""One's own sessions in a list: seen and ended by the person, and by nobody else."""

import re

import httpx

from access.sessions.coming_back import passes
from world import KARI, OLA, World

NOBODYS = "0b5b2c1e-2f50-4f0e-9d28-0f5d2a3f7c11"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) Version/18.6 Mobile/15E148 Safari/604.1"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0"


async def logs_in(world: World, number: str, user_agent: str) -> httpx.AsyncClient:
    browser = await world.log_in(number)
    browser.headers["user-agent"] = user_agent
    await browser.post("/people", data={"handle": ""})
    return browser


def headings(page: str) -> list[str]:
    return [re.sub(r"<.*?>", "", found).strip() for found in re.findall(r"<h3.*?>(.*?)</h3>", page)]


def ends(page: str) -> list[str]:
    """The sessions that the page can end."""
    return re.findall(r'action="/settings/sessions/([0-9a-f-]{36})/end"', page)


async def test_a_person_sees_the_own_sessions_in_words_this_one_first(world: World) -> None:
    await logs_in(world, KARI, SAFARI)
    await logs_in(world, OLA, FIREFOX)
    kari = await logs_in(world, KARI, FIREFOX)
    page = (await kari.get("/settings/sessions")).text
    assert headings(page) == ["Firefox, Linux Denne enheten", "Safari, iPhone"]
    assert len(ends(page)) == 1
    for hidden in ("Mozilla", "iPhone OS 18", KARI, "a-sid"):
        assert hidden not in page


async def test_ending_another_session_ends_it_at_once_and_says_so_there(world: World) -> None:
    phone, kari = await logs_in(world, KARI, SAFARI), await logs_in(world, KARI, FIREFOX)
    (phones,) = ends((await kari.get("/settings/sessions")).text)
    answer = await kari.post(f"/settings/sessions/{phones}/end")
    assert (answer.status_code, answer.headers["location"]) == (303, "/settings/sessions?done=ended")
    there = await phone.get("/journal")
    assert (there.status_code, "fra en annen enhet" in there.text) == (401, True)
    page = (await kari.get("/settings/sessions?done=ended")).text
    assert headings(page) == ["Firefox, Linux Denne enheten"]
    assert "Innloggingen er avsluttet." in page
    assert "Avsluttet fra en annen enhet" in page


async def test_somebody_elses_session_is_one_that_does_not_exist(world: World) -> None:
    await logs_in(world, KARI, SAFARI)
    kari, ola = await logs_in(world, KARI, FIREFOX), await logs_in(world, OLA, FIREFOX)
    (karis,) = ends((await kari.get("/settings/sessions")).text)
    theirs = await ola.post(f"/settings/sessions/{karis}/end")
    nobodys = await ola.post(f"/settings/sessions/{NOBODYS}/end")
    assert (theirs.status_code, theirs.content) == (nobodys.status_code, nobodys.content)
    assert theirs.status_code == 404
    assert len(ends((await kari.get("/settings/sessions")).text)) == 1


async def test_all_others_end_and_nobody_elses(world: World) -> None:
    phones = [await logs_in(world, KARI, SAFARI) for _ in range(2)]
    kari, ola = await logs_in(world, KARI, FIREFOX), await logs_in(world, OLA, FIREFOX)
    answer = await kari.post("/settings/sessions/end-others")
    assert answer.headers["location"] == "/settings/sessions?done=others"
    assert [(await phone.get("/settings")).status_code for phone in phones] == [401, 401]
    assert [(await one.get("/settings")).status_code for one in (kari, ola)] == [200, 200]


async def test_ending_all_and_ending_this_one_is_logging_out(world: World) -> None:
    phone, kari = await logs_in(world, KARI, SAFARI), await logs_in(world, KARI, FIREFOX)
    answer = await kari.post("/settings/sessions/end-all")
    assert (answer.status_code, answer.headers["location"]) == (307, "/logout")
    assert (await phone.get("/settings")).status_code == 401
    await kari.post("/logout")
    assert (await kari.get("/settings")).status_code == 401
    ola = await logs_in(world, OLA, FIREFOX)
    this = await world.owner.fetchval("SELECT session_id FROM identity.session WHERE ended_at IS NULL")
    assert (await ola.post(f"/settings/sessions/{this}/end")).headers["location"] == "/logout"


async def test_the_history_names_each_end_and_shows_the_newest_first(world: World) -> None:
    for why in ("provider", "passkey", None):
        await logs_in(world, KARI, SAFARI)
        await world.owner.execute(
            "UPDATE identity.session SET ended_at = now(), ended_why = $1 WHERE ended_at IS NULL", why
        )
        await passes(world, 1, used=True)
    await logs_in(world, KARI, SAFARI)
    await passes(world, 31)
    kari = await logs_in(world, KARI, FIREFOX)
    page = (await kari.get("/settings/sessions")).text
    told = re.findall(r"</p><p>([^<]*?)(?: \d+\. \w+ \d{4} kl\. \d\d\.\d\d)?</p></li>", page)
    assert told == [
        "Avsluttet fordi du ikke brukte Innsyn,",
        "Du logget ut",
        "Avsluttet fordi passnøkkelen ble fjernet,",
        "Du logget ut av ID-porten",
    ]
    assert "Vi tar vare på innloggingene i 13 måneder." in page


async def test_many_logins_are_shown_when_asked_for_at_the_same_price(world: World) -> None:
    for _ in range(25):
        await world.log_in(KARI)
    await world.owner.execute("UPDATE identity.session SET ended_at = now()")
    kari = await world.log_in(KARI)
    few, every = await kari.get("/settings/sessions"), None
    before = world.pool.asked
    every = await kari.get("/settings/sessions?history=all")
    assert world.pool.asked == before + 1
    assert few.text.count("Du logget ut") == 20
    assert every.text.count("Du logget ut") == 25
    assert "history=all" in few.text
    assert "history=all" not in every.text


async def test_the_web_role_reads_no_session_but_through_the_functions(world: World) -> None:
    for table in ("session", "device", "refused_login"):
        granted = await world.owner.fetchval(
            "SELECT has_table_privilege('innsyn_web', $1, 'SELECT, INSERT, UPDATE, DELETE')",
            f"identity.{table}",
        )
        assert granted is False, table
    # Without an opened record the functions find nobody.
    await world.log_in(KARI)
    session = await world.owner.fetchval("SELECT session_id FROM identity.session")
    assert await world.web.fetch("SELECT * FROM identity.own_sessions($1, 10)", session) == []
    assert await world.web.fetch("SELECT * FROM identity.own_devices($1)", session) == []
    assert await world.web.fetchval("SELECT identity.end_own_session($1)", session) is False
    assert await world.web.fetchval("SELECT identity.end_other_sessions()") == 0
