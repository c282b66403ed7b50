"""The second lock: what the web's role can do when the application forgets everything."""

import asyncpg
import pytest

from innsyn.identity.sessions import token_of
from world import KARI, OLA, World, patient, result


@pytest.fixture
async def two(world: World) -> World:
    await world.take(patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"))
    await world.take(result("a", "kari"), result("b", "ola"), result("c", "ola"))
    return world


def _token(browser: object) -> bytes:
    token = token_of(browser.cookies["innsyn"])  # type: ignore[attr-defined]
    assert token is not None
    return token


TABLES = ("record.entry", "shown.entry", "record.document", "record.contributor", "access.log")


@pytest.mark.parametrize("table", TABLES)
async def test_without_an_opened_record_nothing_is_seen(two: World, table: str) -> None:
    assert await two.web.fetchval(f"SELECT count(*) FROM {table}") == 0  # noqa: S608 - the names above


async def test_a_forgotten_where_shows_one_person(two: World) -> None:
    ola = await two.log_in(OLA)
    async with two.web.acquire() as db, db.transaction():
        opened = await db.fetchrow("SELECT * FROM access.begin_access($1, NULL, 'test', NULL)", _token(ola))
        seen = await db.fetch("SELECT person_id FROM record.entry")
    assert [row["person_id"] for row in seen] == [opened["subject_id"]] * 2
    # The transaction is over, and with it the access.
    assert await two.web.fetchval("SELECT count(*) FROM record.entry") == 0


async def test_every_reading_is_in_the_log_of_the_person_who_was_read(two: World) -> None:
    kari = await two.log_in(KARI)
    await kari.get("/journal")
    entry = (await kari.get("/api/entries")).json()["entries"][0]["id"]
    await kari.get(f"/journal/lab_results/{entry}")
    rows = await two.owner.fetch(
        "SELECT l.actor_id = l.subject_id AS self, l.rule, l.purpose, l.entry_id::text AS entry, p.given_name "
        "FROM access.log l JOIN identity.person p ON p.person_id = l.subject_id ORDER BY log_id"
    )
    assert [tuple(row) for row in rows] == [
        (True, "self", "timeline.all.page", None, "Kari"),
        (True, "self", "timeline.all.api", None, "Kari"),
        (True, "self", "entry.open", entry, "Kari"),
    ]


async def test_no_reading_without_a_session_and_nothing_logged_for_it(two: World) -> None:
    kari = await two.log_in(KARI)
    await two.owner.execute("UPDATE identity.session SET last_used_at = now() - interval '31 minutes'")
    assert (await kari.get("/api/entries")).status_code == 401
    await two.owner.execute("UPDATE identity.session SET last_used_at = now(), expires_at = now()")
    assert (await kari.get("/api/entries")).status_code == 401
    await two.owner.execute(
        "UPDATE identity.session SET expires_at = now() + interval '1 hour', ended_at = now()"
    )
    assert (await kari.get("/api/entries")).status_code == 401
    assert await two.owner.fetchval("SELECT count(*) FROM access.log") == 0


FORBIDDEN = (
    "SELECT * FROM identity.session",
    "SELECT * FROM identity.person",
    "SELECT * FROM identity.person_identifier",
    "SELECT * FROM journal.resource",
    "SELECT * FROM journal.quarantine",
    "INSERT INTO record.entry SELECT * FROM record.entry",
    "UPDATE record.entry SET person_id = person_id",
    "DELETE FROM record.entry",
    "DELETE FROM access.log",
    "UPDATE access.log SET rule = 'x'",
    "INSERT INTO access.log OVERRIDING SYSTEM VALUE SELECT * FROM access.log",
    "CREATE TABLE public.mine (x int)",
)


@pytest.mark.parametrize("statement", FORBIDDEN)
async def test_what_the_web_may_not_do_at_all(two: World, statement: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await two.web.execute(statement)


# About nobody: no row of these says anything of a person.
ABOUT_NOBODY = {"public.alembic_version"}
# What the web reads without a record opened: how fresh the services are, the terms, and forms as published.
READ_BY_THE_WEB_WITHOUT_A_RECORD = {
    "form.questionnaire",
    "form.value_set",
    "identity.terms",
    "journal.gap",
    "journal.source",
    "message.reply_time",
    "message.unit",
}


async def test_every_table_has_row_security_forced_and_a_policy(world: World) -> None:
    bare = await world.owner.fetch(
        "SELECT format('%s.%s', n.nspname, c.relname) AS name "
        "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND c.relkind IN ('r', 'p', 'm', 'v') "
        # A view on a table that has, which filters nothing (migrations/shown.py).
        "AND format('%s.%s', n.nspname, c.relname) <> 'shown.entry' "
        "AND NOT (c.relrowsecurity AND c.relforcerowsecurity "
        "AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid))"
    )
    assert {row["name"] for row in bare} == ABOUT_NOBODY


async def test_what_the_web_may_read_is_bound_to_the_opened_record(world: World) -> None:
    loose = await world.owner.fetch(
        "SELECT format('%s.%s', n.nspname, c.relname) AS name, pg_get_expr(p.polqual, p.polrelid) AS rule "
        "FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE 'innsyn_web'::regrole = ANY (p.polroles) AND p.polcmd IN ('r', '*', 'w', 'd') "
        "AND pg_get_expr(p.polqual, p.polrelid) "
        "!~ 'access\\.(subject|actor|session_id|whole|admits|acts)\\(|FROM record\\.entry '"
    )
    assert {row["name"] for row in loose} == READ_BY_THE_WEB_WITHOUT_A_RECORD


async def test_the_pool_remembers_nothing_of_the_request_before(two: World) -> None:
    kari, ola = await two.log_in(KARI), await two.log_in(OLA)
    for _ in range(20):
        mine = (await kari.get("/api/entries")).json()["entries"]
        his = (await ola.get("/api/entries")).json()["entries"]
        assert (len(mine), len(his)) == (1, 2)
    assert await two.web.fetchval("SELECT current_setting('innsyn.context', true)") in {None, ""}
