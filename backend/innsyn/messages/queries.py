"""The messages of a record: the list, one thread, and how much is unread, for whoever may read them."""

from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Select, Text, and_, bindparam, cast, func, literal_column, select
from sqlalchemy.types import DateTime, Uuid

from innsyn.access.capability import Capability
from innsyn.access.opening import Question, ReadSession, many, one, reader
from innsyn.access.reader import Reader
from innsyn.messages.tables import attachment, draft, message, seen, thread, unit

_MESSAGES: Final = int(Capability.MESSAGE)
_ONE: Any = literal_column("1")
_NOTHING: Any = literal_column("0")
_MOST: Any = literal_column("300")
_EMPTY: Any = literal_column("''")
_NO_LIST: Any = literal_column("'[]'::json")
_person = reader.c.subject_id
_this = bindparam("thread", type_=Uuid)

# The database asks the permits again (message.may_read). This is what the reader was opened with: in a preview, the one
# permit that is previewed.
sees: ColumnElement[bool] = reader.c.capabilities.op("&")(literal_column(str(_MESSAGES))) != _NOTHING
leaving = func.message.leaving().table_valued("message_id", "thread_id", "state", "queued_at", name="leaving")
mine = and_(thread.c.person_id == _person, sees)
_read_by = and_(
    seen.c.person_id == thread.c.person_id,
    seen.c.reader_id == reader.c.actor_id,
    seen.c.thread_id == thread.c.thread_id,
)
up_to: ColumnElement[datetime] = func.coalesce(
    seen.c.up_to, literal_column("'-infinity'", DateTime(timezone=True))
)
is_unread: ColumnElement[bool] = func.coalesce(thread.c.news_at > up_to, literal_column("false"))
with_seen = thread.outerjoin(seen, _read_by)
# What stopped first, then what is newest.
_left = (
    select(leaving.c.state)
    .where(leaving.c.thread_id == thread.c.thread_id)
    .order_by(leaving.c.state.in_([literal_column("'refused'"), literal_column("'dead'")]).desc())
    .order_by(leaving.c.queued_at.desc())
    .limit(_ONE)
    .correlate(thread)
    .scalar_subquery()
)
_asked = (
    select(func.max(message.c.sent_at))
    .where(
        message.c.person_id == thread.c.person_id,
        message.c.thread_id == thread.c.thread_id,
        message.c.side == literal_column("'citizen'"),
    )
    .correlate(thread)
    .scalar_subquery()
)


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """A thread. `left`: how far something of it has come that is not back from the journal, '' where all of it is.

    `asked`: when the citizen last wrote in it, None where they have not.
    """

    thread_id: UUID
    unit: str
    handed_to: str
    kind: str
    topic: str
    last_at: datetime
    last_side: str
    standing: str
    standing_at: datetime | None
    outcome: str
    about_entry: UUID | None
    unit_id: UUID | None
    left: str
    asked: datetime | None
    unread: bool


class Begun(msgspec.Struct, frozen=True):
    """A draft; `unit` is whom it is to, '' where that is not known any more."""

    draft_id: UUID
    thread_id: UUID | None
    about_entry: UUID | None
    topic: str
    text: str
    unit: str
    saved_at: datetime


class File(msgspec.Struct, frozen=True):
    """A file of a message or of a draft; `scan` is clean, waiting or refused, and then `reason` says why."""

    file_id: UUID
    name: str
    media_type: str
    size: int
    scan: str
    reason: str


class Waiting(msgspec.Struct, frozen=True):
    """How long one waits for an answer: seconds for half and for nine of ten, of so many threads; or a promise."""

    median: int | None
    most: int | None
    threads: int | None
    promise: int | None


class Messages(NamedTuple):
    """All the threads of a record, newest first, and what this reader has begun."""

    threads: list[Listed]
    begun: list[Begun]
    unread: int


read_listed: Final = msgspec.json.Decoder(Listed).decode
_read_begun: Final = msgspec.json.Decoder(Begun).decode


def listed() -> Select[Any]:
    """Threads of the opened record as JSON for `read_listed`, in no order."""
    told = cast(
        func.json_build_object(
            *("thread_id", thread.c.thread_id, "unit", thread.c.unit, "handed_to", thread.c.handed_to),
            *("kind", thread.c.kind, "topic", thread.c.topic, "last_at", thread.c.last_at),
            *("last_side", thread.c.last_side, "standing", thread.c.standing),
            *("standing_at", thread.c.standing_at, "outcome", thread.c.outcome),
            *("about_entry", thread.c.about_entry, "unit_id", thread.c.unit_id),
            *("left", func.coalesce(_left, _EMPTY), "asked", _asked, "unread", is_unread),
        ),
        Text,
    )
    return select(told).select_from(with_seen).where(mine)


def unread_of(*, but: ColumnElement[UUID] | None = None) -> ColumnElement[int]:
    """How many threads have something that this reader has not read: a part of a page's question.

    The same that lists and notices count. `but` one thread: the one that is being read.
    """
    asked = select(func.count()).select_from(with_seen).where(mine, is_unread)
    return one(asked if but is None else asked.where(thread.c.thread_id != but))


def files_of(of: ColumnElement[bool]) -> ColumnElement[Any]:
    """Files as a JSON array, in their order; `of` says of what."""
    told = func.json_build_object(
        *("file_id", attachment.c.file_id, "name", attachment.c.name, "scan", attachment.c.scan),
        *("media_type", attachment.c.media_type, "size", attachment.c.size, "reason", attachment.c.reason),
    )
    return (
        select(func.coalesce(func.json_agg(told.op("ORDER BY")(attachment.c.number)), _NO_LIST))
        .where(of)
        .scalar_subquery()
    )


_begun = cast(
    func.json_build_object(
        *("draft_id", draft.c.draft_id, "thread_id", draft.c.thread_id, "about_entry", draft.c.about_entry),
        *("text", func.left(draft.c.text, literal_column("80")), "saved_at", draft.c.saved_at),
        *("topic", func.coalesce(func.nullif(draft.c.topic, _EMPTY), thread.c.topic, _EMPTY)),
        *("unit", func.coalesce(unit.c.name, thread.c.unit, _EMPTY)),
    ),
    Text,
)
_drafts = draft.outerjoin(unit, unit.c.unit_id == draft.c.unit_id).outerjoin(
    thread, and_(thread.c.person_id == draft.c.person_id, thread.c.thread_id == draft.c.thread_id)
)
own_draft = and_(draft.c.person_id == _person, draft.c.author_id == reader.c.actor_id, sees)
_LIST: Final = Question(
    "messages",
    threads=many(listed().order_by(thread.c.last_at.desc(), thread.c.thread_id).limit(_MOST)),
    begun=many(select(_begun).select_from(_drafts).where(own_draft).order_by(draft.c.saved_at.desc())),
    unread=unread_of(),
)
_COUNT: Final = Question("messages.unread", unread=unread_of())


async def messages_of(db: ReadSession) -> tuple[Reader, Messages]:
    """Everything of the list."""
    reader_, row = await db.ask(_LIST)
    found = Messages(
        list(map(read_listed, row["threads"])), list(map(_read_begun, row["begun"])), row["unread"]
    )
    return reader_, found


async def unread_in(db: ReadSession) -> tuple[Reader, int]:
    """How many threads have something new for whoever reads."""
    reader_, row = await db.ask(_COUNT)
    return reader_, row["unread"]


def sees_messages(here: Reader) -> bool:
    """May whoever reads this record have to do with its messages?"""
    return bool(here.capabilities & Capability.MESSAGE)
