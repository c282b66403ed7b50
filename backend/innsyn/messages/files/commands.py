"""Keeping a file with the draft of a message, and taking it away."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, bindparam, delete, func, insert, literal_column, select
from sqlalchemy.types import Uuid

from innsyn.access.acting import Act
from innsyn.db.statements import Statement
from innsyn.files.examining import Examined
from innsyn.files.refusals import NoSuchFile, NotKept
from innsyn.files.rules import name_of
from innsyn.messages.files.rules import fits
from innsyn.messages.tables import attachment

_person = attachment.c.person_id == bindparam("person_id", type_=Uuid)
_draft = bindparam("draft_id", type_=Uuid)
_of_draft = attachment.c.draft_id == _draft
_unsent = and_(
    _person,
    attachment.c.author_id == bindparam("author_id", type_=Uuid),
    attachment.c.draft_id.is_not(None),
)
_this = and_(
    _person, attachment.c.file_id == bindparam("file_id", type_=Uuid), attachment.c.draft_id.is_not(None)
)
_none: Any = literal_column("0")

# Acts of one person come one after another (access.begin_act), so the sums still hold when the file is written.
_TAKEN: Final = Statement(
    select(
        func.coalesce(func.sum(attachment.c.size).filter(_of_draft), _none).label("kept"),
        func.count().filter(_of_draft).label("files"),
        func.coalesce(func.sum(attachment.c.size), _none).label("unsent"),
        func.coalesce(func.max(attachment.c.number).filter(_of_draft), _none).label("last"),
    ).where(_unsent)
)
_GIVEN: Final = ("person_id", "author_id", "draft_id", "number", "name", "media_type", "size", "body", "scan")
_KEEP: Final = Statement(
    insert(attachment)
    .values({name: bindparam(name, type_=attachment.c[name].type) for name in _GIVEN})
    .returning(attachment.c.file_id)
)
_WHOSE: Final = Statement(select(attachment.c.draft_id).where(_this))
_REMOVE: Final = Statement(delete(attachment).where(_this).returning(attachment.c.draft_id))


async def keep(act: Act, draft_id: UUID, said: str, examined: Examined) -> UUID:
    """Keep it with the draft, also where it waits to be scanned; its id. Raises NotKept where there is no room."""
    author, found = act.author, examined.found
    size = len(found.body)
    taken = await act.db.row(
        _TAKEN, person_id=author.subject_id, author_id=author.actor_id, draft_id=draft_id
    )
    if taken is None or not fits(size, taken["kept"], taken["files"], taken["unsent"]):
        raise NotKept("no_room")
    kept: UUID = await act.db.value(
        _KEEP,
        person_id=author.subject_id,
        author_id=author.actor_id,
        draft_id=draft_id,
        number=taken["last"] + 1,
        name=name_of(said, found.media_type),
        media_type=found.media_type,
        size=size,
        body=found.body,
        scan="clean" if examined.is_clean else "waiting",
    )
    return kept


async def draft_with(act: Act, file_id: UUID) -> UUID:
    """The draft that it belongs to. Raises NoSuchFile, also for what has been sent."""
    draft_id: UUID | None = await act.db.value(_WHOSE, person_id=act.author.subject_id, file_id=file_id)
    if draft_id is None:
        raise NoSuchFile
    return draft_id


async def remove(act: Act, file_id: UUID) -> None:
    """Take it away for good. Raises NoSuchFile, also for what has been sent."""
    if await act.db.value(_REMOVE, person_id=act.author.subject_id, file_id=file_id) is None:
        raise NoSuchFile
