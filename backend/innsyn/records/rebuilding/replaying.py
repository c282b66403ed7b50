"""The rebuild from beginning to end: beside what is read, caught up with what comes meanwhile, switched in a moment."""

from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from functools import partial
from typing import NamedTuple

import asyncpg

from innsyn.records import moving
from innsyn.records.entries import SCHEMA
from innsyn.records.own_wishes import applying as own_wishes
from innsyn.records.projecting import Registry
from innsyn.records.rebuilding import raw, switching
from innsyn.records.rebuilding.beside import NEXT, OLD, WORK, Beside
from innsyn.records.rebuilding.comparing import Rows, rows_of
from innsyn.records.rebuilding.filling import Filling
from innsyn.records.writing import entry_id

Tell = Callable[[str, int], None]

# What is left when the workers are made to wait: a moment's work.
_LITTLE = 2000
_ROUNDS = 100
_WISHED = f"""
    WITH since AS (SELECT at - interval '1 minute' AS at FROM {WORK}.begun)
    SELECT w.person_id FROM access.release_wish w, since WHERE w.since >= since.at
    UNION SELECT n.person_id FROM access.shown_now n, since WHERE n.at >= since.at
"""  # noqa: S608 - our own name


_MERGED = f"""
    SELECT m.feed, array_agg(DISTINCT each.person_id) AS persons
    FROM identity.merged m
    JOIN identity.patient p ON p.feed = m.feed AND p.patient_id = m.patient_id
    LEFT JOIN identity.patient i ON i.feed = m.feed AND i.patient_id = m.into_id,
    LATERAL unnest(ARRAY[m.home_id, p.person_id, i.person_id]) each (person_id), {WORK}.begun b
    WHERE m.changed_at >= b.at - interval '1 minute' AND each.person_id IS NOT NULL GROUP BY 1, m.patient_id
"""  # noqa: S608 - our own name
_WHOSE_NOW = """
    SELECT DISTINCT kind, id, person_id FROM journal.resource
    WHERE feed = $1 AND person_id = ANY($2) AND kind <> 'Patient'
"""


class Rebuilt(NamedTuple):
    """What a rebuild did. `before` and `after` are of the same moment; `went_on`: with one that had been stopped."""

    versions: int
    went_on: bool
    before: Mapping[str, Rows]
    after: Mapping[str, Rows]


async def rebuild(
    owner_dsn: str,
    worker_dsn: str,
    registry: Registry,
    *,
    check: bool = False,
    anew: bool = False,
    tell: Tell = lambda _what, _more: None,
) -> Rebuilt:
    """Make the read model anew from what has landed, and switch to it; `check`: only compare.

    Safe to stop at any point and to call again. Raises switching.AnotherIsAtWork, switching.HasChanged and
    layout.HeldFromOutside, and then readers have what they had.
    """
    async with AsyncExitStack() as opened:
        owner = await _connected(opened, owner_dsn, asyncpg.Connection)
        db = await _connected(opened, worker_dsn, Beside)
        reader = await _connected(opened, worker_dsn, asyncpg.Connection)
        await switching.alone(owner)
        if not check and await switching.has_switched(owner):
            await switching.take_away(owner, OLD, WORK)
            now = await rows_of(reader, SCHEMA, await switching.tables(owner))
            return Rebuilt(0, went_on=True, before=now, after=now)
        went_on = await switching.begin(owner, anew=anew)
        filling = Filling(db, registry, lambda more: tell("versions", more))
        versions = await _fill(owner, db, filling, tell)
        tell("switch", 0)
        more, before, after = await switching.when_free(partial(_finish, owner, db, reader, filling, check))
        await switching.take_away(owner, *((NEXT,) if check else (OLD,)), WORK)
        return Rebuilt(versions + more, went_on, before, after)


async def _finish(
    owner: asyncpg.Connection, db: Beside, reader: asyncpg.Connection, filling: Filling, check: bool
) -> tuple[int, Mapping[str, Rows], Mapping[str, Rows]]:
    """The last moment, and both read models as they were in it."""
    async with reader.transaction(isolation="repeatable_read", readonly=True):
        async with switching.with_workers_waiting(owner):
            more = await filling.catch_up()
            await _move(db)
            await _wish(db)
            await reader.fetchval("SELECT 1")
            if not check:
                await switching.switch(owner)
        tables = await switching.tables(owner)
        before = await rows_of(reader, SCHEMA if check else OLD, tables)
        after = await rows_of(reader, NEXT if check else SCHEMA, tables)
    return more, before, after


async def _fill(owner: asyncpg.Connection, db: Beside, filling: Filling, tell: Tell) -> int:
    """All of it but for what comes in the last moment. Returns how many versions that was."""
    await raw.number(db)
    versions = await filling.catch_up()
    tell("indexes", 0)
    await switching.complete(owner)
    for _ in range(_ROUNDS):
        more = await filling.catch_up()
        versions += more
        if more <= _LITTLE:
            break
    return versions


async def _connected(opened: AsyncExitStack, dsn: str, connection: type) -> asyncpg.Connection:
    name = {"application_name": "innsyn-replay"}
    db = await asyncpg.connect(dsn, connection_class=connection, server_settings=name)
    opened.push_async_callback(db.close, timeout=5)
    return db


async def _move(db: Beside) -> None:
    """Entries that have become another person's since it began: those from before were written as it was then."""
    for merge in await db.plainly(_MERGED):
        rows = await db.plainly(_WHOSE_NOW, merge["feed"], merge["persons"])
        for person_id in merge["persons"]:
            ids = [
                entry_id(merge["feed"], (row["kind"], row["id"]))
                for row in rows
                if row["person_id"] == person_id
            ]
            others = [each for each in merge["persons"] if each != person_id]
            async with db.transaction():
                await moving.carry(db, moving.READ_MODEL, ids, others, person_id)
        await moving.count_contributors(db, merge["persons"])


async def _wish(db: Beside) -> None:
    """What citizens have wished since it began: the entries of before are as they wished then."""
    persons = [row["person_id"] for row in await db.plainly(_WISHED)]
    if persons:
        async with db.transaction():
            await own_wishes.settle(db, persons)
