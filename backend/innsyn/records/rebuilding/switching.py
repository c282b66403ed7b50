"""Beginning, finishing and taking away: what the owner of the tables does, and what a stopped rebuild has left."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

import asyncpg

import innsyn
from innsyn.records.entries import SCHEMA, entry
from innsyn.records.rebuilding import layout
from innsyn.records.rebuilding.beside import NEXT, OLD, WORK

T = TypeVar("T")

_WORK: Final = (
    f"CREATE SCHEMA {WORK}",
    f"GRANT USAGE ON SCHEMA {WORK} TO innsyn_worker",
    f"CREATE TABLE {WORK}.begun (by text NOT NULL, at timestamptz NOT NULL DEFAULT now())",
    f"CREATE TABLE {WORK}.progress (feed text PRIMARY KEY, landing bigint NOT NULL)",
    f"CREATE TABLE {WORK}.waiting (LIKE journal.waiting INCLUDING ALL)",
    f"""
    CREATE VIEW {WORK}.resource AS
    SELECT * FROM journal.resource WHERE landing <= current_setting('innsyn.landing')::bigint
    """,  # noqa: S608 - our own name
    # What has landed stays as it is, whatever a batch would say of it now.
    f"CREATE RULE as_it_is AS ON UPDATE TO {WORK}.resource DO INSTEAD NOTHING",
    f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {WORK} TO innsyn_worker",
)
_ONE_AT_A_TIME: Final = "SELECT pg_try_advisory_lock(7462)"
_TRIES: Final = 60


class AnotherIsAtWork(Exception):
    """A rebuild is going on already."""


class HasChanged(Exception):
    """The tables have been migrated since the rebuild began. Begin anew."""


async def alone(owner: asyncpg.Connection) -> None:
    """Until the connection ends nobody else rebuilds. Raises AnotherIsAtWork."""
    if not await owner.fetchval(_ONE_AT_A_TIME):
        raise AnotherIsAtWork


async def has_switched(owner: asyncpg.Connection) -> bool:
    """Was a rebuild by this same code stopped after its switch, with nothing left to do but to clear away?"""
    if not await owner.fetchval("SELECT to_regnamespace($1) IS NOT NULL", OLD):
        return False
    return await _is_ours(owner)


async def begin(owner: asyncpg.Connection, *, anew: bool) -> bool:
    """The empty tables to fill, or those of a rebuild that was stopped. Returns whether it goes on with such a one.

    Raises layout.HeldFromOutside where the switch would not be one.
    """
    if not anew and await _can_go_on(owner):
        return True
    await take_away(owner, OLD, NEXT, WORK)
    # The last to be made: without it nothing that was begun is gone on with.
    await layout.build(owner, SCHEMA, NEXT)
    kept = [table for table in await tables(owner) if table != entry.name]
    await layout.complete(owner, SCHEMA, NEXT, kept)
    async with owner.transaction():
        for statement in _WORK:
            await owner.execute(statement)
        await owner.execute(f"INSERT INTO {WORK}.begun (by) VALUES ($1)", made_by())  # noqa: S608 - our own name
    return False


async def take_away(owner: asyncpg.Connection, *schemas: str) -> None:
    """Drop them, as soon as nobody reads in them any longer."""
    for schema in schemas:
        await layout.must_be_free(owner, schema)
        if left := await layout.views(owner, schema):
            raise layout.HeldFromOutside(*left)
        await when_free(partial(owner.execute, f"DROP SCHEMA IF EXISTS {schema} CASCADE"))


async def complete(owner: asyncpg.Connection) -> None:
    """The indexes that readers need, and what the planner must know before the first of them comes."""
    await layout.complete(owner, SCHEMA, NEXT)
    for table in await tables(owner):
        await owner.execute(f"VACUUM (ANALYZE) {NEXT}.{table}")
    if await layout.describe(owner, SCHEMA) != await layout.describe(owner, NEXT):
        raise HasChanged


@asynccontextmanager
async def with_workers_waiting(owner: asyncpg.Connection) -> AsyncIterator[None]:
    """A transaction in which no batch is taken in and no wish applied; readers notice nothing."""
    async with owner.transaction():
        await owner.execute("LOCK TABLE journal.position IN EXCLUSIVE MODE")
        yield


async def switch(owner: asyncpg.Connection) -> None:
    """Let the next one be the read model, when this transaction commits."""
    if await layout.describe(owner, SCHEMA) != await layout.describe(owner, NEXT):
        raise HasChanged
    views = await layout.views(owner, SCHEMA)
    await owner.execute(f"ALTER SCHEMA {SCHEMA} RENAME TO {OLD}")
    await owner.execute(f"ALTER SCHEMA {NEXT} RENAME TO {SCHEMA}")
    for statement in views:
        await owner.execute(statement)


def made_by() -> str:
    """What the rows depend on beside what has landed: our own code."""
    digest = hashlib.sha256()
    for path in sorted(Path(innsyn.__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


async def _can_go_on(owner: asyncpg.Connection) -> bool:
    return await owner.fetchval("SELECT to_regnamespace($1) IS NOT NULL", NEXT) and await _is_ours(owner)


async def _is_ours(owner: asyncpg.Connection) -> bool:
    if not await owner.fetchval("SELECT to_regclass($1) IS NOT NULL", f"{WORK}.begun"):
        return False
    return bool(await owner.fetchval(f"SELECT by = $1 FROM {WORK}.begun", made_by()))  # noqa: S608 - our own name


async def tables(owner: asyncpg.Connection) -> list[str]:
    """Of the read model."""
    asked = "SELECT tablename::text FROM pg_tables WHERE schemaname = $1 ORDER BY 1"
    return [row[0] for row in await owner.fetch(asked, SCHEMA)]


async def when_free(act: Callable[[], Awaitable[T]]) -> T:
    """Do it, once nobody holds a lock that it needs. Raises LockNotAvailableError after a long time."""
    # The owner gives up on a lock after a while (infra/postgres/roles.sql), so that nobody waits behind it for long.
    for _ in range(_TRIES):
        try:
            return await act()
        except asyncpg.LockNotAvailableError:
            await asyncio.sleep(0.1)
    return await act()
