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
    null,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from innsyn.db.batches import arrays, given
from innsyn.db.statements import Statement
from innsyn.records.entries import claim, contributor, document, entry

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

_dropped = (
    delete(claim)
    .where(_is(claim.c.person_id, claim.c.panel_id))
    .returning(claim.c.person_id, claim.c.member_id, claim.c.panel_id)
    .cte("dropped")
)
_FREE_MEMBERS = Statement(
    update(entry)
    .where(
        entry.c.person_id == _dropped.c.person_id,
        entry.c.entry_id == _dropped.c.member_id,
        entry.c.panel_id == _dropped.c.panel_id,
    )
    .values(panel_id=null(), audience=entry.c.own_audience, release_at=entry.c.own_release_at)
)

_CLAIM = ("person_id", "member_id", "panel_id", "number", "of_report")
_claims = given(*(claim.c[name] for name in _CLAIM))
_PUT_CLAIMS = Statement(insert(claim).from_select(list(_CLAIM), select(*_claims.c)).on_conflict_do_nothing())

_panel = entry.alias("panel")
_as_panel = claim.alias("as_panel")
_PANELS_OF = Statement(
    select(claim.c.member_id, _panel.c.entry_id, _panel.c.own_audience, _panel.c.own_release_at)
    .select_from(_keys)
    .join(claim, and_(claim.c.person_id == _keys.c.person_id, claim.c.member_id == _keys.c.entry_id))
    .join(_panel, and_(_panel.c.person_id == claim.c.person_id, _panel.c.entry_id == claim.c.panel_id))
    .where(
        or_(
            claim.c.of_report,
            not_(
                exists().where(
                    _as_panel.c.person_id == claim.c.person_id, _as_panel.c.panel_id == claim.c.member_id
                )
            ),
        )
    )
)
_FOLLOW = Statement(
    update(entry)
    .where(
        entry.c.person_id == _claims.c.person_id,
        entry.c.entry_id == _claims.c.member_id,
        _panel.c.person_id == _claims.c.person_id,
        _panel.c.entry_id == _claims.c.panel_id,
        or_(
            _claims.c.of_report,
            not_(
                exists().where(
                    _as_panel.c.person_id == entry.c.person_id, _as_panel.c.panel_id == entry.c.entry_id
                )
            ),
        ),
    )
    .values(
        panel_id=_panel.c.entry_id,
        audience=entry.c.own_audience.op("&")(_panel.c.own_audience),
        release_at=func.greatest(entry.c.own_release_at, _panel.c.own_release_at),
    )
)

_DOCUMENT = ("person_id", "entry_id", "number", "title", "media_type", "body")
_documents = given(*(document.c[name] for name in _DOCUMENT))
_PUT_DOCUMENTS = Statement(
    insert(document).from_select(list(_DOCUMENT), select(*_documents.c)).on_conflict_do_nothing()
)

_CONTRIBUTOR = ("person_id", "source", "earliest")
_contributors = given(*(contributor.c[name] for name in _CONTRIBUTOR))
_wrote = insert(contributor).from_select(list(_CONTRIBUTOR), select(*_contributors.c))
_CONTRIBUTE = Statement(
    _wrote.on_conflict_do_update(
        index_elements=["person_id", "source"],
        set_={"earliest": func.least(contributor.c.earliest, _wrote.excluded.earliest)},
    )
)

Keys = Sequence[tuple[UUID, UUID]]  # (person, entry)
Claims = Sequence[tuple[UUID, UUID, UUID, int, bool]]  # (person, member, panel, place, of a report)


async def put_entries(db: asyncpg.Connection, rows: Mapping[str, list[object]]) -> None:
    """Insert or replace entries: parameters as `arrays(ROW, …)` makes them."""
    await db.execute(_PUT_ENTRIES.sql, *_PUT_ENTRIES.bind(**rows))


async def remove(db: asyncpg.Connection, keys: Keys) -> None:
    """Take entries away, with their files; what they had as parts stands alone again."""
    parameters = arrays(_KEY, keys)
    for statement in (_FREE_MEMBERS, _REMOVE_DOCUMENTS, _REMOVE):
        await db.execute(statement.sql, *statement.bind(**parameters))


async def forget_parts(db: asyncpg.Connection, keys: Keys) -> None:
    """Before a later version of these is written: it says anew what its parts and its files are."""
    parameters = arrays(_KEY, keys)
    for statement in (_FREE_MEMBERS, _REMOVE_DOCUMENTS):
        await db.execute(statement.sql, *statement.bind(**parameters))


async def put_claims(db: asyncpg.Connection, claims: Claims) -> None:
    """Remember which entries are parts of which, whether they have come or not."""
    await db.execute(_PUT_CLAIMS.sql, *_PUT_CLAIMS.bind(**arrays(_CLAIM, claims)))


async def panels_of(db: asyncpg.Connection, keys: Keys) -> list[tuple[UUID, UUID, int, datetime]]:
    """(member, panel, panel's audience, panel's release) for those of `keys` that an earlier panel claims."""
    rows = await db.fetch(_PANELS_OF.sql, *_PANELS_OF.bind(**arrays(_KEY, keys)))
    return [tuple(row) for row in rows]


async def follow_panels(db: asyncpg.Connection, claims: Claims) -> None:
    """Let members that came in earlier batches follow the panels that have come now."""
    if claims:
        await db.execute(_FOLLOW.sql, *_FOLLOW.bind(**arrays(_CLAIM, claims)))


async def put_documents(db: asyncpg.Connection, rows: Iterable[Sequence[object]]) -> None:
    """Files of entries: (person, entry, number, title, media type, body)."""
    parameters = arrays(_DOCUMENT, rows)
    if parameters["bodys"]:
        await db.execute(_PUT_DOCUMENTS.sql, *_PUT_DOCUMENTS.bind(**parameters))


async def contribute(db: asyncpg.Connection, rows: Iterable[tuple[UUID, str, datetime]]) -> None:
    """(person, source, its earliest entry): which services have written in whose journal."""
    parameters = arrays(_CONTRIBUTOR, sorted(rows))
    await db.execute(_CONTRIBUTE.sql, *_CONTRIBUTE.bind(**parameters))
