"""Every statement that writes look-ups. Only the worker's role may run them."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg
from sqlalchemy import Column, ColumnElement, Text, delete, func, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY, insert

from innsyn.access.lookups.tables import lookup
from innsyn.db.batches import arrays, given
from innsyn.db.statements import Statement

_LISTS = {"areas"}
ROW = tuple(c.name for c in lookup.c)

# An array of arrays would have to be square: a list goes in as one text and is split there.
_rows = given(*(Column(name, Text) if name in _LISTS else lookup.c[name] for name in ROW))
_SPLIT: ColumnElement[str] = literal_column("' '")


def _stored(name: str) -> object:
    column = _rows.c[name]
    return func.string_to_array(column, _SPLIT, type_=ARRAY(Text)).label(name) if name in _LISTS else column


_put = insert(lookup).from_select(list(ROW), select(*(_stored(name) for name in ROW)))  # type: ignore[call-overload]
_PUT = Statement(
    _put.on_conflict_do_update(
        index_elements=["person_id", "lookup_id"],
        set_={name: _put.excluded[name] for name in ROW if name not in {"person_id", "lookup_id"}},
    )
)
_KEY = ("person_id", "lookup_id")
_keys = given(lookup.c.person_id, lookup.c.lookup_id)
_REMOVE = Statement(
    delete(lookup).where(lookup.c.person_id == _keys.c.person_id, lookup.c.lookup_id == _keys.c.lookup_id)
)


async def put(db: asyncpg.Connection, rows: Sequence[Sequence[object]]) -> None:
    """Insert or replace look-ups: values in the order of ROW, `areas` as words with a space between."""
    if rows:
        await db.execute(_PUT.sql, *_PUT.bind(**arrays(ROW, rows)))


async def remove(db: asyncpg.Connection, keys: Sequence[tuple[UUID, UUID]]) -> None:
    """Take (person, look-up) pairs away."""
    if keys:
        await db.execute(_REMOVE.sql, *_REMOVE.bind(**arrays(_KEY, keys)))
