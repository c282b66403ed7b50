"""Keeping a file with a draft, and taking it away."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.types import Uuid

from innsyn.access.acting import Act
from innsyn.db.statements import Statement
from innsyn.files.checking import Checked
from innsyn.files.refusals import NoSuchFile, NotKept
from innsyn.files.rules import has_room
from innsyn.forms.files.tables import file

_person = file.c.person_id == bindparam("person_id", type_=Uuid)
_of_draft = (_person, file.c.draft_id == bindparam("draft_id", type_=Uuid))
_GIVEN: Final = ("person_id", "author_id", "draft_id", "field", "name", "media_type", "size", "body")

# Acts of one person come one after another (access.begin_act), so the sum still holds when the file is written.
_TAKEN: Final = Statement(select(func.coalesce(func.sum(file.c.size), 0), func.count()).where(*_of_draft))
_KEEP: Final = Statement(
    insert(file)
    .values({name: bindparam(name, type_=file.c[name].type) for name in _GIVEN})
    .returning(file.c.file_id)
)
_WHOSE: Final = Statement(
    select(file.c.draft_id).where(_person, file.c.file_id == bindparam("file_id", type_=Uuid))
)
_REMOVE: Final = Statement(
    delete(file).where(_person, file.c.file_id == bindparam("file_id", type_=Uuid)).returning(file.c.draft_id)
)
_FORGET: Final = Statement(
    delete(file)
    .where(*_of_draft, file.c.file_id != func.all(bindparam("named", type_=ARRAY(Uuid))))
    .returning(file.c.file_id)
)


async def keep(act: Act, draft_id: UUID, field: str, name: str, found: Checked) -> UUID:
    """Keep it; its id. Raises NotKept where there is no room beside the others of the draft."""
    author, size = act.author, len(found.body)
    taken = await act.db.row(_TAKEN, person_id=author.subject_id, draft_id=draft_id)
    if taken is None or not has_room(size, *taken):
        raise NotKept("no_room")
    kept: UUID = await act.db.value(
        _KEEP,
        person_id=author.subject_id,
        author_id=author.actor_id,
        draft_id=draft_id,
        field=field,
        name=name,
        media_type=found.media_type,
        size=size,
        body=found.body,
    )
    return kept


async def draft_with(act: Act, file_id: UUID) -> UUID:
    """The draft that it belongs to. Raises NoSuchFile."""
    draft_id: UUID | None = await act.db.value(_WHOSE, person_id=act.author.subject_id, file_id=file_id)
    if draft_id is None:
        raise NoSuchFile
    return draft_id


async def remove(act: Act, file_id: UUID) -> None:
    """Take it away for good. Raises NoSuchFile, also for what has been sent."""
    if await act.db.value(_REMOVE, person_id=act.author.subject_id, file_id=file_id) is None:
        raise NoSuchFile


async def forget_others(act: Act, draft_id: UUID, named: Collection[UUID]) -> None:
    """Take away the draft's files that no answer names (any more): before it is sent, so that nothing else stays."""
    await act.db.rows(_FORGET, person_id=act.author.subject_id, draft_id=draft_id, named=list(named))
