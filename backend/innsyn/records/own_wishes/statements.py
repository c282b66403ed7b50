"""Reading what wishes are about, and writing what they delay. Only the worker's role may run these."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import (
    ColumnElement,
    Interval,
    LargeBinary,
    and_,
    bindparam,
    case,
    delete,
    literal,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from innsyn.access.release import LONGEST_WAIT, Wish
from innsyn.access.wishes.tables import release_wish, shown_now, wish_due
from innsyn.db.batches import arrays, given
from innsyn.db.statements import Statement
from innsyn.records.entries import entry
from innsyn.records.own_wishes.tables import own_wait

Key = tuple[UUID, UUID]  # (person, entry)

_KEY = ("person_id", "entry_id")
_persons = given(entry.c.person_id)
_keys = given(entry.c.person_id, entry.c.entry_id)

_WISHING = Statement(
    select(release_wish.c.person_id).where(release_wish.c.person_id == _persons.c.person_id).distinct()
)

_DUE = Statement(delete(wish_due).returning(wish_due.c.person_id))
_ANY_DUE = Statement(select(select(wish_due).exists()))

_whole = entry.alias("whole")
_asked: ColumnElement[bool] = (
    select(shown_now)
    .where(
        shown_now.c.person_id == entry.c.person_id,
        or_(shown_now.c.entry_id == entry.c.entry_id, shown_now.c.entry_id == entry.c.panel_id),
    )
    .exists()
)
_commented_wish = release_wish.c.wish == literal(Wish.COMMENTED.value)
_new = and_(
    release_wish.c.wish != literal(Wish.AT_ONCE.value),
    entry.c.landed_at >= release_wish.c.since,
    entry.c.recorded_at >= release_wish.c.since - bindparam("longest", LONGEST_WAIT, type_=Interval),
)
_CONCERNED = Statement(
    select(
        *(
            entry.c[name]
            for name in (*_KEY, "recorded_at", "landed_at", "code", "own_release_at", "stub", "line")
        ),
        # Only this wish asks what is in it.
        case((_commented_wish, entry.c.detail), else_=null().cast(LargeBinary)).label("detail"),
        release_wish.c.wish,
        release_wish.c.since,
        own_wait.c.entry_id.is_not(None).label("waits"),
        own_wait.c.source_release_at,
        own_wait.c.source_stub,
        _whole.c.entry_id.is_not(None).label("within"),
        _asked.label("asked_for"),
    )
    .select_from(_persons)
    .join(release_wish, release_wish.c.person_id == _persons.c.person_id)
    .join(entry, and_(entry.c.person_id == release_wish.c.person_id, entry.c.kind == release_wish.c.kind))
    .outerjoin(own_wait, and_(*(own_wait.c[name] == entry.c[name] for name in _KEY)))
    .outerjoin(
        _whole,
        and_(
            _whole.c.person_id == entry.c.person_id,
            _whole.c.entry_id == entry.c.panel_id,
            _whole.c.kind == entry.c.kind,
        ),
    )
    .where(or_(own_wait.c.entry_id.is_not(None), _new))
)

_RELEASED = (*_KEY, "own_release_at", "stub")
_released = given(*(entry.c[name] for name in _RELEASED))
_RELEASE = Statement(
    update(entry)
    .where(*(entry.c[name] == _released.c[name] for name in _KEY))
    .values(own_release_at=_released.c.own_release_at, stub=_released.c.stub)
)

_WAIT = tuple(c.name for c in own_wait.c)
_waits = given(*own_wait.c)
_PUT = Statement(insert(own_wait).from_select(list(_WAIT), select(*_waits.c)).on_conflict_do_nothing())
_DROP = Statement(delete(own_wait).where(*(own_wait.c[name] == _keys.c[name] for name in _KEY)))


async def wishing(db: asyncpg.Connection, persons: Iterable[UUID]) -> list[UUID]:
    """Those of the persons who have ever wished anything: nothing waits for the others."""
    rows = await db.fetch(_WISHING.sql, *_WISHING.bind(person_ids=sorted(persons)))
    return [row["person_id"] for row in rows]


async def take_due(db: asyncpg.Connection) -> list[UUID]:
    """Whose wishes have changed; they are not due any longer."""
    rows = await db.fetch(_DUE.sql, *_DUE.bind())
    return [row["person_id"] for row in rows]


async def any_due(db: asyncpg.Connection) -> bool:
    """Has anybody's wish changed?"""
    return bool(await db.fetchval(_ANY_DUE.sql, *_ANY_DUE.bind()))


async def concerned(db: asyncpg.Connection, persons: Sequence[UUID]) -> list[Any]:
    """Every entry of these that waits for a wish, or that a wish may be about."""
    return list(await db.fetch(_CONCERNED.sql, *_CONCERNED.bind(person_ids=list(persons))))


async def release(db: asyncpg.Connection, rows: Sequence[tuple[UUID, UUID, datetime, bytes | None]]) -> None:
    """Let entries open then, with this placeholder until then."""
    await db.execute(_RELEASE.sql, *_RELEASE.bind(**arrays(_RELEASED, rows)))


async def remember(db: asyncpg.Connection, rows: Sequence[tuple[UUID, UUID, datetime, bytes | None]]) -> None:
    """What their sources say of entries that wait for a wish from now on."""
    if rows:
        await db.execute(_PUT.sql, *_PUT.bind(**arrays(_WAIT, rows)))


async def forget(db: asyncpg.Connection, keys: Sequence[Key]) -> None:
    """These are as their sources say."""
    if keys:
        await db.execute(_DROP.sql, *_DROP.bind(**arrays(_KEY, keys)))
