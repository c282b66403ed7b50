"""A file of a message, to be opened by whoever may read that message, or of a draft, by who writes it."""

from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import and_, bindparam, literal_column, or_, select
from sqlalchemy.types import Uuid

from innsyn.access.opening import Question, ReadSession, one, reader
from innsyn.access.reader import Reader
from innsyn.files.refusals import NoSuchFile
from innsyn.messages.files.refusals import StillWaiting
from innsyn.messages.queries import sees
from innsyn.messages.tables import attachment, message


class File(NamedTuple):
    """One that has been looked into and scanned."""

    name: str
    media_type: str
    body: bytes


_IS_CLEAN: Any = literal_column("'clean'")
# What has been recalled is there to nobody, with all that was in it.
_recalled = (
    select(message.c.message_id)
    .where(
        message.c.person_id == attachment.c.person_id,
        message.c.message_id == attachment.c.message_id,
        message.c.is_recalled,
    )
    .correlate(attachment)
    .exists()
)
_this = and_(
    attachment.c.person_id == reader.c.subject_id,
    attachment.c.file_id == bindparam("file", type_=Uuid),
    or_(attachment.c.message_id.is_(None), ~_recalled),
    sees,
)
_FILE: Final = Question(
    "messages.file",
    state=one(select(attachment.c.scan).where(_this)),
    name=one(select(attachment.c.name).where(_this)),
    media_type=one(select(attachment.c.media_type).where(_this)),
    body=one(select(attachment.c.body).where(_this, attachment.c.scan == _IS_CLEAN)),
)


async def file_of(db: ReadSession, file_id: UUID) -> tuple[Reader, File]:
    """It, with its bytes. Raises NoSuchFile, or StillWaiting where nobody has said yet that it is clean.

    It is logged.
    """
    reader_, row = await db.ask(_FILE, file=file_id)
    if row["state"] == "waiting":
        raise StillWaiting
    if row["body"] is None:
        raise NoSuchFile
    return reader_, File(row["name"], row["media_type"], row["body"])
