"""A pytest plugin that takes the first lock away: every query forgets whose record it is about and what may be shown.

What holds then is row security alone. With INNSYN_TEST_SECOND_LOCK=open that is taken away as well, and the same tests
must fail, or they would prove nothing. Used by test_second_lock.py, in runs of their own.
"""

import asyncio
import os
import re
from typing import Any

import asyncpg
from sqlalchemy import ColumnElement, FromClause, true

from innsyn.access import visibility
from innsyn.db import statements
from innsyn.migrations import running

_ANYBODY = re.compile(r"\b(\w+\.)*\w+\.person_id = reader\.subject_id\b")
_OPEN = """
DO $$
DECLARE p record;
BEGIN
    FOR p IN SELECT schemaname, tablename, policyname FROM pg_policies
        WHERE 'innsyn_web' = ANY (roles) AND schemaname = 'record'
    LOOP
        EXECUTE format('ALTER POLICY %I ON %I.%I USING (true)', p.policyname, p.schemaname, p.tablename);
    END LOOP;
END $$
"""
_migrate = running.migrate
_forgotten = 0


def _everything(_row: FromClause, _reader: FromClause) -> ColumnElement[bool]:
    return true()


class _Forgetful(statements.Statement):
    def __init__(self, statement: Any) -> None:  # noqa: ANN401 - any statement
        global _forgotten  # noqa: PLW0603
        super().__init__(statement)
        self.sql, times = _ANYBODY.subn("true", self.sql)
        _forgotten += times


def _migrate_and_open(dsn: str) -> None:
    _migrate(dsn)
    asyncio.run(_open(dsn))


async def _open(dsn: str) -> None:
    db = await asyncpg.connect(dsn)
    await db.execute(_OPEN)
    await db.close()


visibility.visible = visibility._admitted = _everything  # type: ignore[assignment]
statements.Statement = _Forgetful  # type: ignore[misc]
if os.environ.get("INNSYN_TEST_SECOND_LOCK") == "open":
    running.migrate = _migrate_and_open


def pytest_sessionfinish() -> None:
    """A run that took nothing away would prove nothing."""
    assert _forgotten > 0, "no query was changed"
