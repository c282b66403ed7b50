"""What is told of threads, the units, and that what left has come back: to rows, in the transaction of the batch."""

from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

import asyncpg
import msgspec
from sqlalchemy import (
    Column,
    Text,
    bindparam,
    cast,
    delete,
    false,
    func,
    literal_column,
    null,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from innsyn.db.batches import arrays, given
from innsyn.db.statements import Statement
from innsyn.journal.lookup import id_of
from innsyn.journal.outbox_tables import outbox
from innsyn.journal.projected import Noted, Shared
from innsyn.messages.naming import id_named
from innsyn.messages.said import Said
from innsyn.messages.standing import Told
from innsyn.messages.tables import told, unit
from innsyn.messages.units import Unit
from innsyn.messages.writing import SERVICE

_MARK: Final = "\x1f"
_BETWEEN: Any = literal_column(r"E'\x1f'")
_TOLD: Final = tuple(c.name for c in told.c)
_tolds = given(*told.c)
_put_told = insert(told).from_select([*_TOLD], select(*_tolds.c))
_PUT_TOLD: Final = Statement(
    _put_told.on_conflict_do_update(
        index_elements=["person_id", "told_id"],
        set_={name: _put_told.excluded[name] for name in _TOLD if name not in {"person_id", "told_id"}},
        where=_put_told.excluded.landed_version >= told.c.landed_version,
    )
)
_TOLD_KEY: Final = ("person_id", "told_id")
_told_keys = given(told.c.person_id, told.c.told_id)
_REMOVE_TOLD: Final = Statement(
    delete(told).where(told.c.person_id == _told_keys.c.person_id, told.c.told_id == _told_keys.c.told_id)
)
_UNIT: Final = tuple(c.name for c in unit.c)
# An array of arrays would have to be square: the kinds go in as one text and are split there.
_units = given(*(Column(name, Text) if name == "kinds" else unit.c[name] for name in _UNIT))
_put_unit = insert(unit).from_select(
    [*_UNIT],
    select(
        *(
            cast(func.string_to_array(_units.c[name], _BETWEEN), unit.c.kinds.type)
            if name == "kinds"
            else _units.c[name]
            for name in _UNIT
        )
    ),
)
_PUT_UNIT: Final = Statement(
    _put_unit.on_conflict_do_update(
        index_elements=["unit_id"],
        set_={name: _put_unit.excluded[name] for name in _UNIT if name != "unit_id"},
        where=_put_unit.excluded.landed_version >= unit.c.landed_version,
    )
)
_unit_ids = given(unit.c.unit_id)
_CLOSE_UNIT: Final = Statement(
    update(unit).where(unit.c.unit_id.in_(select(_unit_ids.c.unit_id))).values(is_active=false())
)
_CAME: Final = ("person_id", "outbox_id", "answered_at")
_came = given(*(outbox.c[name] for name in _CAME))
# What has come back has arrived, whatever we heard when it was sent.
_RECEIVED: Final = Statement(
    update(outbox)
    .where(
        outbox.c.person_id == _came.c.person_id,
        outbox.c.outbox_id == _came.c.outbox_id,
        outbox.c.state != bindparam("received"),
    )
    .values(
        state=bindparam("received"),
        reason="came_back",
        unsure=False,
        answered_at=_came.c.answered_at,
        claim=null(),
        claimed_until=null(),
    )
)


async def put_told(db: asyncpg.Connection, feed: str, noted: Sequence[Noted]) -> None:
    """What Tasks tell of threads."""
    rows = {
        (each.person_id, id_of(feed, each.landed.key)): _told(feed, each, each.row)
        for each in noted
        if isinstance(each.row, Told)
    }
    if rows:
        await _run(db, _PUT_TOLD, _TOLD, (rows[key] for key in sorted(rows, key=str)))


async def remove_told(db: asyncpg.Connection, keys: Sequence[tuple[UUID, UUID]]) -> None:
    """What these Tasks (person, id of the resource) told."""
    if keys:
        await db.execute(_REMOVE_TOLD.sql, *_REMOVE_TOLD.bind(**arrays(_TOLD_KEY, keys)))


async def put_units(db: asyncpg.Connection, feed: str, shared: Sequence[Shared], gone: Iterable[str]) -> None:
    """Units as they are configured now; also those that take no messages (any longer), for their threads."""
    units = {each.landed.id: _unit(feed, each, each.row) for each in shared if isinstance(each.row, Unit)}
    if closed := [id_of(feed, (SERVICE, id_)) for id_ in gone]:
        await db.execute(_CLOSE_UNIT.sql, *_CLOSE_UNIT.bind(unit_ids=closed))
    if units:
        await _run(db, _PUT_UNIT, _UNIT, (units[id_] for id_ in sorted(units)))


async def take_for_received(db: asyncpg.Connection, noted: Sequence[Noted]) -> None:
    """What was sent from here and has come back."""
    came = {
        (each.person_id, sent): (each.person_id, sent, each.landed.recorded_at)
        for each in noted
        if isinstance(each.row, Said | Told) and (sent := _uuid(each.row.sent_as)) is not None
    }
    if came:
        values = arrays(_CAME, [came[key] for key in sorted(came, key=str)])
        await db.execute(_RECEIVED.sql, *_RECEIVED.bind(**values, received="received"))


def _told(feed: str, noted: Noted, row: Told) -> tuple[object, ...]:
    values = {
        **{name: getattr(row, name) for name in _TOLD if hasattr(row, name)},
        "person_id": noted.person_id,
        "told_id": id_of(feed, noted.landed.key),
        "thread_id": id_named(feed, row.thread),
        "feed": feed,
        "landed_version": noted.landed.version,
    }
    return tuple(_kept(values[name]) for name in _TOLD)


def _unit(feed: str, shared: Shared, row: Unit) -> tuple[object, ...]:
    landed = shared.landed
    values = {
        **{name: getattr(row, name) for name in _UNIT if hasattr(row, name)},
        "unit_id": id_of(feed, landed.key),
        "feed": feed,
        "id": landed.id,
        "kinds": _MARK.join(row.kinds),
        "opening": msgspec.json.encode(row.opening),
        "templates": msgspec.json.encode(row.templates),
        "landed_version": landed.version,
        "landed_at": landed.landed_at,
    }
    return tuple(_kept(values[name]) for name in _UNIT)


async def _run(
    db: asyncpg.Connection, statement: Statement, columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    await db.execute(statement.sql, *statement.bind(**arrays(columns, rows)))


def _kept(value: object) -> object:
    """PostgreSQL's text has no place for U+0000."""
    return value.replace("\0", "") if isinstance(value, str) else value


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
