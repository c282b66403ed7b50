"""A helper's page with many hidden entries: each is looked up, and none compared with every row."""

from uuid import UUID

import asyncpg
import httpx

from access.permits import handle, permit, person_of, token_of
from access.test_planted import reading
from innsyn.access.opening import Question
from innsyn.records.timeline import queries
from world import KARI, OLA, World, patient, result

HIDE = (
    "INSERT INTO access.hidden (person_id, entry_id, from_audience, by_id) "
    "SELECT person_id, entry_id, 16, person_id FROM record.entry WHERE person_id = $1 AND line LIKE $2::bytea"
)


async def _filled(world: World) -> tuple[httpx.AsyncClient, str]:
    await world.take(patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"))
    await world.take(
        *(result(f"k{n}", "kari", f"prøve {n} {'skjult' if n % 2 else 'synlig'}") for n in range(200))
    )
    await world.take(result("o", "ola", "Olas prøve"))
    await permit(world, OLA, KARI)
    ola, karis = await world.log_in(OLA), await person_of(world, KARI)
    await world.owner.execute(HIDE, karis, b"%skjult%")
    return ola, await handle(world, ola, karis)


async def _open(db: asyncpg.Connection, browser: httpx.AsyncClient, for_: str | None) -> UUID:
    opened: UUID = await db.fetchval(
        "SELECT subject_id FROM access.begin_access($1, $2, 'test', NULL)", token_of(browser), for_
    )
    return opened


async def test_what_is_hidden_is_looked_up_and_not_compared(world: World) -> None:
    ola, karis = await _filled(world)
    page = (await ola.get(f"/for/{karis}/journal")).text
    assert "synlig" in page
    assert "skjult" not in page
    async with reading(world, ola) as db:
        await _open(db, ola, karis)
        plan = "\n".join(row[0] for row in await db.fetch("EXPLAIN (COSTS OFF) SELECT line FROM shown.entry"))
        assert "hashed SubPlan" in plan
        assert await db.fetchval("SELECT count(*) FROM shown.entry") == 100
    sql = next(each for each in vars(queries).values() if isinstance(each, Question)).sql
    assert "NOT IN (SELECT unnest(reader.hidden)" in sql


async def test_what_is_hidden_in_one_record_is_not_taken_from_another(world: World) -> None:
    """A statement with a hole opens Kari's record, and then Ola's own, in which nothing is hidden."""
    ola, karis = await _filled(world)
    kept = "SELECT current_setting('innsyn.context')"
    async with reading(world, ola) as db:
        own = await db.fetchval(kept)
        await _open(db, ola, karis)
        for_kari = await db.fetchval(kept)
        mixed = (
            "SELECT count(*) FROM shown.entry WHERE set_config('innsyn.context', $1, true) IS NOT NULL "
            "AND set_config('innsyn.context', $2, true) IS NOT NULL AND line LIKE '%skjult%'::bytea"
        )
        for first, second in ((own, for_kari), (for_kari, own)):
            assert await db.fetchval(mixed, first, second) == 0
