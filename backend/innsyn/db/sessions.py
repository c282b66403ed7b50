"""The transaction of a write: one per request, committed at the edge and nowhere else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, final

import asyncpg

from innsyn.db.statements import Statement


@final
class WriteSession:
    """A transaction that is open. Raise to undo, return to keep: `write_session` commits."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def value(self, statement: Statement, **values: object) -> Any:  # noqa: ANN401 - of any column
        """Run the statement; the first column of its first row (None without one)."""
        return await self._connection.fetchval(statement.sql, *statement.bind(**values))

    async def row(self, statement: Statement, **values: object) -> asyncpg.Record | None:
        """Run the statement; its first row."""
        return await self._connection.fetchrow(statement.sql, *statement.bind(**values))

    async def rows(self, statement: Statement, **values: object) -> list[asyncpg.Record]:
        """Run the statement; all its rows."""
        found: list[asyncpg.Record] = await self._connection.fetch(statement.sql, *statement.bind(**values))
        return found


@asynccontextmanager
async def write_session(pool: asyncpg.Pool) -> AsyncIterator[WriteSession]:
    """One transaction, committed at the end of the block and undone by whatever is raised in it.

    To be entered with `async with`: iterated over, it would not hear of an exception, and would be undone only when
    it is collected as garbage.
    """
    async with pool.acquire() as connection, connection.transaction():
        yield WriteSession(connection)
