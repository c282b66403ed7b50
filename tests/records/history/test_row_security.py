"""Row security alone, of what was there before: whoever forgets a WHERE shows nobody more."""

import asyncpg
import pytest

from access.permits import handle, permit, person_of, token_of
from records.history.said import observed, say, tagged, version
from records.history.test_taken_back import ENTRY, LATER, SECRET, WRONG
from records.history.test_what_changed import BEGAN, three
from world import KARI, OLA, World

BEGIN = "SELECT subject_id FROM access.begin_access(sha256($1), $2, 'test', NULL)"


async def seen_by(world: World, actor: str, subject: str = "") -> dict[str, list[tuple[str, int]]]:
    """What this reader finds in the two tables without asking for anything in particular."""
    browser = await world.log_in(actor)
    whose = await handle(world, browser, await person_of(world, subject)) if subject else None
    async with world.web.acquire() as db, db.transaction():
        await db.execute(BEGIN, token_of(browser), whose)
        versions = await db.fetch("SELECT kind, version FROM record.version ORDER BY entry_id, version")
        taken = await db.fetch("SELECT kind, 1 AS version FROM record.taken_back ORDER BY entry_id")
    return {"version": [tuple(row) for row in versions], "taken_back": [tuple(row) for row in taken]}


NOTHING: dict[str, list[tuple[str, int]]] = {"version": [], "taken_back": []}
ALL = {"version": [("lab_results", 1)], "taken_back": [("lab_results", 1)]}


async def journal(world: World, before: str = "1", now: str = "1") -> None:
    """One result that has been changed, and one that has been taken back; each version by a class of release."""
    await three(world)
    await permit(world, OLA, KARI, kinds=["lab_results"])
    changed = observed(47, id_="b")
    await say(
        world,
        version(1, observed(41, id_="b") | tagged(before), BEGAN, id_="b"),
        version(1, SECRET | tagged(before), BEGAN),
        at=BEGAN,
    )
    await say(world, version(2, changed | tagged(now), LATER, id_="b"), version(2, WRONG, LATER), at=LATER)


async def test_it_is_for_whom_the_entry_is_for(world: World) -> None:
    assert [await world.web.fetchval(f"SELECT count(*) FROM record.{table}") for table in NOTHING] == [0, 0]  # noqa: S608
    await journal(world)
    assert await seen_by(world, KARI) == await seen_by(world, OLA, KARI) == ALL
    assert await seen_by(world, OLA) == NOTHING
    await world.owner.execute("UPDATE access.permit SET kinds = '{notes}'")
    assert await seen_by(world, OLA, KARI) == NOTHING
    await world.owner.execute("UPDATE access.permit SET kinds = NULL")
    hide = "INSERT INTO access.hidden (person_id, entry_id, from_audience, by_id) SELECT $1, entry_id, 16, $1 FROM "
    await world.owner.execute(f"{hide} record.entry", await person_of(world, KARI))
    assert await seen_by(world, OLA, KARI) == ALL | {"version": []}
    await world.owner.execute(f"{hide} record.taken_back", await person_of(world, KARI))
    assert await seen_by(world, OLA, KARI) == NOTHING
    assert await seen_by(world, KARI) == ALL
    # A version that is for the citizen alone, of an entry that is for others too.
    await world.owner.execute("DELETE FROM access.hidden")
    await world.owner.execute("UPDATE record.version SET audience = 1")
    await world.owner.execute("UPDATE record.taken_back SET audience = 1")
    assert (await seen_by(world, OLA, KARI), await seen_by(world, KARI)) == (NOTHING, ALL)


@pytest.mark.parametrize(
    ("before", "now", "seen"),
    [("4", "1", NOTHING), ("3", "1", ALL | {"version": []}), ("1", "3", ALL | {"version": []})],
)
async def test_neither_version_may_be_closed(
    world: World, before: str, now: str, seen: dict[str, list[tuple[str, int]]]
) -> None:
    await journal(world, before, now)
    assert await seen_by(world, KARI) == seen


async def test_a_part_is_as_closed_as_its_whole(world: World) -> None:
    await journal(world)
    person = await person_of(world, KARI)
    # Some panel that has not come claims it: what that would be like, nobody knows yet.
    await world.owner.execute(
        "INSERT INTO record.claim (person_id, member_id, panel_id, number, of_report) "
        "VALUES ($1, $2, gen_random_uuid(), 1, false)",
        person,
        ENTRY,
    )
    assert await seen_by(world, KARI) == ALL | {"taken_back": []}


async def test_the_web_writes_nothing_of_it(world: World) -> None:
    await journal(world)
    browser = await world.log_in(KARI)
    for statement in (
        "DELETE FROM record.version",
        "UPDATE record.taken_back SET audience = 31",
        "INSERT INTO access.look SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), now()",
        "SELECT * FROM access.look",
    ):
        async with world.web.acquire() as db, db.transaction():
            await db.execute(BEGIN, token_of(browser), None)
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await db.execute(statement)
