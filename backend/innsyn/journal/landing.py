"""The raw landing: every version of every resource as received, before anybody reads anything out of it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from uuid import UUID

import asyncpg
from sqlalchemy import (
    Table,
    Uuid,
    and_,
    bindparam,
    delete,
    func,
    literal,
    literal_column,
    select,
    true,
    tuple_,
    type_coerce,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by, insert

from innsyn.db.batches import arrays, given
from innsyn.db.statements import Statement
from innsyn.journal.lookup import Key, digest_of
from innsyn.journal.port import Entry
from innsyn.journal.tables import alias, position, resource, waiting
from innsyn.journal.versions import Known, Landed

_feed = bindparam("feed", type_=resource.c.feed.type)
_asked = given(resource.c.kind, resource.c.id)
_same = and_(resource.c.feed == _feed, resource.c.kind == _asked.c.kind, resource.c.id == _asked.c.id)
_newest = (
    select(*(c for c in resource.c if c.name not in {"feed", "kind", "id"}))
    .where(_same)
    .order_by(resource.c.version.desc())
    .limit(literal_column("1"))
    .correlate(_asked)
    .lateral("newest")
)
# A later version that told no person, or another, does not loosen the bond to the first.
_person = func.array_agg(aggregate_order_by(resource.c.person_id, resource.c.version)).filter(
    resource.c.person_id.is_not(None)
)
_first = (
    select(
        func.min(resource.c.landed_at).label("at"),
        type_coerce(_person, ARRAY(Uuid))[1].label("person_id"),
        func.array_agg(resource.c.digest).label("digests"),
        (func.count() > literal_column("1")).label("follows"),
    )
    .where(_same)
    .correlate(_asked)
    .lateral("first")
)

_KNOWN = Statement(
    select(
        _asked.c.kind,
        _asked.c.id,
        _newest.c.version,
        _first.c.person_id,
        _first.c.at,
        _first.c.digests,
        _newest.c.source_version,
    ).select_from(_asked.join(_newest, true()).join(_first, true()))
)
_NEWEST = Statement(
    select(
        _asked.c.kind,
        _asked.c.id,
        _newest.c.version,
        _newest.c.source,
        _newest.c.position,
        _newest.c.recorded_at,
        _newest.c.landed_at,
        _first.c.person_id,
        _newest.c.digest,
        _newest.c.body,
        _newest.c.source_version,
        _first.c.at.label("first_landed_at"),
        _first.c.follows,
    ).select_from(_asked.join(_newest, true()).join(_first, true()))
)
_named = given(alias.c.name)
_ALIASES = Statement(
    select(alias.c.name, alias.c.kind, alias.c.id).where(
        alias.c.feed == _feed, alias.c.name.in_(select(_named.c.name)), alias.c.id != literal("")
    )
)

_LANDED = (
    "kind",
    "id",
    "version",
    "source",
    "position",
    "recorded_at",
    "landed_at",
    "digest",
    "body",
    "source_version",
)
_GIVEN = ("person_id", "landing")
_ROW = (*_LANDED, *_GIVEN)


def _keep(table: Table, *names: str) -> Statement:
    """INSERT of many rows of one feed; what is there already stays as it is."""
    rows = given(*(table.c[name] for name in names))
    return Statement(
        insert(table)
        .from_select(["feed", *names], select(_feed.label("feed"), *rows.c))
        .on_conflict_do_nothing()
    )


_LAND = _keep(resource, *_ROW)
_NAME = _keep(alias, "name", "kind", "id")
_names = given(alias.c.name, alias.c.kind, alias.c.id)
_own = insert(alias).from_select(["feed", *_names.c.keys()], select(_feed.label("feed"), *_names.c))
_shared = and_(alias.c.kind == "", alias.c.id == "")
_NAME_ALONE = Statement(
    _own.on_conflict_do_update(
        index_elements=["feed", "name"],
        set_={"kind": "", "id": ""},
        where=tuple_(alias.c.kind, alias.c.id) != tuple_(_own.excluded.kind, _own.excluded.id),
    ).returning(alias.c.name, _shared.label("shared"))
)
_WAIT = _keep(waiting, "target", "kind", "id")
_awaited = given(waiting.c.target)
_COME = Statement(
    delete(waiting)
    .where(waiting.c.feed == _feed, waiting.c.target.in_(select(_awaited.c.target)))
    .returning(waiting.c.kind, waiting.c.id)
)
_about = given(resource.c.kind, resource.c.id, resource.c.person_id)
_ATTRIBUTE = Statement(
    update(resource)
    .where(resource.c.feed == _feed, resource.c.kind == _about.c.kind, resource.c.id == _about.c.id)
    .values(person_id=_about.c.person_id)
)
_part = bindparam("part", type_=position.c.part.type)
_HOLD = Statement(
    insert(position)
    .values(feed=_feed, part=_part, position=literal(0), moved_at=bindparam("now"))
    .on_conflict_do_update(index_elements=["feed", "part"], set_={"moved_at": bindparam("now")})
    .returning(position.c.position)
)
_MOVE = Statement(
    update(position)
    .where(position.c.feed == _feed, position.c.part == _part)
    .values(position=func.greatest(position.c.position, bindparam("to", type_=position.c.position.type)))
    .returning(position.c.position)
)


async def hold(db: asyncpg.Connection, feed: str, part: str, now: datetime) -> int:
    """The position of this part of the feed, held until the transaction ends: a second worker on it waits here."""
    return int(await db.fetchval(_HOLD.sql, *_HOLD.bind(feed=feed, part=part, now=now)))


async def move(db: asyncpg.Connection, feed: str, part: str, to: int) -> int:
    """Everything of the part up to and including `to` is landed in this transaction. Returns the position now."""
    return int(await db.fetchval(_MOVE.sql, *_MOVE.bind(feed=feed, part=part, to=to)))


async def known(db: asyncpg.Connection, feed: str, keys: Iterable[Key]) -> dict[Key, Known]:
    """What is here already of the resources in a batch."""
    rows = await db.fetch(_KNOWN.sql, *_KNOWN.bind(feed=feed, **arrays(("kind", "id"), set(keys))))
    return {
        (kind, id_): Known(version, person_id, first, frozenset(digests), said)
        for kind, id_, version, person_id, first, digests, said in rows
    }


async def newest(db: asyncpg.Connection, feed: str, keys: Iterable[Key]) -> list[Landed]:
    """The newest version of each, with its body (None: deleted); those that never came are left out."""
    rows = await db.fetch(_NEWEST.sql, *_NEWEST.bind(feed=feed, **arrays(("kind", "id"), set(keys))))
    return [Landed(known_person=row["person_id"], **{n: row[n] for n in _FETCHED}) for row in rows]


async def later(db: asyncpg.Connection, feed: str, entries: Sequence[Entry]) -> list[Entry]:
    """Those entries that came after the newest version that is here, or of which nothing is here."""
    here = {each.key: each.position for each in await newest(db, feed, {(e.kind, e.id) for e in entries})}
    return [each for each in entries if each.position > here.get((each.kind, each.id), -1)]


async def attribute(db: asyncpg.Connection, feed: str, persons: Mapping[Key, UUID | None]) -> None:
    """Whom all versions of these resources are about, now that it is known (None: nobody we know)."""
    if persons:
        rows = [(*key, person_id) for key, person_id in persons.items()]
        columns = ("kind", "id", "person_id")
        await db.execute(_ATTRIBUTE.sql, *_ATTRIBUTE.bind(feed=feed, **arrays(columns, rows)))


_FETCHED = (*_LANDED, "first_landed_at", "follows")


async def keys_of(db: asyncpg.Connection, feed: str, names: Iterable[str]) -> dict[str, Key]:
    """What the aliases stand for, of those that are known."""
    by_digest = {digest_of(name): name for name in names}
    rows = await db.fetch(_ALIASES.sql, *_ALIASES.bind(feed=feed, names=list(by_digest)))
    return {by_digest[row["name"]]: (row["kind"], row["id"]) for row in rows}


async def land(
    db: asyncpg.Connection, feed: str, landed: Sequence[Landed], persons: Mapping[Key, UUID], number: int
) -> None:
    """Keep the bytes, as landing `number`. `persons`: whom each is about, of those that are about somebody."""
    rows = [(*(getattr(each, name) for name in _LANDED), persons.get(each.key), number) for each in landed]
    await db.execute(_LAND.sql, *_LAND.bind(feed=feed, **arrays(_ROW, rows)))


async def name(db: asyncpg.Connection, feed: str, names: Iterable[tuple[str, Key]]) -> None:
    """Remember other names of resources. Two things with one of these names are as good: the first counts."""
    # In one order, so that two workers wait for each other in one direction only.
    rows = sorted(((digest_of(other), *key) for other, key in names), key=itemgetter(0))
    if rows:
        await db.execute(_NAME.sql, *_NAME.bind(feed=feed, **arrays(("name", "kind", "id"), rows)))


async def name_alone(db: asyncpg.Connection, feed: str, names: Mapping[str, Key]) -> set[str]:
    """Remember names for one thing alone. Returns those that two things have: they are nobody's from now on."""
    by_digest = {digest_of(name): name for name in names}
    rows = sorted((digest, *names[name]) for digest, name in by_digest.items())
    columns = ("name", "kind", "id")
    told = await db.fetch(_NAME_ALONE.sql, *_NAME_ALONE.bind(feed=feed, **arrays(columns, rows)))
    return {by_digest[row["name"]] for row in told if row["shared"]}


async def wait(db: asyncpg.Connection, feed: str, waits: Iterable[tuple[str, Key]]) -> None:
    """Remember that the resource `key` points at `name`, which has not come."""
    rows = [(digest_of(target), *key) for target, key in waits]
    if rows:
        await db.execute(_WAIT.sql, *_WAIT.bind(feed=feed, **arrays(("target", "kind", "id"), rows)))


async def come(db: asyncpg.Connection, feed: str, names: Iterable[str]) -> set[Key]:
    """The resources that waited for any of these names; they wait no longer."""
    rows = await db.fetch(_COME.sql, *_COME.bind(feed=feed, targets=[digest_of(each) for each in names]))
    return {(row["kind"], row["id"]) for row in rows}
