"""The signed context: what an injected statement can do with the settings of its own transaction."""

from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import literal_column, select

from access.permits import permit, person_of, token_of
from innsyn.access.opening import Question, ReadSession, many
from innsyn.records.entries import entry
from world import KARI, OLA, World, patient, result

BEGIN = "SELECT * FROM access.begin_access($1, NULL, 'test', NULL)"


@pytest.fixture
async def two(world: World) -> World:
    await world.take(patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"))
    await world.take(result("a", "kari", "Karis prøve"), result("b", "ola", "Olas prøve"))
    return world


async def _seen(db: asyncpg.Connection) -> list[bytes]:
    return [row["line"] for row in await db.fetch("SELECT line FROM shown.entry")]


async def test_a_context_that_somebody_wrote_themselves_shows_nothing(two: World) -> None:
    ola, kari_id = await two.log_in(OLA), await person_of(two, KARI)
    async with two.web.acquire() as db, db.transaction():
        await db.fetchrow(BEGIN, token_of(ola))
        assert len(await _seen(db)) == 1
        good = await db.fetchval("SELECT current_setting('innsyn.context')")
        for forged in (
            str(kari_id),
            good.replace(good.split("|")[0], str(kari_id)),
            good + "|",
            good.rpartition("|")[0],
            f"{kari_id}|{kari_id}|{kari_id}|1|t|*||{good.split('|')[7]}|",
            "",
        ):
            await db.execute("SELECT set_config('innsyn.context', $1, true)", forged)
            assert await _seen(db) == []
            assert await db.fetchval("SELECT access.subject()") is None
        await db.execute("SELECT set_config('innsyn.context', $1, true)", good)
        assert len(await _seen(db)) == 1


async def test_a_context_of_another_transaction_is_worth_nothing(two: World) -> None:
    kari, ola = await two.log_in(KARI), await two.log_in(OLA)
    async with two.web.acquire() as one, two.web.acquire() as other, one.transaction(), other.transaction():
        await one.fetchrow(BEGIN, token_of(kari))
        karis = await one.fetchval("SELECT current_setting('innsyn.context')")
        await other.fetchrow(BEGIN, token_of(ola))
        await other.execute("SELECT set_config('innsyn.context', $1, true)", karis)
        assert await _seen(other) == []


@pytest.mark.parametrize(
    "function",
    [
        "access.set_context(NULL, NULL, NULL, 1, true, NULL, NULL)",
        "access.admitted(NULL, NULL, NULL)",
        "identity.must_accept(NULL)",
    ],
)
async def test_nobody_signs_but_the_functions_that_open(two: World, function: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await two.web.fetch(f"SELECT {function}")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await two.web.fetch("SELECT * FROM access.context_key")


async def test_injected_sql_does_not_reach_another_person(two: World) -> None:
    """A question with a hole, as somebody might write one: what was typed goes into the text of the statement."""
    kari_id = await person_of(two, KARI)
    ola = await two.log_in(OLA)
    forged = f"'{kari_id}|{kari_id}|{kari_id}|1|t|*||' || pg_current_xact_id() || '|x'"
    holes = (
        "true OR true",
        f"set_config('innsyn.context', {forged}, true) IS NOT NULL OR true",
        f"entry.person_id = '{kari_id}'",
        f"EXISTS (SELECT FROM shown.entry e WHERE e.person_id = '{kari_id}')",
        "EXISTS (SELECT FROM record.document)",
        "(SELECT access.begin_access(sha256('x'), NULL, 'x', NULL)) IS NOT NULL",
    )
    for hole in holes:
        question = Question("hole", lines=many(select(entry.c.line).where(literal_column(f"({hole})"))))
        db = ReadSession(two.pool, token_of(ola))
        _, row = await db.ask(question)
        assert all(b"Olas" in line for line in row["lines"]), hole


async def test_a_permit_is_not_the_web_process_to_write_for_others(two: World) -> None:
    """Ola, with the whole of SQL, lets himself into Kari's record."""
    kari_id, ola_id = await person_of(two, KARI), await person_of(two, OLA)
    ola = await two.log_in(OLA)
    insert = (
        "INSERT INTO access.permit (subject_id, actor_id, handle_on, audience, capabilities, valid_from, valid_until, "
        "rule, book, origin, origin_id) VALUES ($1, $2, $1, 31, 31, now(), now() + interval '1 day', 'x', '', $3, $1)"
    )

    async def write(subject: UUID, actor: UUID, origin: str) -> None:
        async with two.web.acquire() as db, db.transaction():
            await db.fetchrow(BEGIN, token_of(ola))
            await db.execute(insert, subject, actor, origin)

    # His own record he may give, but nothing that only the law gives.
    for subject, actor, origin in (
        (kari_id, ola_id, "fullmakt"),
        (kari_id, ola_id, "preview"),
        (kari_id, ola_id, "relation"),
        (ola_id, kari_id, "relation"),
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await write(subject, actor, origin)
    await permit(two, OLA, KARI, kinds=["diagnoses"])
    async with two.web.acquire() as db, db.transaction():
        await db.fetchrow(BEGIN, token_of(ola))
        assert await db.execute("DELETE FROM access.permit") == "DELETE 0"
        assert await db.execute("DELETE FROM access.hidden") == "DELETE 0"
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await db.execute("UPDATE access.permit SET kinds = NULL, valid_until = now()")


async def test_the_version_before_can_still_read_while_both_run(two: World) -> None:
    ola = await two.log_in(OLA)
    async with two.web.acquire() as db, db.transaction():
        opened = await db.fetchrow("SELECT * FROM access.begin_access($1, 'test', NULL)", token_of(ola))
        assert (opened["subject_id"], opened["audience"]) == (await person_of(two, OLA), 1)
        assert len(await _seen(db)) == 1
    assert await two.web.fetchrow("SELECT * FROM access.begin_access($1, 'test', NULL)", b"x" * 32) is None


async def test_no_session_is_begun_from_within_a_reading(two: World) -> None:
    """Whoever can put SQL into a question knows Kari's number, and wants to be her."""
    ola = await two.log_in(OLA)
    mine = b"y" * 32
    login = (
        "identity.log_in('{token}'::bytea, NULL, false, 'fnr', '{kari}', 'x', 'x', 'x', 'x', "
        "interval '1 hour', interval '1 hour', now(), '')"
    )
    older = "identity.start_session('{token}'::bytea, 'fnr', '{kari}', 'x', 'x', 'x', interval '1h', interval '1h')"
    for function in (login, older):
        hole = f"(SELECT {function.format(token=chr(92) + 'x' + mine.hex(), kari=KARI)}) IS NOT NULL"
        question = Question("hole", lines=many(select(entry.c.line).where(literal_column(hole))))
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await ReadSession(two.pool, token_of(ola)).ask(question)
        assert await two.web.fetchrow(BEGIN, mine) is not None
        assert (await two.web.fetchrow(BEGIN, mine))["session_id"] is None
    newer = older.format(token="", kari=KARI).removesuffix(")") + ", now(), '', '', NULL)"
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await two.web.fetch(f"SELECT {newer}")
