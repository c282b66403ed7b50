"""Who may do what with the log and its seals. Two people stand in it."""

import asyncpg
import pytest

from access.audit.sealed_log import KARI, OLA, SealedLog


@pytest.fixture
async def sealed(log: SealedLog) -> SealedLog:
    await log.read_by_both(2)
    await log.seal()
    return log


MAY = {
    "innsyn_sealer": {"access.log": {"SELECT"}, "access.seal": {"SELECT", "INSERT"}},
    "innsyn_auditor": {"access.log": {"SELECT"}, "access.seal": {"SELECT"}},
}
_RIGHTS = """
    SELECT format('%s.%s', n.nspname, c.relname) AS name, p.may
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
        unnest('{SELECT,INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER}'::text[]) p (may)
    WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND c.relkind IN ('r', 'p', 'v', 'm')
        AND has_table_privilege($1, c.oid, p.may)
"""
_FUNCTIONS = """
    SELECT p.oid::regprocedure::text AS name FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname IN ('access', 'identity', 'journal', 'record') AND has_function_privilege($1, p.oid, 'EXECUTE')
"""


@pytest.mark.parametrize("role", MAY)
async def test_sealer_and_auditor_may_do_this_and_nothing_else(log: SealedLog, role: str) -> None:
    found: dict[str, set[str]] = {}
    for row in await log.owner.fetch(_RIGHTS, role):
        found.setdefault(row["name"], set()).add(row["may"])
    assert found == MAY[role]
    assert await log.owner.fetch(_FUNCTIONS, role) == []


async def test_the_auditor_sees_everybody_and_the_web_nobody_without_an_opened_record(
    sealed: SealedLog,
) -> None:
    people = "SELECT array_agg(DISTINCT subject_id ORDER BY subject_id) FROM access.log"
    count = f"SELECT ({people}), count(*) FROM access.seal"  # noqa: S608 - the line above
    assert tuple(await (await sealed.connect("innsyn_auditor")).fetchrow(count)) == ([KARI, OLA], 1)
    assert tuple(await (await sealed.connect("innsyn_web")).fetchrow(count)) == (None, 0)


@pytest.mark.parametrize("role", ["innsyn_web", "innsyn_worker", "innsyn_sealer", "innsyn_auditor"])
@pytest.mark.parametrize("table", ["access.log", "access.seal"])
async def test_nobody_changes_what_was_written(sealed: SealedLog, role: str, table: str) -> None:
    db = await sealed.connect(role)
    for statement in ("UPDATE {} SET at = at", "DELETE FROM {}", "TRUNCATE {}"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await db.execute(statement.format(table))


async def test_the_owner_of_the_tables_sees_and_changes_no_row(sealed: SealedLog) -> None:
    """Forced row security holds the role that migrates, too: it can only add to the log (as begin_access does)."""
    db = await sealed.connect("innsyn_owner")
    for table in ("access.log", "access.seal"):
        assert await db.fetchval(f"SELECT count(*) FROM {table}") == 0  # noqa: S608 - those two
        assert await db.execute(f"DELETE FROM {table}") == "DELETE 0"  # noqa: S608
        assert await db.execute(f"UPDATE {table} SET at = now()") == "UPDATE 0"  # noqa: S608
    assert await sealed.audit() == (0, [])
