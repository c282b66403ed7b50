"""Connections to PostgreSQL."""

from typing import Final

import asyncpg

from innsyn.db.queue import QueuedPool
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


async def open_pool(dsn: str, *, most: int = 10) -> QueuedPool:
    """A pool of at most `most` connections to `dsn`; raises DatabaseUnreachable with what to check."""
    try:
        # The values that asyncpg.create_pool has by itself, and our own.
        opened: QueuedPool = await QueuedPool(
            dsn,
            min_size=1,
            max_size=most,
            max_queries=50_000,
            max_inactive_connection_lifetime=300.0,
            connection_class=asyncpg.Connection,
            record_class=asyncpg.Record,
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
    return opened
