"""An entry as it stands and as it stood before, in one round trip."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, bindparam, literal_column, or_, select
from sqlalchemy.types import Uuid

from innsyn.access.opening import Question, ReadSession, many, one, reader
from innsyn.access.reader import Reader
from innsyn.access.visibility import open_to
from innsyn.records.entries import entry
from innsyn.records.history.tables import taken_back, version
from innsyn.records.history.told import earlier_of, told
from innsyn.records.kinds import Kind
from innsyn.records.refusals import NoSuchEntry

MOST = 10


class Version(NamedTuple):
    """A version as prepared, JSON. `landed` is when it came to us."""

    number: int
    landed: datetime
    line: bytes
    detail: bytes
    files: bytes | None


class Versions(NamedTuple):
    """The newest version, and those before it that this reader may see, newest first (at most MOST)."""

    reader: Reader
    now: Version
    earlier: list[Version]
    more: bool


class TakenBackEntry(NamedTuple):
    """What is told of an entry that is no longer there, JSON."""

    reader: Reader
    told: bytes


_this = bindparam("entry", type_=Uuid)
_kind = bindparam("kind", type_=Text)
_me = entry.alias("me")
_is_open = and_(open_to(_me, reader), _me.c.entry_id == _this, or_(_kind.is_(None), _me.c.kind == _kind))
_MORE: ColumnElement[int] = literal_column(str(MOST + 1))

_VERSIONS = Question(
    "entry.versions",
    number=one(select(_me.c.version).where(_is_open)),
    landed=one(select(_me.c.landed_at).where(_is_open)),
    line=one(select(_me.c.line).where(_is_open)),
    detail=one(select(_me.c.detail).where(_is_open)),
    **{
        f"earlier_{name}": many(
            earlier_of(_me, reader, version.c[column])
            .where(_is_open)
            .order_by(version.c.version.desc())
            .limit(_MORE)
        )
        for name, column in (
            ("number", "version"),
            ("landed", "landed_at"),
            ("line", "line"),
            ("detail", "detail"),
            ("files", "files"),
        )
    },
    taken=one(
        select(taken_back.c.line).where(
            told(reader), taken_back.c.entry_id == _this, or_(_kind.is_(None), taken_back.c.kind == _kind)
        )
    ),
)


async def versions_of(db: ReadSession, kind: Kind | None, entry_id: UUID) -> Versions | TakenBackEntry:
    """The versions of an entry whose content this reader may see, or what is told of one that is not there any more.

    Raises NoSuchEntry: not there and not allowed look the same.
    """
    reader_, row = await db.ask(_VERSIONS, entry=entry_id, kind=kind.value if kind else None)
    if row["line"] is None:
        if row["taken"] is None:
            raise NoSuchEntry
        return TakenBackEntry(reader_, row["taken"])
    columns = (row[f"earlier_{name}"] for name in Version._fields)
    earlier = [Version(*values) for values in zip(*columns, strict=True)]
    return Versions(
        reader_,
        Version(row["number"], row["landed"], row["line"], row["detail"], None),
        earlier[:MOST],
        len(earlier) > MOST,
    )
