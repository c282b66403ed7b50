"""What an operator asks of the outbox, and does about it. Whom a thing is about is not told."""

from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg
import msgspec
from sqlalchemy import Integer, and_, bindparam, case, func, literal, literal_column, or_, select, update
from sqlalchemy.types import Text, Uuid

from innsyn.db.statements import Statement
from innsyn.journal.outbox_tables import CHANNEL, outbox


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A thing in the outbox. `reason` is why it is not there (yet), `answer` what the journal said to it."""

    outbox_id: UUID
    conversation: UUID
    number: int
    resource_type: str
    state: str
    tries: int
    unsure: bool
    reason: str
    answer: str
    queued_at: datetime
    sent_at: datetime | None
    next_try_at: datetime
    answered_at: datetime | None
    given_up_at: datetime | None
    size: int


_KEPT = (
    *(outbox.c[name] for name in Kept.__struct_fields__ if name != "size"),
    func.length(outbox.c.resource).label("size"),
)
_wanted = bindparam("state", type_=Text)
_is_open = or_(
    outbox.c.state == literal("queued"),
    outbox.c.state == literal("sent"),
    and_(outbox.c.state == literal("dead"), outbox.c.given_up_at.is_(None)),
)
_LIST = Statement(
    select(*_KEPT)
    .where(case((_wanted == literal(""), _is_open), else_=outbox.c.state == _wanted))
    .order_by(case((outbox.c.state == literal("dead"), 0), else_=1), outbox.c.queued_at)
    .limit(bindparam("most", type_=Integer))
)
_SHOW = Statement(select(*_KEPT).where(outbox.c.outbox_id == bindparam("outbox_id", type_=Uuid)))
_BODY = Statement(select(outbox.c.resource).where(outbox.c.outbox_id == bindparam("outbox_id", type_=Uuid)))
_AGAIN: Final = {
    "state": case((outbox.c.unsure, literal("sent")), else_=literal("queued")),
    "tries": literal_column("0"),
    "reason": literal(""),
    "next_try_at": func.now(),
    "given_up_at": literal_column("NULL"),
    "answered_at": literal_column("NULL"),
}
_RETRY = Statement(
    update(outbox)
    .where(
        outbox.c.outbox_id == bindparam("outbox_id", type_=Uuid),
        # What is under way is tried now; what is being sent at this moment is left alone.
        or_(
            outbox.c.state == literal("dead"),
            outbox.c.state == literal("refused"),
            and_(_is_open, outbox.c.claim.is_(None)),
        ),
    )
    .values(_AGAIN)
    .returning(outbox.c.state)
)
_GIVE_UP = Statement(
    update(outbox)
    .where(
        outbox.c.outbox_id == bindparam("outbox_id", type_=Uuid),
        _is_open,
        or_(outbox.c.claim.is_(None), outbox.c.claimed_until < func.now()),
    )
    .values(
        state="dead",
        given_up_at=func.now(),
        claim=literal_column("NULL"),
        claimed_until=literal_column("NULL"),
    )
    .returning(outbox.c.state)
)
_CALL = Statement(select(func.pg_notify(literal(CHANNEL), literal(""))))


async def kept(db: asyncpg.Connection, state: str = "", most: int = 200) -> list[Kept]:
    """What is in this state, the oldest first; '' for all that has not arrived and is not given up, the dead first."""
    return [Kept(**dict(row)) for row in await db.fetch(_LIST.sql, *_LIST.bind(state=state, most=most))]


async def one(db: asyncpg.Connection, outbox_id: UUID) -> Kept | None:
    """One thing, or None."""
    row = await db.fetchrow(_SHOW.sql, *_SHOW.bind(outbox_id=outbox_id))
    return Kept(**dict(row)) if row else None


async def body_of(db: asyncpg.Connection, outbox_id: UUID) -> bytes:
    """What is to leave, as it was written. It holds health information."""
    return bytes(await db.fetchval(_BODY.sql, *_BODY.bind(outbox_id=outbox_id)) or b"")


async def retry(db: asyncpg.Connection, outbox_id: UUID) -> bool:
    """Try it again from the beginning, now. False: it has arrived, or is being sent at this moment."""
    done = await db.fetchval(_RETRY.sql, *_RETRY.bind(outbox_id=outbox_id)) is not None
    if done:
        await db.execute(_CALL.sql, *_CALL.bind())
    return done


async def give_up(db: asyncpg.Connection, outbox_id: UUID) -> bool:
    """Let it be: what comes after it waits no longer. False: it has arrived, or is being sent at this moment."""
    done = await db.fetchval(_GIVE_UP.sql, *_GIVE_UP.bind(outbox_id=outbox_id)) is not None
    if done:
        await db.execute(_CALL.sql, *_CALL.bind())
    return done
