"""Alembic's entry: the same DSN and metadata as the application, over asyncpg."""

import asyncio
from typing import TYPE_CHECKING

from alembic import context
from sqlalchemy import pool, text
from sqlalchemy.ext.asyncio import create_async_engine

import innsyn.access.audit.tables
import innsyn.access.fullmakt.tables
import innsyn.access.looks
import innsyn.access.lookups.tables
import innsyn.access.relations.tables
import innsyn.access.tables
import innsyn.access.telling.tables
import innsyn.access.wishes.tables
import innsyn.forms.drafts.tables
import innsyn.forms.files.tables
import innsyn.forms.sent.tables
import innsyn.forms.tables
import innsyn.identity.devices.tables
import innsyn.identity.first_login.tables
import innsyn.identity.logout_tables
import innsyn.identity.merged_tables
import innsyn.identity.passkeys.tables
import innsyn.identity.tables
import innsyn.journal.bulk_tables
import innsyn.journal.outbox_tables
import innsyn.journal.reconcile_tables
import innsyn.journal.subscription_tables
import innsyn.journal.tables
import innsyn.messages.tables
import innsyn.notifications.subscriptions.tables
import innsyn.notifications.tables
import innsyn.records.entries
import innsyn.records.history.tables
import innsyn.records.own_wishes.tables
from innsyn.db.metadata import metadata

if TYPE_CHECKING:
    from sqlalchemy import Connection

SCHEMAS = {
    innsyn.journal.tables.SCHEMA,
    innsyn.identity.tables.SCHEMA,
    innsyn.access.tables.SCHEMA,
    innsyn.records.entries.SCHEMA,
    innsyn.forms.drafts.tables.SCHEMA,
    innsyn.messages.tables.SCHEMA,
    innsyn.access.telling.tables.SCHEMA,
}


def _ours(name: str | None, kind: str, _parents: object) -> bool:
    return kind != "schema" or name in SCHEMAS


def _run(connection: "Connection") -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        include_schemas=True,
        include_name=_ours,
        version_table_schema="public",
    )
    with context.begin_transaction():
        # Two operators may start at once; the second waits and finds nothing to do.
        connection.execute(text("SELECT pg_advisory_xact_lock(7461)"))
        context.run_migrations()


async def _online(dsn: str) -> None:
    engine = create_async_engine(dsn, poolclass=pool.NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(_run)
        await connection.commit()
    await engine.dispose()


def _offline() -> None:
    context.configure(dialect_name="postgresql", target_metadata=metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    _offline()
elif (given := context.config.attributes.get("connection")) is not None:
    _run(given)
else:
    asyncio.run(_online(context.config.get_main_option("sqlalchemy.url", "")))
