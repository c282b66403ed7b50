"""Sending a message, and saying that a thread is solved: into the outbox and into the rows, all or nothing."""

import base64
from typing import Any, Final, NamedTuple
from uuid import UUID, uuid5

from sqlalchemy import DateTime, and_, bindparam, delete, insert, literal_column, null, or_, select, update
from sqlalchemy.dialects.postgresql import insert as put
from sqlalchemy.types import Uuid

from innsyn.access.acting import Act
from innsyn.db.statements import Statement
from innsyn.journal import outbox
from innsyn.messages import rules
from innsyn.messages.communication import Attached, Closing, Written, closing, communication
from innsyn.messages.known import knows
from innsyn.messages.refusals import AlreadySent, FilesWait, MayNotWrite, NoSuchMessage
from innsyn.messages.tables import attachment, draft, message, thread, told, unit

_person = bindparam("person_id", type_=Uuid)
_thread = bindparam("thread_id", type_=Uuid)
_ROW: Final = (
    *(
        "person_id",
        "message_id",
        "thread_id",
        "sent_at",
        "side",
        "author_id",
        "author",
        "unit_id",
        "unit_ref",
    ),
    *("unit", "kind", "topic", "about_entry", "text", "answers", "key"),
)
_PUT: Final = Statement(
    insert(message).values({name: bindparam(name, type_=message.c[name].type) for name in _ROW})
)
_SENT: Final = Statement(
    select(message.c.thread_id, message.c.text).where(
        message.c.person_id == _person, message.c.message_id == bindparam("message_id", type_=Uuid)
    )
)
_newest = (
    select(message.c.message_id)
    .where(message.c.person_id == thread.c.person_id, message.c.thread_id == thread.c.thread_id)
    .order_by(message.c.sent_at.desc(), message.c.message_id.desc())
    .limit(literal_column("1"))
    .correlate(thread)
    .scalar_subquery()
)
_THREAD: Final = Statement(
    select(
        *(
            thread.c[name]
            for name in ("unit_id", "unit_ref", "unit", "handed_to_ref", "handed_to", "kind", "topic")
        ),
        thread.c.standing,
        _newest.label("newest"),
    ).where(thread.c.person_id == _person, thread.c.thread_id == _thread)
)
_UNIT: Final = Statement(
    select(
        unit.c.unit_id,
        unit.c.id,
        unit.c.name,
        unit.c.kinds,
        unit.c.may_write,
        knows(_person, unit).label("known"),
    ).where(unit.c.unit_id == bindparam("unit_id", type_=Uuid), unit.c.is_active)
)
_of_draft: Any = and_(
    attachment.c.person_id == _person, attachment.c.draft_id == bindparam("draft_id", type_=Uuid)
)
_FILES: Final = Statement(
    select(attachment.c.name, attachment.c.media_type, attachment.c.body, attachment.c.scan)
    .where(_of_draft)
    .order_by(attachment.c.number, attachment.c.at)
)
_GO_ALONG: Final = Statement(
    update(attachment)
    .where(_of_draft, attachment.c.scan == literal_column("'clean'"))
    .values(message_id=bindparam("message", type_=Uuid), draft_id=null())
)
# Also another one of the same author's for the same thread, which said the same.
_GONE: Final = Statement(
    delete(draft).where(
        draft.c.person_id == _person,
        draft.c.author_id == bindparam("author_id", type_=Uuid),
        or_(draft.c.draft_id == bindparam("draft_id", type_=Uuid), draft.c.thread_id == _thread),
    )
)
_SAID: Final = ("person_id", "told_id", "thread_id", "standing")
_CLOSE: Final = Statement(
    put(told)
    .values(
        {name: bindparam(name, type_=told.c[name].type) for name in _SAID}
        | {"at": bindparam("at", type_=DateTime(timezone=True))}
    )
    .on_conflict_do_nothing()
)


class Leaving(NamedTuple):
    """What is sent, and the name of who wrote it. `thread_id` None: it begins one, of `unit_id`, `kind`, `topic`."""

    draft_id: UUID
    author: str
    text: str
    thread_id: UUID | None = None
    unit_id: UUID | None = None
    kind: str = ""
    topic: str = ""
    entry: UUID | None = None


class _To(NamedTuple):
    thread_id: UUID
    unit_id: UUID | None
    unit_ref: str
    unit: str
    kind: str
    topic: str
    answers: UUID | None


