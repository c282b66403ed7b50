"""Everything about one thread, in one round trip; who asks has read it."""

from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Text, and_, bindparam, cast, func, literal_column, or_, select
from sqlalchemy.types import Uuid

from innsyn.access.opening import Question, ReadSession, many, one
from innsyn.access.reader import Reader
from innsyn.messages.queries import (
    File,
    Listed,
    Waiting,
    files_of,
    is_unread,
    leaving,
    listed,
    mine,
    own_draft,
    read_listed,
    unread_of,
    up_to,
    with_seen,
)
from innsyn.messages.tables import attachment, draft, message, message_before, reply_time, thread, unit

_ONE: Any = literal_column("1")
_MOST: Any = literal_column("300")
_EMPTY: Any = literal_column("''")
_NO_LIST: Any = literal_column("'[]'::json")
_this = bindparam("thread", type_=Uuid)


class Before(msgspec.Struct, frozen=True):
    """What a message said before it was corrected."""

    text: str
    until: datetime


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """A message. `left` as in Listed, of this one; `back`: the journal has told it (back)."""

    message_id: UUID
    at: datetime
    side: str
    author_id: UUID | None
    author: str
    unit: str
    handed_to: str
    text: str
    version: int
    recalled: bool
    corrected: datetime | None
    back: bool
    left: str
    new: bool
    before: list[Before]
    files: list[File]


class Reply(msgspec.Struct, frozen=True):
    """What whoever reads has begun to answer."""

    draft_id: UUID
    text: str
    revision: int
    saved_at: datetime
    files: list[File]


class Opened(NamedTuple):
    """A thread with everything in it, as this reader may see it."""

    thread: Listed
    said: list[Said]
    reply: Reply | None
    waiting: Waiting
    unread: int


_read_said: Final = msgspec.json.Decoder(Said).decode
_read_reply: Final = msgspec.json.Decoder(Reply).decode
_read_waiting: Final = msgspec.json.Decoder(Waiting).decode
_earlier = (
    select(
        func.coalesce(
            func.json_agg(
                func.json_build_object("text", message_before.c.text, "until", message_before.c.until).op(
                    "ORDER BY"
                )(message_before.c.version)
            ),
            _NO_LIST,
        )
    )
    .where(
        message_before.c.person_id == message.c.person_id, message_before.c.message_id == message.c.message_id
    )
    .correlate(message)
    .scalar_subquery()
)
_its_files = and_(
    attachment.c.person_id == message.c.person_id, attachment.c.message_id == message.c.message_id
)
_came = func.greatest(message.c.landed_at, message.c.corrected_at)
_said = cast(
    func.json_build_object(
        *("message_id", message.c.message_id, "at", message.c.sent_at, "side", message.c.side),
        *("author_id", message.c.author_id, "author", message.c.author, "unit", message.c.unit),
        *("handed_to", message.c.handed_to, "text", message.c.text, "version", message.c.version),
        *("recalled", message.c.is_recalled, "corrected", message.c.corrected_at),
        *("back", message.c.feed.is_not(None), "left", func.coalesce(leaving.c.state, _EMPTY)),
        *("new", and_(message.c.side == literal_column("'unit'"), is_unread, _came > up_to)),
        *("before", _earlier, "files", files_of(_its_files)),
    ),
    Text,
)
_in_it = (
    with_seen.join(
        message, and_(message.c.person_id == thread.c.person_id, message.c.thread_id == thread.c.thread_id)
    )
).outerjoin(leaving, leaving.c.message_id == message.c.message_id)
_this_one = and_(mine, thread.c.thread_id == _this)
_draft_files = and_(attachment.c.person_id == draft.c.person_id, attachment.c.draft_id == draft.c.draft_id)
_reply = cast(
    func.json_build_object(
        *("draft_id", draft.c.draft_id, "text", draft.c.text, "revision", draft.c.revision),
        *("saved_at", draft.c.saved_at, "files", files_of(_draft_files)),
    ),
    Text,
)


def waiting_of(kind: ColumnElement[str]) -> ColumnElement[str]:
    """How long a unit (a row of it) takes to answer about this kind, or of all where too few have been: as JSON."""
    measured = (
        select(reply_time.c.median, reply_time.c.most, reply_time.c.threads)
        .where(
            reply_time.c.unit_id == unit.c.unit_id,
            or_(reply_time.c.kind == kind, reply_time.c.kind == _EMPTY),
        )
        .order_by((reply_time.c.kind == kind).desc())
        .limit(_ONE)
        .correlate(unit, thread)
        .lateral("measured")
    )
    told = func.json_build_object(
        *("median", measured.c.median, "most", measured.c.most, "threads", measured.c.threads),
        *("promise", unit.c.promise),
    )
    nothing = select(_ONE.label("one")).subquery("nothing")
    return select(told).select_from(nothing.outerjoin(measured, literal_column("true"))).scalar_subquery()


_THREAD: Final = Question(
    "messages.thread",
    told=one(listed().where(thread.c.thread_id == _this)),
    said=many(
        select(_said)
        .select_from(_in_it)
        .where(_this_one)
        # The newest, where there are more than a page has room for.
        .order_by(message.c.sent_at.desc(), message.c.message_id.desc())
        .limit(_MOST)
    ),
    reply=one(select(_reply).where(own_draft, draft.c.thread_id == _this)),
    waiting=one(
        select(cast(waiting_of(thread.c.kind), Text))
        .select_from(thread.join(unit, unit.c.unit_id == thread.c.unit_id))
        .where(_this_one)
    ),
    unread=unread_of(but=_this),
    # Whoever reads it has seen what this page shows, and nothing that comes meanwhile.
    seen=one(
        select(func.message.have_seen(thread.c.thread_id, thread.c.news_at))
        .select_from(with_seen)
        .where(_this_one, is_unread)
    ),
)


async def thread_of(db: ReadSession, thread_id: UUID) -> tuple[Reader, Opened | None]:
    """The thread, seen from now on; None where there is none for whoever is here."""
    reader_, row = await db.ask(_THREAD, thread=thread_id)
    if row["told"] is None:
        return reader_, None
    opened = Opened(
        thread=read_listed(row["told"]),
        said=list(map(_read_said, reversed(row["said"]))),
        reply=_read_reply(row["reply"]) if row["reply"] else None,
        waiting=_read_waiting(row["waiting"]) if row["waiting"] else Waiting(None, None, None, None),
        unread=row["unread"],
    )
    return reader_, opened
