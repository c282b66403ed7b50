"""The second lock of the log: PostgreSQL shows it to the person alone, whatever a query forgets."""

import base64
from typing import Any

import httpx
import pytest

from access.log_filled import filled
from world import OLA, World

# No WHERE on purpose.
LOOK_UPS = "SELECT count(*) FROM access.lookup"
NAMES = "SELECT coalesce(string_agg(name, ','), '') FROM access.names_in_log()"
READINGS = "SELECT count(*) FROM access.log"


def token_of(browser: httpx.AsyncClient) -> bytes:
    [cookie] = [cookie.value for cookie in browser.cookies.jar if cookie.name == "innsyn"]
    return base64.urlsafe_b64decode(f"{cookie}==")


async def seen(world: World, browser: httpx.AsyncClient | None, handle: str | None = None) -> tuple[Any, ...]:
    """What a query without conditions shows in the record that is opened (None: without opening any)."""
    async with world.web.acquire() as db, db.transaction():
        if browser is not None:
            opening = "SELECT subject_id FROM access.begin_access($1, $2, 'test', NULL)"
            await db.fetchval(opening, token_of(browser), handle)
        return tuple([await db.fetchval(query) for query in (LOOK_UPS, NAMES, READINGS)])


async def let_in(world: World, rule: str, audience: int, origin: str = "fullmakt") -> None:
    """Ola may open Kari's record."""
    await world.owner.execute(
        "INSERT INTO access.permit (subject_id, actor_id, handle_on, audience, capabilities, valid_from,"
        " valid_until, rule, book, origin, origin_id)"
        " SELECT k.person_id, o.person_id, k.person_id, $2, 31, '2020-01-01', '9999-01-01', $1, 'x', $3,"
        " gen_random_uuid() FROM identity.person k, identity.person o"
        " WHERE k.given_name = 'Kari' AND o.given_name = 'Ola'",
        rule,
        audience,
        origin,
    )


async def handle_for_ola(world: World) -> str:
    found: str = await world.owner.fetchval(
        "SELECT access.handle_of(s.handle_key, k.person_id) FROM identity.person k, identity.session s"
        " JOIN identity.person o USING (person_id) WHERE k.given_name = 'Kari' AND o.given_name = 'Ola'"
    )
    return found


async def test_nothing_is_shown_without_an_opened_record(world: World) -> None:
    await filled(world)
    assert await seen(world, None) == (0, "", 0)


async def test_each_sees_the_own_log_and_nothing_of_the_others(world: World) -> None:
    kari, ola = await filled(world), await world.log_in(OLA)
    await kari.get("/")
    assert await seen(world, kari) == (4, "", 2)
    assert await seen(world, ola) == (1, "", 1)


# A helper with everything, a parent of a child under 12, a parent of a youth.
@pytest.mark.parametrize(("rule", "audience"), [("fullmakt", 16), ("parent.child", 4), ("parent.youth", 8)])
async def test_whoever_acts_for_somebody_sees_nothing_of_the_log(
    world: World, rule: str, audience: int
) -> None:
    kari = await filled(world)
    await let_in(world, rule, audience)
    ola = await world.log_in(OLA)
    assert await seen(world, ola, await handle_for_ola(world)) == (0, "", 0)
    # And Kari is told by name who it was, which Ola is not told of anybody.
    assert (await seen(world, kari))[1] == "Ola Nordli"
    assert (await seen(world, ola))[1] == ""


async def test_the_web_may_not_write_or_change_a_look_up(world: World) -> None:
    kari = await filled(world)
    for statement in (
        "DELETE FROM access.lookup",
        "UPDATE access.lookup SET name = ''",
        "INSERT INTO access.lookup SELECT * FROM access.lookup",
    ):
        async with world.web.acquire() as db:
            with pytest.raises(Exception, match="permission denied"):
                await db.execute(statement)
    assert (await seen(world, kari))[0] == 4
