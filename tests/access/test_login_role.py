"""Logging in and out over a connection of its own: the web's role can do neither, and that one can read nothing."""

import asyncpg
import httpx
import pytest
from sqlalchemy import literal_column, select

from access.permits import person_of, token_of
from innsyn.access.acting import Acts
from innsyn.access.opening import Question, ReadSession, many
from innsyn.db.sessions import write_session
from innsyn.db.statements import Statement
from innsyn.identity.oidc_sessions import end_by_provider
from innsyn.records.entries import entry
from world import KARI, OLA, World, patient, result

REFUSED = asyncpg.InsufficientPrivilegeError

OF_LOGINS = [
    "end_by_provider",
    "end_session",
    "give_challenge",
    "locale_of",
    "log_in",
    "meet_device",
    "passkey_with",
    "refuse_login",
    "renew_session",
    "take_challenge",
    "unlock",
]
MAY_CALL = (
    "SELECT format('%s.%s', n.nspname, p.proname) AS name FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
    "WHERE n.nspname IN ('access', 'identity', 'journal', 'record') AND has_function_privilege($1, p.oid, 'EXECUTE') "
    "ORDER BY 1"
)
MAY_TOUCH = (
    "SELECT format('%s.%s', n.nspname, c.relname) AS name "
    "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE n.nspname IN ('access', 'identity', 'journal', 'record') AND c.relkind IN ('r', 'p', 'v', 'm') "
    "AND (has_table_privilege($1, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER') "
    "OR has_any_column_privilege($1, c.oid, 'SELECT, INSERT, UPDATE')) ORDER BY 1"
)


@pytest.fixture
async def two(world: World) -> World:
    await world.take(patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"))
    await world.take(result("a", "kari", "Karis prøve"), result("b", "ola", "Olas prøve"))
    return world


async def _names(world: World, question: str, role: str) -> list[str]:
    return [row["name"] for row in await world.owner.fetch(question, role)]


async def test_the_login_role_has_what_logging_in_takes_and_nothing_else(world: World) -> None:
    assert await _names(world, MAY_CALL, "innsyn_login") == [f"identity.{each}" for each in OF_LOGINS]
    tables = ["identity.login_attempt", "identity.logout_attempt", "identity.logout_token"]
    assert await _names(world, MAY_TOUCH, "innsyn_login") == tables


async def test_the_web_role_has_none_of_it(world: World) -> None:
    assert {*await _names(world, MAY_CALL, "innsyn_web")}.isdisjoint(f"identity.{each}" for each in OF_LOGINS)
    assert "identity.start_session" not in await _names(world, MAY_CALL, "innsyn_web")
    touched = await _names(world, MAY_TOUCH, "innsyn_web")
    assert [name for name in touched if ".log" in name] == ["access.log"]


async def test_the_login_role_sees_nobody(two: World) -> None:
    ola = await two.log_in(OLA)
    for statement in (
        "SELECT * FROM record.entry",
        "SELECT * FROM identity.person",
        "SELECT * FROM identity.session",
        "SELECT * FROM access.log",
        "SELECT * FROM journal.source",
    ):
        with pytest.raises(REFUSED):
            await two.login.fetch(statement)
    with pytest.raises(REFUSED):
        await two.login.fetch("SELECT * FROM access.begin_access($1, NULL, 'test', NULL)", token_of(ola))


def _planted(kari: str) -> dict[str, str]:
    """What somebody would write into a statement with a hole, to be Kari or to put her out."""
    mine = r"'\x" + "79" * 32 + "'::bytea"
    minutes = "interval '1 hour', interval '1 hour'"
    return {
        "log_in": f"identity.log_in({mine}, NULL, false, 'fnr', '{KARI}', 'x', 'x', 'x', 'x', {minutes}, now(), '')",
        "older": f"identity.start_session({mine}, 'fnr', '{KARI}', 'x', 'x', 'x', {minutes})",
        "unlock": f"identity.unlock({mine}, NULL, '\\x01', 0, false, {minutes}, interval '1 hour', '')",
        "renew": rf"identity.renew_session('\x{kari}', {mine})",
        "end": rf"identity.end_session('\x{kari}')",
        "provider": "identity.end_by_provider('https://idporten.test', 'a-sid', '')",
        "refuse": f"identity.refuse_login('fnr', '{KARI}', 'level_too_low', '')",
        "attempt": "(SELECT count(*) FROM identity.login_attempt)",
        "logout": "(SELECT count(*) FROM identity.logout_attempt)",
    }


PLANTED = tuple(_planted(""))


async def _sessions(world: World) -> list[tuple[object, ...]]:
    rows = await world.owner.fetch(
        "SELECT person_id, token_hash, ended_at FROM identity.session ORDER BY started_at, session_id"
    )
    return [tuple(row) for row in rows]


@pytest.fixture
async def here(two: World) -> tuple[World, httpx.AsyncClient, str, list[tuple[object, ...]]]:
    kari, ola = await two.log_in(KARI), await two.log_in(OLA)
    return two, ola, token_of(kari).hex(), await _sessions(two)


@pytest.mark.parametrize("what", PLANTED)
async def test_nothing_planted_begins_or_ends_a_session(
    here: tuple[World, httpx.AsyncClient, str, list[tuple[object, ...]]], what: str
) -> None:
    """In a reading and in an act of Ola's, who knows Kari's number and, for once, her cookie."""
    world, ola, karis, before = here
    hole = f"({_planted(karis)[what]}) IS NOT NULL"
    question = Question("hole", lines=many(select(entry.c.line).where(literal_column(hole))))
    with pytest.raises(REFUSED):
        await ReadSession(world.pool, token_of(ola)).ask(question)
    statement = Statement(select(literal_column(hole)))
    with pytest.raises(REFUSED):
        async with Acts(world.web, token_of(ola)).begin("test.act") as act:
            await act.db.value(statement)
    assert await _sessions(world) == before


async def test_the_provider_ends_by_sid_or_by_pseudonym_and_by_an_index(two: World) -> None:
    for number in (KARI, OLA):
        await two.log_in(number)
    karis = await person_of(two, KARI)
    await two.owner.execute("UPDATE identity.session SET sub = 'karis' WHERE person_id = $1", karis)
    for asked in ({"sub": "nobody"}, {"sid": "", "sub": ""}):
        async with write_session(two.login) as db:
            assert await end_by_provider(db, "https://idporten.test", **asked) == 0
    async with write_session(two.login) as db:
        assert await end_by_provider(db, "https://another.test", sub="karis") == 0
        assert await end_by_provider(db, "https://idporten.test", sub="karis") == 1
    ended = await two.owner.fetch(
        "SELECT person_id, ended_why FROM identity.session WHERE ended_at IS NOT NULL"
    )
    assert [tuple(row) for row in ended] == [(karis, "provider")]
    await two.owner.execute("SET enable_seqscan = off")
    plan = await two.owner.fetch(
        "EXPLAIN SELECT 1 FROM identity.session WHERE issuer = 'x' AND sub = 'y' AND ended_at IS NULL"
    )
    assert "ix_session_issuer_sub" in plan[0][0] + plan[1][0]
