"""The same browser is one device over many logins, and no device at all to another person."""

from datetime import timedelta

import httpx

from innsyn.db.sessions import write_session
from innsyn.identity.devices.commands import refuse_login
from innsyn.identity.oidc_sessions import log_in
from innsyn.identity.sessions import token_of
from world import KARI, OLA, World, proved, utc

ANDROID = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Edg/140.0.0.0"


async def devices(world: World) -> list[tuple[str, int]]:
    """(browser, how many sessions) of each device."""
    rows = await world.owner.fetch(
        "SELECT d.browser, count(*) AS n FROM identity.device d JOIN identity.session s USING (person_id, device_id)"
        " GROUP BY d.person_id, d.device_id, d.browser ORDER BY d.browser, n"
    )
    return [(row["browser"], row["n"]) for row in rows]


async def goes_on(browser: httpx.AsyncClient, user_agent: str) -> httpx.Response:
    """Does what gives the session a new cookie."""
    answer = await browser.post("/people", data={"handle": ""}, headers={"user-agent": user_agent})
    assert answer.status_code == 303
    return answer


async def logs_in(world: World, number: str, device: str | None = None) -> httpx.AsyncClient:
    browser = await world.log_in(number)
    if device:
        browser.cookies.set("innsyn-device", device, domain="localhost.local")
    return browser


async def test_the_same_browser_is_one_device_over_logins_and_another_is_another(world: World) -> None:
    first = await logs_in(world, KARI)
    given = await goes_on(first, ANDROID)
    device = given.cookies["innsyn-device"]
    assert "httponly" in given.headers.get_list("set-cookie")[1].lower()
    again = await logs_in(world, KARI, device)
    assert (await goes_on(again, ANDROID)).cookies["innsyn-device"] == device
    await goes_on(await logs_in(world, KARI), WINDOWS)
    assert await devices(world) == [("Chrome, Android", 2), ("Edge, Windows", 1)]


async def test_two_persons_at_one_machine_are_two_devices(world: World) -> None:
    device = (await goes_on(await logs_in(world, KARI), ANDROID)).cookies["innsyn-device"]
    await goes_on(await logs_in(world, OLA, device), ANDROID)
    assert await devices(world) == [("Chrome, Android", 1), ("Chrome, Android", 1)]


async def test_the_table_holds_neither_the_cookie_nor_what_the_browser_said(world: World) -> None:
    device = (await goes_on(await logs_in(world, KARI), ANDROID)).cookies["innsyn-device"]
    kept = str([tuple(row) for row in await world.owner.fetch("SELECT * FROM identity.device")])
    assert device not in kept
    assert repr(token_of(device)) not in kept
    assert "Mozilla" not in kept


async def test_a_device_cookie_that_is_none_of_ours_is_replaced(world: World) -> None:
    for wrong in ("x", "A" * 500, "'; DROP TABLE"):
        browser = await world.log_in(KARI)
        headers = {
            "cookie": f"innsyn={browser.cookies['innsyn']}; innsyn-device={wrong}",
            "user-agent": ANDROID,
        }
        answer = await browser.post("/people", data={"handle": ""}, headers=headers)
        assert token_of(answer.cookies["innsyn-device"]) is not None


async def test_logins_older_than_the_history_are_forgotten_whoever_they_are_of(world: World) -> None:
    for number in (KARI, OLA):
        await goes_on(await world.log_in(number), ANDROID)
    async with write_session(world.login) as db:
        await refuse_login(db, system="fnr", number=OLA, why="level_too_low", browser="")
    await world.owner.execute(
        "UPDATE identity.session SET started_at = now() - interval '400 days',"
        " expires_at = now() - interval '399 days', ended_at = now() - interval '399 days'"
    )
    await world.owner.execute("UPDATE identity.refused_login SET at = now() - interval '400 days'")
    await world.owner.execute("UPDATE identity.device SET last_seen_at = now() - interval '400 days'")
    await goes_on(await world.log_in(KARI), ANDROID)
    assert await devices(world) == [("Chrome, Android", 1)]
    for table in ("session", "device"):
        assert await world.owner.fetchval(f"SELECT count(*) FROM identity.{table}") == 1  # noqa: S608
    assert await world.owner.fetchval("SELECT count(*) FROM identity.refused_login") == 0


async def test_what_was_new_before_an_interruption_still_is(world: World) -> None:
    browser = await world.log_in(KARI)
    await world.owner.execute("UPDATE identity.session SET new_since = $1", utc(2026, 11, 1))
    async with write_session(world.login) as db:
        begun = await log_in(
            db,
            proved(KARI),
            before=token_of(browser.cookies["innsyn"]),
            renews=False,
            idle=timedelta(minutes=30),
            lifetime=timedelta(minutes=120),
        )
    again = world.browser(begun.cookie)
    await goes_on(again, ANDROID)
    newest = "SELECT new_since FROM identity.session ORDER BY started_at DESC LIMIT 1"
    assert await world.owner.fetchval(newest) == utc(2026, 11, 1)


async def test_a_refused_login_is_told_to_nobody_but_the_person_of_the_number(world: World) -> None:
    kari, ola = await world.log_in(KARI), await world.log_in(OLA)
    async with write_session(world.login) as db:
        await refuse_login(db, system="fnr", number=KARI, why="level_too_low", browser="Firefox, Linux")
        # Nobody's number: nothing is kept of it.
        await refuse_login(db, system="fnr", number="12345678901", why="level_too_low", browser="")
    assert "Slapp ikke inn" in (await kari.get("/settings/sessions")).text
    assert "Slapp ikke inn" not in (await ola.get("/settings/sessions")).text
    assert await world.owner.fetchval("SELECT count(*) FROM identity.refused_login") == 1
