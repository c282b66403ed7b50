"""Reading what has landed, and writing what it makes of the history. Only the worker's role may run these."""

from collections.abc import Collection, Sequence
from uuid import UUID

import asyncpg
from sqlalchemy import Uuid, and_, bindparam, delete, func, insert, literal_column, select, true, type_coerce
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by

from innsyn.db.batches import arrays, given
from innsyn.db.statements import Statement
from innsyn.journal.lookup import Key
from innsyn.journal.tables import resource
from innsyn.journal.versions import Landed
from innsyn.records.history.tables import claimed_before, taken_back, version

# Nobody compares more, and a resource that changes every minute must not cost ever more to take in.
MOST = 50
_FETCHED = ("kind", "id", "version", "source", "position", "recorded_at", "landed_at", "digest", "body")

_feed = bindparam("feed", type_=resource.c.feed.type)
_asked = given(resource.c.kind, resource.c.id)
_same = and_(resource.c.feed == _feed, resource.c.kind == _asked.c.kind, resource.c.id == _asked.c.id)
_versions = (
    select(*(resource.c[name] for name in _FETCHED if name not in {"kind", "id"}))
    .where(_same)
    .order_by(resource.c.version.desc())
    .limit(literal_column(str(MOST + 1)))
    .correlate(_asked)
    .lateral("versions")
)
# As in journal/landing.py: a later version that told no person, or another, does not loosen the bond to the first.
_person = func.array_agg(aggregate_order_by(resource.c.person_id, resource.c.version)).filter(
    resource.c.person_id.is_not(None)
)
_first = (
    select(
        func.min(resource.c.landed_at).label("first_landed_at"),
        type_coerce(_person, ARRAY(Uuid))[1].label("person_id"),
    )
    .where(_same)
    .correlate(_asked)
    .lateral("first")
)
_LANDED = Statement(
    select(_asked.c.kind, _asked.c.id, *_versions.c, *_first.c)
    .select_from(_asked.join(_versions, true()).join(_first, true()))
    .order_by(_asked.c.kind, _asked.c.id, _versions.c.version)
)

_keys = given(version.c.person_id, version.c.entry_id)
_KEY = ("person_id", "entry_id")
_CLEAR = tuple(
    Statement(delete(of.table).where(of.table.c.person_id == _keys.c.person_id, of == _keys.c.entry_id))
    for of in (version.c.entry_id, taken_back.c.entry_id, claimed_before.c.panel_id)
)
VERSION = tuple(column.name for column in version.c)
TAKEN_BACK = tuple(column.name for column in taken_back.c)
CLAIMED = tuple(column.name for column in claimed_before.c)
_versions_given, _taken_given, _claimed_given = (
    given(*version.c),
    given(*taken_back.c),
    given(*claimed_before.c),
)
_PUT_VERSIONS = Statement(insert(version).from_select(list(VERSION), select(*_versions_given.c)))
_PUT_TAKEN_BACK = Statement(insert(taken_back).from_select(list(TAKEN_BACK), select(*_taken_given.c)))
_PUT_CLAIMED = Statement(insert(claimed_before).from_select(list(CLAIMED), select(*_claimed_given.c)))


async def landed_versions(
    db: asyncpg.Connection, feed: str, keys: Collection[Key]
) -> dict[Key, list[Landed]]:
    """All versions that have landed of these (the MOST + 1 newest of each), in the order of their numbers."""
    rows = await db.fetch(_LANDED.sql, *_LANDED.bind(feed=feed, **arrays(("kind", "id"), keys)))
    found: dict[Key, list[Landed]] = {}
    for row in rows:
        values = {name: row[name] for name in (*_FETCHED, "first_landed_at")}
        found.setdefault((row["kind"], row["id"]), []).append(
            Landed(known_person=row["person_id"], follows=True, **values)
        )
    return found


async def replace(
    db: asyncpg.Connection,
    keys: Sequence[tuple[UUID, UUID]],
    versions: Sequence[Sequence[object]],
    taken: Sequence[Sequence[object]],
    claimed: Sequence[Sequence[object]],
) -> None:
    """Write the history of these (person, entry) anew: rows with the columns VERSION, TAKEN_BACK and CLAIMED."""
    for statement in _CLEAR:
        await db.execute(statement.sql, *statement.bind(**arrays(_KEY, keys)))
    if versions:
        await db.execute(_PUT_VERSIONS.sql, *_PUT_VERSIONS.bind(**arrays(VERSION, versions)))
    if taken:
        await db.execute(_PUT_TAKEN_BACK.sql, *_PUT_TAKEN_BACK.bind(**arrays(TAKEN_BACK, taken)))
    if claimed:
        await db.execute(_PUT_CLAIMED.sql, *_PUT_CLAIMED.bind(**arrays(CLAIMED, claimed)))
