"""What is part of what: a result in a panel in a report. Parts are listed under the whole, and open no earlier than it.

A panel claims its parts whether they have come or not, so where an entry stands is worked out anew from all the claims
on it: the same in whatever order they come, and held by each of several wholes.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

import asyncpg
from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    Update,
    Uuid,
    and_,
    delete,
    exists,
    func,
    literal_column,
    not_,
    or_,
    select,
    tuple_,
    type_coerce,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by, insert

from innsyn.db.batches import arrays, given
from innsyn.db.statements import Statement
from innsyn.records.entries import claim, entry

Keys = Collection[tuple[UUID, UUID]]  # (person, entry)
Claims = Sequence[tuple[UUID, UUID, UUID, int, bool]]  # (person, member, panel, place, of a report)

_KEY = ("person_id", "entry_id")
_CLAIM = ("person_id", "member_id", "panel_id", "number", "of_report")
_keys = given(entry.c.person_id, entry.c.entry_id)
_claims = given(*(claim.c[name] for name in _CLAIM))

_PUT = Statement(insert(claim).from_select(list(_CLAIM), select(*_claims.c)).on_conflict_do_nothing())
_DROP = Statement(
    delete(claim)
    .where(claim.c.person_id == _keys.c.person_id, claim.c.panel_id == _keys.c.entry_id)
    .returning(claim.c.person_id, claim.c.member_id)
)

# Nobody nests deeper, and things that claim each other in a ring come to an end.
_DEEPEST: ColumnElement[int] = literal_column("4")
_ONE: ColumnElement[int] = literal_column("1")


def _claimed(keys: FromClause) -> CTE:
    """Every claim on these, on what claims them, and so on upwards; `depth` 1 is the claim on the entry itself."""
    up = (
        select(*keys.c[_KEY], claim.c.panel_id, claim.c.of_report, _ONE.label("depth"))
        .select_from(keys)
        .join(claim, and_(claim.c.person_id == keys.c.person_id, claim.c.member_id == keys.c.entry_id))
        .cte("up", recursive=True)
    )
    return up.union(
        select(*up.c[_KEY], claim.c.panel_id, claim.c.of_report, up.c.depth + _ONE)
        .select_from(up)
        .join(claim, and_(claim.c.person_id == up.c.person_id, claim.c.member_id == up.c.panel_id))
        .where(up.c.depth < _DEEPEST)
    )


def _wholes(keys: FromClause) -> CTE:
    """For each of `keys` that is claimed: what it stands under, and the audience and release of all it is part of."""
    up = _claimed(keys)
    panel, part = entry.alias("panel"), claim.alias("part")
    has_parts = exists().where(part.c.person_id == up.c.person_id, part.c.panel_id == up.c.entry_id)
    # A report may have whole panels as its parts, a panel only single results: so no two can hide each other.
    stands_under = func.array_agg(aggregate_order_by(up.c.panel_id, up.c.of_report, up.c.panel_id)).filter(
        up.c.depth == _ONE, or_(up.c.of_report, not_(has_parts))
    )
    return (
        select(
            *up.c[_KEY],
            type_coerce(stands_under, ARRAY(Uuid))[_ONE].label("panel_id"),
            func.bit_and(panel.c.own_audience).label("audience"),
            func.max(panel.c.own_release_at).label("release_at"),
        )
        .select_from(up)
        .join(panel, and_(panel.c.person_id == up.c.person_id, panel.c.entry_id == up.c.panel_id))
        .group_by(*up.c[_KEY])
        .cte("wholes")
    )


def _settle() -> Update:
    top = select(*_keys.c[_KEY], literal_column("0").label("depth")).cte("down", recursive=True)
    down = top.union(
        select(claim.c.person_id, claim.c.member_id, top.c.depth + _ONE)
        .select_from(top)
        .join(claim, and_(claim.c.person_id == top.c.person_id, claim.c.panel_id == top.c.entry_id))
        .where(top.c.depth < _DEEPEST)
    )
    touched = select(*down.c[_KEY]).distinct().cte("touched")
    whole, old = _wholes(touched), entry.alias("old")
    settled = (
        select(
            *old.c[_KEY],
            whole.c.panel_id,
            old.c.own_audience.op("&")(func.coalesce(whole.c.audience, old.c.own_audience)).label("audience"),
            func.greatest(old.c.own_release_at, whole.c.release_at).label("release_at"),
        )
        .select_from(touched)
        .join(old, and_(*(old.c[name] == touched.c[name] for name in _KEY)))
        .outerjoin(whole, and_(*(whole.c[name] == touched.c[name] for name in _KEY)))
        .cte("settled")
    )
    changing = ("panel_id", "audience", "release_at")
    now, then = (tuple_(*(each.c[name] for name in changing)) for each in (settled, entry))
    return (
        update(entry)
        .where(*(entry.c[name] == settled.c[name] for name in _KEY), then.is_distinct_from(now))
        .values({name: settled.c[name] for name in changing})
    )


_WHOLES = Statement(select(_wholes(_keys)))
_SETTLE = Statement(_settle())


async def claim_parts(db: asyncpg.Connection, claims: Claims) -> None:
    """Remember which entries are parts of which, whether they have come or not."""
    if claims:
        await db.execute(_PUT.sql, *_PUT.bind(**arrays(_CLAIM, claims)))


async def let_go(db: asyncpg.Connection, keys: Keys) -> list[tuple[UUID, UUID]]:
    """Forget what these have claimed. Returns what they claimed, which must be settled when all is written."""
    rows = await db.fetch(_DROP.sql, *_DROP.bind(**arrays(_KEY, keys)))
    return [tuple(row) for row in rows]


async def wholes_of(
    db: asyncpg.Connection, keys: Iterable[tuple[UUID, UUID]]
) -> list[tuple[UUID, UUID, UUID | None, int, datetime]]:
    """(person, entry, what it stands under, audience, release) for those of `keys` that are part of something."""
    rows = await db.fetch(_WHOLES.sql, *_WHOLES.bind(**arrays(_KEY, keys)))
    return [tuple(row) for row in rows]


async def settle(db: asyncpg.Connection, keys: Keys) -> None:
    """Let these entries, and the parts of their parts, stand where the claims on them say."""
    if keys:
        await db.execute(_SETTLE.sql, *_SETTLE.bind(**arrays(_KEY, keys)))
