"""Trying again what is in quarantine: which entries, how often, and what became of each."""

from collections.abc import Sequence
from typing import Any, Final

import asyncpg
import msgspec
from sqlalchemy import ColumnElement, Text, bindparam, func, literal_column, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from innsyn.db.batches import arrays, given
from innsyn.db.statements import Statement
from innsyn.journal.tables import position, quarantine, resource

# These can pass by themselves: whom it is about may come, and the next version of this code may get through it.
HEALS: Final = ("unknown_patient", "projection_failed")
MOST_TRIES: Final = 5


class Kept(msgspec.Struct, frozen=True):
    """Something in quarantine that is to be tried again. `has_landed`: its bytes are the newest version in raw."""

    feed: str
    part: str
    entry: str
    source: str
    kind: str
    id: str
    position: int
    body: bytes
    has_landed: bool


class Left(msgspec.Struct, frozen=True):
    """What is in quarantine still, and why."""

    feed: str
    entry: str
    reason: str
    explanation: str
    tries: int


# Any part of the feed will do to stand in for: nothing is moved in it.
_part = (
    select(func.coalesce(func.min(position.c.part), ""))
    .where(position.c.feed == quarantine.c.feed)
    .scalar_subquery()
)
_newest = (
    select(resource.c.position)
    .where(
        resource.c.feed == quarantine.c.feed,
        resource.c.kind == quarantine.c.kind,
        resource.c.id == quarantine.c.id,
    )
    .order_by(resource.c.version.desc())
    .limit(literal_column("1"))
    .scalar_subquery()
)
_kept = select(
    quarantine.c.feed,
    _part.label("part"),
    quarantine.c.entry,
    quarantine.c.source,
    quarantine.c.kind,
    quarantine.c.id,
    quarantine.c.position,
    func.coalesce(quarantine.c.body, func.decode("", "hex")),
    func.coalesce(_newest == quarantine.c.position, literal_column("false")),
).order_by(quarantine.c.feed, quarantine.c.position)
_reason = bindparam("reason", type_=quarantine.c.reason.type)
_most = bindparam("most", type_=quarantine.c.tries.type)


def _choosing(*which: ColumnElement[bool]) -> Statement:
    return Statement(_kept.where(*which).limit(_most))


_NAMED = _choosing(quarantine.c.entry == func.any(bindparam("entries", type_=ARRAY(Text))))
_OF_REASON = _choosing(or_(_reason == "", quarantine.c.reason == _reason))
# Ten minutes after it came, and after each try four times as long: the fifth is two days later.
_pause: ColumnElement[Any] = literal_column("interval '10 minutes'") * func.power(4, quarantine.c.tries)
_DUE = _choosing(
    quarantine.c.reason == func.any(bindparam("heals", type_=ARRAY(Text))),
    quarantine.c.tries < MOST_TRIES,
    func.coalesce(quarantine.c.last_tried_at, quarantine.c.landed_at) + _pause <= func.now(),
)
_these = given(quarantine.c.feed, quarantine.c.entry, quarantine.c.position)
_COUNT = Statement(
    update(quarantine)
    .where(
        quarantine.c.feed == _these.c.feed,
        quarantine.c.entry == _these.c.entry,
        quarantine.c.position == _these.c.position,
    )
    .values(tries=quarantine.c.tries + 1, last_tried_at=func.now())
    .returning(
        quarantine.c.feed,
        quarantine.c.entry,
        quarantine.c.reason,
        quarantine.c.explanation,
        quarantine.c.tries,
    )
)


async def named(db: asyncpg.Connection, entries: Sequence[str]) -> list[Kept]:
    """Those with these names (kind/id or a digest), of all feeds."""
    return await _found(db, _NAMED, entries=list(entries), most=2**31 - 1)


async def of_reason(db: asyncpg.Connection, reason: str = "", most: int = 2**31 - 1) -> list[Kept]:
    """Those that are here for a reason, or all."""
    return await _found(db, _OF_REASON, reason=reason, most=most)


async def due(db: asyncpg.Connection, most: int) -> list[Kept]:
    """Those that may have healed, and whose time has come."""
    return await _found(db, _DUE, heals=list(HEALS), most=most)


async def count(db: asyncpg.Connection, tried: Sequence[Kept]) -> list[Left]:
    """These have been tried again. Returns those that are here still."""
    rows = [(each.feed, each.entry, each.position) for each in tried]
    columns = ("feed", "entry", "position")
    return [Left(*row) for row in await db.fetch(_COUNT.sql, *_COUNT.bind(**arrays(columns, rows)))]


async def _found(db: asyncpg.Connection, which: Statement, **values: object) -> list[Kept]:
    return [Kept(*row) for row in await db.fetch(which.sql, *which.bind(**values))]
