"""What waits to be released, asked for by a statement that forgets everything: only its placeholder is there."""

import re
from datetime import timedelta

import asyncpg
import pytest

from access.permits import person_of
from access.test_planted import reading
from innsyn.access.opening import Question
from innsyn.records.timeline import queries
from world import KARI, OLA, World, patient, result

REFUSED = asyncpg.InsufficientPrivilegeError
_EVERYTHING = "SELECT line, detail, words::text, stub, release_at <= now() FROM shown.entry ORDER BY entry_id"


@pytest.fixture
async def waiting(world: World) -> World:
    """Each has a result that is released, and one of which there is a placeholder until tomorrow."""
    await world.take(patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"))
    for name in ("kari", "ola"):
        await world.take(
            result(f"{name}-old", name, f"{name} gammel"), result(f"{name}-new", name, f"{name} hemmelig")
        )
    await world.owner.execute(
        "UPDATE record.entry SET release_at = now() + interval '1 day', stub = convert_to('vent', 'UTF8')"
        " WHERE convert_from(line, 'UTF8') LIKE '%hemmelig%'"
    )
    return world


async def test_content_that_waits_is_nothing_to_the_web(waiting: World) -> None:
    for number, other in ((KARI, "ola"), (OLA, "kari")):
        browser = await waiting.log_in(number)
        async with reading(waiting, browser) as db:
            rows = await db.fetch(_EVERYTHING)
            assert sorted((row["line"] is None, row["stub"] is None) for row in rows) == [
                (False, True),
                (True, False),
            ]
            assert all(
                (row["line"], row["detail"], row["words"]) == (None,) * 3 for row in rows if row["stub"]
            )
            assert "hemmelig" not in str(rows)
            assert f"{other} " not in str(rows)
            # Nor does it tell by what is found: an error, a match or a length of what waits.
            for told in (
                "length(line) > 0",
                "detail IS NOT NULL",
                "words @@ to_tsquery('simple', 'hemmelig')",
            ):
                found = f"SELECT count(*) FROM shown.entry WHERE {told} AND stub IS NOT NULL"  # noqa: S608 - those above
                assert await db.fetchval(found) == 0
            for column in ("line", "detail", "words"):
                with pytest.raises(REFUSED):
                    async with db.transaction():
                        await db.fetch(f"SELECT {column} FROM record.entry")  # noqa: S608 - those above
            with pytest.raises(REFUSED):
                async with db.transaction():
                    await db.fetch("SELECT e::text FROM record.entry e")
    # Released by the clock, with nobody to do it.
    await waiting.owner.execute(
        "UPDATE record.entry SET release_at = now() - $1::interval", timedelta(seconds=1)
    )
    kari = await waiting.log_in(KARI)
    async with reading(waiting, kari) as db:
        assert [row["line"] is None for row in await db.fetch(_EVERYTHING)] == [False, False]


_COSTLY = re.compile(r"Scan|Join|Nested|Sort Key|Index Cond")


def _steps(plan: object) -> list[str]:
    """The plan, without costs and names of what is read."""
    return [str(row[0]).replace("shown.", "record.") for row in plan]  # type: ignore[attr-defined]


async def test_a_list_through_the_view_is_planned_as_from_the_table(waiting: World) -> None:
    await person_of(waiting, KARI)
    kari = await waiting.log_in(KARI)
    # The role may read the table for once.
    await waiting.owner.execute("GRANT SELECT ON record.entry TO innsyn_web")
    found = [
        one
        for each in vars(queries).values()
        for one in (each.values() if isinstance(each, dict) else [each])
    ]
    questions = [each for each in found if isinstance(each, Question)]
    assert questions
    for question in questions:
        assert "shown.entry" in question.sql
        nodes = []
        for sql in (question.sql, question.sql.replace("shown.entry", "record.entry")):
            async with reading(waiting, kari) as db:
                await db.execute("SET LOCAL plan_cache_mode = force_generic_plan")
                await db.execute(f"PREPARE asked AS {sql}")
                given = ", ".join(["NULL"] * (await _parameters(db)))
                plan = _steps(await db.fetch(f"EXPLAIN (COSTS OFF) EXECUTE asked({given})"))
                await db.execute("DEALLOCATE asked")
            # Where a row is put together, after the sort or before, is not what costs.
            nodes.append([line.strip() for line in plan if _COSTLY.search(line)])
        assert nodes[0] == nodes[1], question.purpose


async def _parameters(db: asyncpg.Connection) -> int:
    found: int = await db.fetchval(
        "SELECT cardinality(parameter_types) FROM pg_prepared_statements WHERE name = 'asked'"
    )
    return found
