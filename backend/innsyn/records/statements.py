"""Every statement that writes the read model. Only the worker's role may run them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import asyncpg
from sqlalchemy import (
    Column,
    ColumnElement,
    Text,
    and_,
    delete,
    exists,
    func,
    literal_column,
    not_,
    select,
)
from sqlalchemy.dialects.postgresql import insert

from innsyn.db.batches import arrays, given
from innsyn.db.statements import Statement
from innsyn.records.entries import contributor, document, entry

_STORED = tuple(c.name for c in entry.c if c.name != "words")
ROW = (*_STORED, "heading", "text")

_rows = given(*(entry.c[name] for name in _STORED), Column("heading", Text), Column("text", Text))
_norwegian: ColumnElement[str] = literal_column("'norwegian'::regconfig")
_words = func.setweight(func.to_tsvector(_norwegian, _rows.c.heading), literal_column("'A'")).op("||")(
    func.to_tsvector(_norwegian, _rows.c.text)
)
_put = insert(entry).from_select(
    [*_STORED, "words"], select(*(_rows.c[name] for name in _STORED), _words.label("words"))
)
_PUT_ENTRIES = Statement(
    _put.on_conflict_do_update(
        index_elements=["person_id", "entry_id"],
        set_={
            name: _put.excluded[name] for name in (*_STORED, "words") if name not in {"person_id", "entry_id"}
        },
    )
)

_KEY = ("person_id", "entry_id")
_keys = given(entry.c.person_id, entry.c.entry_id)


def _is(table_person: Column[UUID], table_entry: Column[UUID]) -> ColumnElement[bool]:
    return and_(table_person == _keys.c.person_id, table_entry == _keys.c.entry_id)


_REMOVE = Statement(delete(entry).where(_is(entry.c.person_id, entry.c.entry_id)))
_REMOVE_DOCUMENTS = Statement(delete(document).where(_is(document.c.person_id, document.c.entry_id)))

_DOCUMENT = ("person_id", "entry_id", "number", "title", "media_type", "body")
_documents = given(*(document.c[name] for name in _DOCUMENT))
_PUT_DOCUMENTS = Statement(
    insert(document).from_select(list(_DOCUMENT), select(*_documents.c)).on_conflict_do_nothing()
)

_CONTRIBUTOR = ("person_id", "source", "earliest")
_contributors = given(*(contributor.c[name] for name in _CONTRIBUTOR))
# Most of what comes is by somebody who has written before: that is not written, and not even locked, once more.
_is_known = exists().where(
    contributor.c.person_id == _contributors.c.person_id,
    contributor.c.source == _contributors.c.source,
    contributor.c.earliest <= _contributors.c.earliest,
)
_wrote = insert(contributor).from_select(list(_CONTRIBUTOR), select(*_contributors.c).where(not_(_is_known)))
_CONTRIBUTE = Statement(
    _wrote.on_conflict_do_update(
        index_elements=["person_id", "source"],
        set_={"earliest": func.least(contributor.c.earliest, _wrote.excluded.earliest)},
    )
)

Keys = Sequence[tuple[UUID, UUID]]  # (person, entry)


async def put_entries(db: asyncpg.Connection, rows: Mapping[str, list[object]]) -> None:
    """Insert or replace entries: parameters as `arrays(ROW, …)` makes them."""
    await db.execute(_PUT_ENTRIES.sql, *_PUT_ENTRIES.bind(**rows))


async def remove(db: asyncpg.Connection, keys: Keys) -> None:
    """Take entries away, with their files."""
    for statement in (_REMOVE_DOCUMENTS, _REMOVE):
        await db.execute(statement.sql, *statement.bind(**arrays(_KEY, keys)))


async def remove_documents(db: asyncpg.Connection, keys: Keys) -> None:
    """Before a later version of these is written: it says anew what its files are."""
    await db.execute(_REMOVE_DOCUMENTS.sql, *_REMOVE_DOCUMENTS.bind(**arrays(_KEY, keys)))


async def put_documents(db: asyncpg.Connection, rows: Iterable[Sequence[object]]) -> None:
    """Files of entries: (person, entry, number, title, media type, body)."""
    parameters = arrays(_DOCUMENT, rows)
    if parameters["bodys"]:
        await db.execute(_PUT_DOCUMENTS.sql, *_PUT_DOCUMENTS.bind(**parameters))


async def contribute(db: asyncpg.Connection, rows: Iterable[tuple[UUID, str, datetime]]) -> None:
    """(person, source, its earliest entry): which services have written in whose journal."""
    parameters = arrays(_CONTRIBUTOR, sorted(rows))
    await db.execute(_CONTRIBUTE.sql, *_CONTRIBUTE.bind(**parameters))