async def send(act: Act, leaving: Leaving) -> UUID:
    """Send it: once, however often it is tried. Gives the thread.

    Raises AlreadySent where something else was sent of the same draft, NoSuchMessage, MayNotWrite or FilesWait.
    """
    author = act.author
    # Of the draft: two tabs, two devices and a second click are the same thing sent.
    message_id = rules.message_of(leaving.draft_id)
    if found := await sent_of(act, leaving.draft_id):
        if found.text == leaving.text:
            return found.thread_id
        raise found
    to = await (_answered(act, leaving.thread_id) if leaving.thread_id else _begun(act, leaving))
    written = Written(
        message_id=message_id,
        thread_id=to.thread_id,
        person=author.subject_id,
        author=author.actor_id,
        at=author.at,
        kind=to.kind,
        topic=to.topic,
        text=leaving.text,
        unit_ref=to.unit_ref,
        unit=to.unit,
        answers=to.answers,
        entry=leaving.entry,
        files=await _files(act, leaving.draft_id),
    )
    await _leave(act, to.thread_id, "Communication", communication(written), message_id)
    await _keep(act, leaving, to, message_id)
    return to.thread_id


async def sent_of(act: Act, draft_id: UUID) -> AlreadySent | None:
    """What this draft has become, where it has been sent."""
    row = await act.db.row(_SENT, person_id=act.author.subject_id, message_id=rules.message_of(draft_id))
    return AlreadySent(row["thread_id"], row["text"]) if row else None


async def close(act: Act, thread_id: UUID) -> None:
    """Say that it is solved: the journal is told, and the thread is closed until somebody writes in it again."""
    author = act.author
    row = await act.db.row(_THREAD, person_id=author.subject_id, thread_id=thread_id)
    if row is None:
        raise NoSuchMessage
    if row["standing"] == "closed":
        return
    # Once for what was written last.
    told_id = uuid5(thread_id, f"closed:{row['newest']}")
    said = Closing(
        told_id=told_id, thread_id=thread_id, person=author.subject_id, author=author.actor_id, at=author.at
    )
    await _leave(act, thread_id, "Task", closing(said), told_id)
    await act.db.value(
        _CLOSE,
        person_id=author.subject_id,
        told_id=told_id,
        thread_id=thread_id,
        standing="closed",
        at=author.at,
    )


async def _answered(act: Act, thread_id: UUID) -> _To:
    row = await act.db.row(_THREAD, person_id=act.author.subject_id, thread_id=thread_id)
    if row is None:
        raise NoSuchMessage
    return _To(
        thread_id,
        row["unit_id"],
        row["handed_to_ref"] or row["unit_ref"],
        row["handed_to"] or row["unit"],
        row["kind"],
        row["topic"],
        row["newest"],
    )


async def _begun(act: Act, leaving: Leaving) -> _To:
    row = await act.db.row(_UNIT, person_id=act.author.subject_id, unit_id=leaving.unit_id)
    if row is None:
        raise NoSuchMessage
    is_own = act.author.actor_id == act.author.subject_id
    # Of an entry one tells whoever answers for it, known or not; and still nobody in somebody else's place.
    is_about = leaving.entry is not None and (is_own or row["may_write"] != "self_only")
    may = is_about or rules.may_write(row["may_write"], own=is_own, known=row["known"])
    if leaving.kind not in row["kinds"] or not may:
        raise MayNotWrite
    reference = f"HealthcareService/{row['id']}"
    begun = rules.thread_of(leaving.draft_id)
    return _To(begun, row["unit_id"], reference, row["name"], leaving.kind, leaving.topic, None)


async def _files(act: Act, draft_id: UUID) -> list[Attached]:
    rows = await act.db.rows(_FILES, person_id=act.author.subject_id, draft_id=draft_id)
    if any(row["scan"] != "clean" for row in rows):
        raise FilesWait
    return [Attached(row["media_type"], row["name"], base64.b64encode(row["body"]).decode()) for row in rows]


async def _leave(act: Act, thread_id: UUID, kind: str, resource: bytes, key: UUID) -> None:
    await outbox.put(
        act.db,
        subject_id=act.author.subject_id,
        author_id=act.author.actor_id,
        conversation=thread_id,
        resource_type=kind,
        resource=resource,
        key=key,
    )


async def _keep(act: Act, leaving: Leaving, to: _To, message_id: UUID) -> None:
    author = act.author
    await act.db.value(
        _PUT,
        person_id=author.subject_id,
        message_id=message_id,
        thread_id=to.thread_id,
        sent_at=author.at,
        side="citizen",
        author_id=author.actor_id,
        author=leaving.author,
        unit_id=to.unit_id,
        unit_ref=to.unit_ref,
        unit=to.unit,
        kind=to.kind,
        topic=to.topic,
        about_entry=leaving.entry,
        text=leaving.text,
        answers=to.answers,
        key=message_id,
    )
    await act.db.value(_GO_ALONG, person_id=author.subject_id, draft_id=leaving.draft_id, message=message_id)
    await act.db.value(
        _GONE,
        person_id=author.subject_id,
        author_id=author.actor_id,
        draft_id=leaving.draft_id,
        thread_id=to.thread_id,
    )
