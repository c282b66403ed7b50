"""Connections to PostgreSQL."""

from typing import Final

import asyncpg

from innsyn.db.refusals import DatabaseUnreachable

# What a statement raises when PostgreSQL refuses it or is gone. The last is no defect: asyncpg raises it for a
# statement that comes between the server's last word and the end of the connection.
LOST: Final = (
    OSError,
    TimeoutError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)


async def _leave_as_is(connection: asyncpg.Connection) -> None:
    """No reset round trip when a connection goes back: all session state is transaction-local (a test holds it)."""


async def open_pool(dsn: str, *, most: int = 10) -> asyncpg.Pool:
    """A pool of at most `most` connections to `dsn`; raises DatabaseUnreachable with what to check."""
    try:
        return await asyncpg.create_pool(
            dsn,
            min_size=1,
            max_size=most,
            reset=_leave_as_is,
            server_settings={
                "application_name": "innsyn",
                "jit": "off",
                "max_parallel_workers_per_gather": "0",
                "statement_timeout": "10s",
                "lock_timeout": "5s",
                "idle_in_transaction_session_timeout": "30s",
                "timezone": "UTC",
            },
        )
    except (OSError, asyncpg.PostgresError) as reason:
        raise DatabaseUnreachable(type(reason).__name__) from reason
