"""What the worker asks of the outbox: what is due, and what became of it. Only the worker's role may run these."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
from sqlalchemy import (
    Boolean,
    Column,
    Float,
    Integer,
    Interval,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.types import Uuid

from innsyn.db.batches import arrays, given
from innsyn.db.statements import Statement
from innsyn.journal.delivery_rules import Step
from innsyn.journal.outbox_tables import outbox


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """A thing to deliver, claimed. `tries` counts the one that begins; `at` is the database's clock."""

    person_id: UUID
    outbox_id: UUID
    resource: bytes
    tries: int
    unsure: bool
    queued_at: datetime
    at: datetime


def _is(column: Any, *states: str) -> Any:  # noqa: ANN401 - columns of a table or of its alias
    # Not IN: it would be compiled as a list of parameters, and the partial index has to be recognised.
    return or_(*(column == literal_column(f"'{state}'") for state in states))


_earlier = outbox.alias("earlier")
_is_behind = exists(
    select(literal_column("1")).where(
        _earlier.c.person_id == outbox.c.person_id,
        _earlier.c.conversation == outbox.c.conversation,
        _earlier.c.number < outbox.c.number,
        or_(
            _is(_earlier.c.state, "queued", "sent"),
            and_(_is(_earlier.c.state, "dead"), _earlier.c.given_up_at.is_(None)),
        ),
    )
)
_under_way = _is(outbox.c.state, "queued", "sent")
_due = (
    select(outbox.c.person_id, outbox.c.outbox_id)
    .where(
        _under_way,
        outbox.c.next_try_at <= func.now(),
        or_(outbox.c.claimed_until.is_(None), outbox.c.claimed_until < func.now()),
        ~_is_behind,
    )
    .order_by(outbox.c.next_try_at)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(skip_locked=True)
    .cte("due")
)
_CLAIM = Statement(
    update(outbox)
    .where(outbox.c.person_id == _due.c.person_id, outbox.c.outbox_id == _due.c.outbox_id)
    .values(
        state="sent",
        sent_at=func.coalesce(outbox.c.sent_at, func.now()),
        tries=outbox.c.tries + literal_column("1"),
        # A claim that ran out is of somebody who ended in the middle of sending.
        unsure=or_(outbox.c.unsure, outbox.c.claim.is_not(None)),
        claim=bindparam("token", type_=Uuid),
        claimed_until=func.now() + bindparam("lease", type_=Interval),
    )
    .returning(
        outbox.c.person_id,
        outbox.c.outbox_id,
        outbox.c.resource,
        outbox.c.tries,
        outbox.c.unsure,
        outbox.c.queued_at,
        func.now().label("at"),
    )
)

_becomes = given(
    outbox.c.person_id,
    outbox.c.outbox_id,
    outbox.c.state,
    outbox.c.reason,
    outbox.c.answer,
    Column("again_in", Float),
    Column("counted", Integer),
    Column("unsure", Boolean),
)
_is_answered = _is(_becomes.c.state, "received", "refused")
_SETTLE = Statement(
    update(outbox)
    .where(
        outbox.c.person_id == _becomes.c.person_id,
        outbox.c.outbox_id == _becomes.c.outbox_id,
        # What the journal has taken in it has taken in, whoever has claimed it since; all else is for who claims it.
        case(
            (_is(_becomes.c.state, "received"), ~_is(outbox.c.state, "received")),
            else_=and_(_under_way, outbox.c.claim == bindparam("token", type_=Uuid)),
        ),
    )
    .values(
        state=_becomes.c.state,
        reason=_becomes.c.reason,
        answer=_becomes.c.answer,
        unsure=_becomes.c.unsure,
        tries=outbox.c.tries + _becomes.c.counted,
        next_try_at=func.now() + _becomes.c.again_in * literal_column("interval '1 second'"),
        answered_at=case((_is_answered, func.now()), else_=outbox.c.answered_at),
        claim=null(),
        claimed_until=null(),
    )
    .returning(outbox.c.state)
)

_soonest = func.greatest(outbox.c.next_try_at, func.coalesce(outbox.c.claimed_until, outbox.c.next_try_at))
_WAIT = Statement(
    select(func.extract("epoch", func.min(_soonest) - func.now()).cast(Float)).where(
        _under_way, _soonest > func.now()
    )
)


async def claim(db: asyncpg.Connection, token: UUID, lease: Any, most: int) -> list[Due]:  # noqa: ANN401
    """At most so many that are due, the first of their conversations, for this worker alone for a while.

    One statement, and nothing is held when it has ended: whoever is killed with a claim loses it when it runs out.
    """
    rows = await db.fetch(_CLAIM.sql, *_CLAIM.bind(token=token, lease=lease, most=most))
    return [Due(**dict(row)) for row in rows]


async def settle(db: asyncpg.Connection, token: UUID, steps: Sequence[tuple[Due, Step]]) -> int:
    """Write down what became of tries. Returns of how many: what somebody else has taken over is theirs."""
    rows = [
        (
            due.person_id,
            due.outbox_id,
            step.state,
            step.reason,
            step.text,
            step.again_in,
            0 if step.counts else -1,
            step.unsure,
        )
        for due, step in steps
    ]
    columns = ("person_id", "outbox_id", "state", "reason", "answer", "again_in", "counted", "unsure")
    return len(await db.fetch(_SETTLE.sql, *_SETTLE.bind(token=token, **arrays(columns, rows))))


async def seconds_until_due(db: asyncpg.Connection) -> float | None:
    """How long until something that waits for its time has it; None: nothing does."""
    found: float | None = await db.fetchval(_WAIT.sql, *_WAIT.bind())
    return found
