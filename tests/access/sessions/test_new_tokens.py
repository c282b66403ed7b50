"""The value of the cookie changes at each login, step-up and change of person; the old one is worth nothing."""

from access.sessions.coming_back import logs_in_again
from innsyn.db.sessions import write_session
from innsyn.identity.sessions import renew_session, token_of
from world import KARI, World


async def test_after_a_login_the_earlier_cookie_opens_nothing(world: World) -> None:
    kari = await world.log_in(KARI)
    before = kari.cookies["innsyn"]
    await world.owner.execute("UPDATE identity.session SET ended_at = now(), ended_why = 'login'")
    await logs_in_again(world, kari, KARI)
    assert (await kari.get("/settings")).status_code == 200
    assert (await world.browser(before).get("/settings")).status_code == 401


async def test_after_a_change_of_person_the_earlier_cookie_opens_nothing(world: World) -> None:
    kari = await world.log_in(KARI)
    before = kari.cookies["innsyn"]
    assert (await kari.post("/people", data={"handle": ""})).status_code == 303
    assert kari.cookies["innsyn"] != before
    assert (await kari.get("/settings")).status_code == 200
    assert (await world.browser(before).get("/settings")).status_code == 401
    assert (await world.browser(before).get("/live")).json() == {"why": "none"}


async def test_a_renewed_session_is_the_same_one_under_a_new_token(world: World) -> None:
    kari = await world.log_in(KARI)
    token = token_of(kari.cookies["innsyn"])
    assert token
    session = await world.owner.fetchval("SELECT session_id FROM identity.session")
    mark = (await kari.get("/live")).json()["mark"]
    async with write_session(world.login) as db:
        cookie = await renew_session(db, token)
        # Once: of two that hold it one is not the person.
        assert await renew_session(db, token) is None
    assert cookie
    assert (await kari.get("/settings")).status_code == 401
    renewed = world.browser(cookie)
    assert (await renewed.get("/live")).json()["mark"] == mark
    assert await world.owner.fetchval("SELECT session_id FROM identity.session") == session


async def test_an_ended_session_is_renewed_by_nobody(world: World) -> None:
    kari = await world.log_in(KARI)
    token = token_of(kari.cookies["innsyn"])
    assert token
    await world.owner.execute("UPDATE identity.session SET ended_at = now()")
    async with write_session(world.login) as db:
        assert await renew_session(db, token) is None
