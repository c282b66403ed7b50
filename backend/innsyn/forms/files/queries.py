"""Files of a draft and of what was sent: their list for a page, one of them to be seen, and all of them to leave."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Select, Text, bindparam, cast, func, literal_column, select
from sqlalchemy.types import Uuid

from innsyn.access.acting import Act
from innsyn.access.opening import Question, ReadSession, one, reader
from innsyn.access.reader import Reader
from innsyn.db.statements import Statement
from innsyn.files.refusals import NoSuchFile
from innsyn.files.rules import MOST_FILES
from innsyn.forms.files.tables import file
from innsyn.forms.filling.views import FileShown


class File(NamedTuple):
    """One of them, with its bytes."""

    file_id: UUID
    name: str
    media_type: str
    body: bytes


_read = msgspec.json.Decoder(list[FileShown]).decode
_NAMES: Final = ("file_id", "field", "name", "media_type", "size")
_MOST: Final[ColumnElement[int]] = literal_column(str(MOST_FILES))
_NONE: Final[ColumnElement[str]] = literal_column("'[]'")
_mine = (
    file.c.person_id == bindparam("person_id", type_=Uuid),
    file.c.draft_id == bindparam("draft_id", type_=Uuid),
)


def files_of(person: ColumnElement[UUID], draft: ColumnElement[UUID]) -> Select[str]:
    """The files of this draft, or of what it became, as one JSON text for `read_files`: a part of a page's question."""
    told = func.json_build_object(*_told())
    listed = (
        select(told.label("told"))
        .where(file.c.person_id == person, file.c.draft_id == draft)
        .order_by(file.c.at)
        .limit(_MOST)
        .subquery()
    )
    return select(cast(func.coalesce(cast(func.json_agg(listed.c.told), Text), _NONE), Text))


def _told() -> Iterator[ColumnElement[Any]]:
    for name in _NAMES:
        yield literal_column(f"'{name}'")
        yield file.c[name]


def read_files(told: str | None) -> list[FileShown]:
    """What `files_of` gave."""
    return _read(told) if told else []


_KEPT: Final = Statement(files_of(bindparam("person_id", type_=Uuid), bindparam("draft_id", type_=Uuid)))
_this = (file.c.person_id == reader.c.subject_id, file.c.file_id == bindparam("file", type_=Uuid))
_FILE: Final = Question(
    "forms.file",
    **{f"the_{name}": one(select(file.c[name]).where(*_this)) for name in ("name", "media_type", "body")},
)
_BODIES: Final = Statement(
    select(file.c.file_id, file.c.name, file.c.media_type, file.c.body).where(*_mine).order_by(file.c.at)
)


async def kept_files(act: Act, draft_id: UUID) -> list[FileShown]:
    """The files of the draft, in the order they came."""
    return read_files(await act.db.value(_KEPT, person_id=act.author.subject_id, draft_id=draft_id))


async def file_of(db: ReadSession, file_id: UUID) -> tuple[Reader, File]:
    """A file that this reader has added, or that stands in a form that was sent. Raises NoSuchFile. It is logged."""
    reader_, row = await db.ask(_FILE, file=file_id)
    if row["the_body"] is None:
        raise NoSuchFile
    return reader_, File(file_id, row["the_name"], row["the_media_type"], row["the_body"])


async def bodies_of(act: Act, draft_id: UUID) -> Mapping[str, File]:
    """The files of the draft with their bytes, by the address that answers name them by (urn:uuid:…)."""
    rows: Iterable[Any] = await act.db.rows(_BODIES, person_id=act.author.subject_id, draft_id=draft_id)
    return {f"urn:uuid:{row['file_id']}": File(*row) for row in rows}
