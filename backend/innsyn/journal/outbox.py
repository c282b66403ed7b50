"""The one door out: what a citizen has decided or written is put here, in the transaction of the act.

Nothing here speaks to the journal (delivery.py does). What has become of a thing is its state: `queued` (with us),
`sent` (on its way, or sent and nobody has heard), `received` (the journal has it), `refused` (the journal said no),
`dead` (tried for long enough, and somebody has been told).
"""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import distinct_on

from innsyn.db.sessions import WriteSession
from innsyn.db.statements import Statement
from innsyn.journal.outbox_tables import outbox

_GIVEN = ("person_id", "author_id", "conversation", "resource_type", "resource", "key", "keep")
_PUT = Statement(
    select(func.journal.put_in_outbox(*(bindparam(name, type_=outbox.c[name].type) for name in _GIVEN)))
)


async def put(
    db: WriteSession,
    *,
    subject_id: UUID,
    author_id: UUID,
    conversation: UUID,
    resource_type: str,
    resource: bytes,
    key: UUID,
    keep: bool = True,
) -> UUID:
    """Let `resource` (a FHIR R4 resource as JSON) leave for the journal, after all else of this conversation.

    `conversation` is what belongs together and keeps its order (a thread, a request and its withdrawal). `key` makes
    it happen once: the same author with the same key again gets the id of the row that is there. Not to `keep` it: its
    bytes are gone from here when the journal has received it. The database refuses a subject or an author other than
    those of the act.
    """
    put_: UUID = await db.value(
        _PUT,
        person_id=subject_id,
        author_id=author_id,
        conversation=conversation,
        resource_type=resource_type,
        resource=resource,
        key=key,
        keep=keep,
    )
    return put_


class Leaving(msgspec.Struct, frozen=True):
    """How far the newest thing of a conversation has come, or the first that stopped there: all after it waits for it.

    `unsure`: it was sent, and nobody heard whether it came.
    """

    conversation: UUID
    number: int
    type: str
    state: str
    queued: datetime
    sent: datetime | None
    answered: datetime | None
    unsure: bool = False


_stopped = and_(outbox.c.state == literal("dead"), outbox.c.given_up_at.is_(None))
read_leaving = msgspec.json.Decoder(Leaving).decode


def states_of(person: ColumnElement[UUID], *resource_types: str) -> Select[str]:
    """For each conversation of `person`, how far it has come with these types: one column of JSON for `read_leaving`.

    For a part of a page's question: `many(states_of(reader.c.subject_id, "Consent"))`.
    """
    told = cast(
        func.json_build_object(
            *("conversation", outbox.c.conversation, "number", outbox.c.number),
            *("type", outbox.c.resource_type, "state", outbox.c.state, "queued", outbox.c.queued_at),
            *("sent", outbox.c.sent_at, "answered", outbox.c.answered_at, "unsure", outbox.c.unsure),
        ),
        Text,
    )
    return (
        select(told)
        .ext(distinct_on(outbox.c.conversation))
        # Not IN: it is written out with the values of all parameters, which a question has not when it is compiled.
        .where(
            outbox.c.person_id == person, or_(*(outbox.c.resource_type == each for each in resource_types))
        )
        .order_by(outbox.c.conversation, _stopped.desc(), outbox.c.number.desc())
    )


class Undelivered(msgspec.Struct, frozen=True):
    """Something that has not arrived and should have: what it is, and whether it is `late`, `failed` or `unknown`."""

    kind: str
    how: str


read_undelivered = msgspec.json.Decoder(Undelivered).decode
_LATE: ColumnElement[timedelta] = literal_column("interval '1 day'")
_TOLD: ColumnElement[timedelta] = literal_column("interval '30 days'")


def undelivered_of(
    person: ColumnElement[UUID], at: ColumnElement[datetime], kind: ColumnElement[str]
) -> Select[str]:
    """What `person` has to be told of at this moment, once of each `kind` (of a row): JSON for `read_undelivered`.

    What has stopped is told for a month after it was written, and as long as nobody has let it be.
    """
    is_waiting = or_(outbox.c.state == literal("queued"), outbox.c.state == literal("sent"))
    how = case(
        (is_waiting, literal("late")),
        (and_(_stopped, outbox.c.unsure), literal("unknown")),
        else_=literal("failed"),
    )
    told = cast(func.json_build_object("kind", kind, "how", how), Text)
    is_over = or_(outbox.c.state == literal("refused"), outbox.c.state == literal("dead"))
    return (
        select(told)
        .distinct()
        .where(
            outbox.c.person_id == person,
            or_(
                _stopped,
                and_(is_waiting, outbox.c.queued_at < at - _LATE),
                and_(is_over, outbox.c.queued_at > at - _TOLD),
            ),
        )
    )
