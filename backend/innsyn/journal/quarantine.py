"""Entries that could not be used: kept whole, with the reason, until somebody has mended what was wrong."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
from sqlalchemy import bindparam, case, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from innsyn.db.batches import arrays, given
from innsyn.db.statements import Statement
from innsyn.journal.tables import quarantine, source


class Quarantined(msgspec.Struct, frozen=True, kw_only=True):
    """`entry` is kind/id, or the digest of something that told neither.

    `explanation` is for the operator: no content. `person_id` is whom it is about, where that is known.
    """

    entry: str
    source: str
    kind: str
    id: str
    position: int
    reason: str
    explanation: str
    body: bytes | None
    person_id: UUID | None = None


_COLUMNS = (
    *("entry", "source", "kind", "id", "position", "landed_at", "reason", "explanation", "body"),
    "person_id",
)
_feed = bindparam("feed", type_=quarantine.c.feed.type)
_rows = given(*(quarantine.c[name] for name in _COLUMNS))
_insert = insert(quarantine).from_select(["feed", *_COLUMNS], select(_feed.label("feed"), *_rows.c))
# What fails in the same words again has been missing since the first time; other words are another thing.
_is_same = quarantine.c.body.is_not_distinct_from(_insert.excluded.body)


def _kept(column: Any, otherwise: Any) -> Any:  # noqa: ANN401 - columns of any type
    return case((_is_same, column), else_=otherwise)


_PUT = Statement(
    _insert.on_conflict_do_update(
        index_elements=["feed", "entry"],
        set_={
            **{name: _insert.excluded[name] for name in _COLUMNS[1:]},
            "landed_at": _kept(quarantine.c.landed_at, _insert.excluded.landed_at),
            "tries": _kept(quarantine.c.tries, 0),
            "last_tried_at": _kept(quarantine.c.last_tried_at, None),
            "person_id": func.coalesce(_insert.excluded.person_id, _kept(quarantine.c.person_id, None)),
        },
    )
)
_used = given(quarantine.c.entry, quarantine.c.position)
# A later version in quarantine stays there when an earlier one is used again.
_FREE = Statement(
    delete(quarantine)
    .where(
        quarantine.c.feed == _feed,
        quarantine.c.entry == _used.c.entry,
        quarantine.c.position <= _used.c.position,
    )
    .returning(quarantine.c.source)
)
_sources = given(source.c.source)
_of_source = quarantine.c.source == source.c.source


def _over(what: Any) -> Any:  # noqa: ANN401 - of any type
    return select(what).select_from(quarantine).where(_of_source).scalar_subquery()


# A statement of its own: the one that counts then sees what whoever held them has written.
_HOLD = Statement(
    select(source.c.source)
    .where(source.c.source.in_(select(_sources.c.source)))
    .order_by(source.c.source)
    .with_for_update()
)
_COUNT = Statement(
    update(source)
    .where(source.c.source.in_(select(_sources.c.source)))
    .values(missing=_over(func.count()), missing_since=_over(func.min(quarantine.c.landed_at)))
)


async def put(db: asyncpg.Connection, feed: str, bad: Sequence[Quarantined], now: datetime) -> None:
    """Keep these whole. One that is here already is replaced: the newest attempt counts."""
    latest = {each.entry: each for each in bad}
    rows = [
        tuple(now if name == "landed_at" else getattr(each, name) for name in _COLUMNS)
        for each in latest.values()
    ]
    await db.execute(_PUT.sql, *_PUT.bind(feed=feed, **arrays(_COLUMNS, rows)))
    await _tell_freshness(db, {each.source for each in bad})


async def free(db: asyncpg.Connection, feed: str, used: Iterable[tuple[str, int]]) -> None:
    """These (entry, position) have been used after all."""
    freed = await db.fetch(_FREE.sql, *_FREE.bind(feed=feed, **arrays(("entry", "position"), used)))
    await _tell_freshness(db, {row["source"] for row in freed})


async def _tell_freshness(db: asyncpg.Connection, sources: set[str]) -> None:
    if sources:
        # In one order: two parts that count the same two sources would each wait for the other.
        await db.execute(_HOLD.sql, *_HOLD.bind(sources=sorted(sources)))
        await db.execute(_COUNT.sql, *_COUNT.bind(sources=sorted(sources)))
