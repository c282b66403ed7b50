"""Everything about one entry, in one round trip."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Text, and_, bindparam, cast, func, literal_column, or_, select
from sqlalchemy.types import Uuid

from innsyn.access.opening import Question, ReadSession, many, one, reader
from innsyn.access.reader import Reader
from innsyn.access.visibility import line_or_stub, open_to, visible
from innsyn.records.entries import claim, document, entry
from innsyn.records.history.queries import TakenBackEntry
from innsyn.records.history.tables import taken_back
from innsyn.records.history.told import earlier_of, told
from innsyn.records.kinds import Kind
from innsyn.records.refusals import NoSuchEntry
from innsyn.records.sources import Source, read_sources, sources_of

_LONGEST_TREND: ColumnElement[int] = literal_column("50")


class Document(msgspec.Struct, frozen=True):
    """A file of the entry: its number, and its size in bytes."""

    n: int
    title: str
    type: str
    size: int


class Opened(NamedTuple):
    """Lines and detail are JSON as prepared. A withheld entry has no detail, and nothing around it."""

    reader: Reader
    line: bytes
    detail: bytes | None
    members: list[bytes]
    trend: list[bytes]
    belongs_to: bytes | None
    documents: list[Document]
    sources: list[Source]
    # There is an earlier version that this reader may see beside this one.
    has_earlier: bool


class File(NamedTuple):
    """The content of a file."""

    media_type: str
    title: str
    body: bytes


_this = bindparam("entry", type_=Uuid)
_kind = bindparam("kind", type_=Text)
_me = entry.alias("me")
_is_this = and_(
    visible(entry, reader), entry.c.entry_id == _this, or_(_kind.is_(None), entry.c.kind == _kind)
)
_is_open = and_(open_to(_me, reader), _me.c.entry_id == _this, or_(_kind.is_(None), _me.c.kind == _kind))
_part = entry.alias("part")
_panel = entry.alias("panel")
# A report's parts can be panels themselves (a culture with its resistances): it is shown whole, two levels deep.
_within = entry.alias("within")
_panels_within = select(_within.c.entry_id).where(
    _within.c.person_id == reader.c.subject_id, _within.c.panel_id == _this
)
_own = claim.alias("own")
_up = claim.alias("up")
_document = cast(
    func.json_build_object(
        "n", document.c.number, "title", document.c.title, "type", document.c.media_type,
        "size", func.octet_length(document.c.body),
    ),
    Text,
)  # fmt: skip

# What a page of an entry asks: whoever shows more beside it asks for that in the same question.
PARTS: Final[Mapping[str, ColumnElement[Any]]] = {
    "line": one(select(line_or_stub(entry, reader)).where(_is_this)),
    "detail": one(select(_me.c.detail).where(_is_open)),
    "members": many(
        select(line_or_stub(_part, reader))
        .select_from(_part)
        .join(
            _own,
            and_(
                _own.c.person_id == _part.c.person_id,
                _own.c.member_id == _part.c.entry_id,
                _own.c.panel_id == _part.c.panel_id,
            ),
        )
        .outerjoin(
            _up,
            and_(
                _up.c.person_id == _part.c.person_id,
                _up.c.member_id == _part.c.panel_id,
                _up.c.panel_id == _this,
            ),
        )
        .where(
            visible(_part, reader),
            or_(_part.c.panel_id == _this, _part.c.panel_id.in_(_panels_within)),
            select(_me.c.kind).where(_is_open).exists(),
        )
        # As the laboratory ordered them, the parts of a part right after it.
        .order_by(
            func.coalesce(_up.c.number, _own.c.number),
            _up.c.number.is_not(None),
            _own.c.number,
            _part.c.entry_id,
        )
    ),
    "trend": many(
        select(entry.c.line)
        .select_from(_me)
        .join(entry, and_(entry.c.kind == _me.c.kind, entry.c.code == _me.c.code))
        .where(_is_open, open_to(entry, reader))
        .order_by(entry.c.occurred_at.desc(), entry.c.entry_id.desc())
        .limit(_LONGEST_TREND)
    ),
    "belongs_to": one(
        select(line_or_stub(_panel, reader))
        .select_from(_me)
        .join(_panel, _panel.c.entry_id == _me.c.panel_id)
        .where(_is_open, visible(_panel, reader))
    ),
    "documents": many(
        select(_document)
        .select_from(_me)
        .join(document, and_(document.c.person_id == _me.c.person_id, document.c.entry_id == _me.c.entry_id))
        .where(_is_open)
        .order_by(document.c.number)
    ),
    "sources": sources_of,
    "has_earlier": earlier_of(_me, reader, literal_column("1")).where(_is_open).correlate(reader).exists(),
    "taken": one(
        select(taken_back.c.line).where(
            told(reader), taken_back.c.entry_id == _this, or_(_kind.is_(None), taken_back.c.kind == _kind)
        )
    ),
}
PURPOSE: Final = "entry.open"
_ONE = Question(PURPOSE, **PARTS)
_FILE = Question(
    "entry.document",
    file=one(
        select(cast(func.json_build_object("type", document.c.media_type, "title", document.c.title), Text))
        .select_from(_me)
        .join(document, and_(document.c.person_id == _me.c.person_id, document.c.entry_id == _me.c.entry_id))
        .where(_is_open, document.c.number == bindparam("number", type_=document.c.number.type))
    ),
    body=one(
        select(document.c.body)
        .select_from(_me)
        .join(document, and_(document.c.person_id == _me.c.person_id, document.c.entry_id == _me.c.entry_id))
        .where(_is_open, document.c.number == bindparam("number", type_=document.c.number.type))
    ),
)


async def entry_of(db: ReadSession, kind: Kind | None, entry_id: UUID) -> Opened | TakenBackEntry:
    """The entry, if this reader may know of it and it is of this kind (None: of any), or what is told of one gone.

    Raises NoSuchEntry: not there and not allowed look the same.
    """
    opened, _ = await answered(db, _ONE, kind, entry_id)
    return opened


async def answered(
    db: ReadSession, question: Question, kind: Kind | None, entry_id: UUID
) -> tuple[Opened | TakenBackEntry, Mapping[str, Any]]:
    """What a question that has PARTS tells of the entry, and all of its answers. Raises NoSuchEntry."""
    reader_, row = await db.ask(question, entry=entry_id, kind=kind.value if kind else None)
    return _opened(reader_, row), row


def _opened(reader_: Reader, row: Mapping[str, Any]) -> Opened | TakenBackEntry:
    if row["line"] is None:
        if row["taken"] is None:
            raise NoSuchEntry
        return TakenBackEntry(reader_, row["taken"])
    return Opened(
        reader_,
        row["line"],
        row["detail"],
        row["members"],
        row["trend"][::-1],
        row["belongs_to"],
        [msgspec.json.decode(each, type=Document) for each in row["documents"]],
        read_sources(row["sources"]),
        row["has_earlier"],
    )


class _Described(msgspec.Struct, frozen=True):
    type: str
    title: str


async def document_of(db: ReadSession, kind: Kind, entry_id: UUID, number: int) -> File:
    """A file of an entry whose content this reader may see. Raises NoSuchEntry."""
    _, row = await db.ask(_FILE, entry=entry_id, kind=kind.value, number=number)
    if row["file"] is None:
        raise NoSuchEntry
    told: Any = msgspec.json.decode(row["file"], type=_Described)
    return File(told.type, told.title, row["body"])
