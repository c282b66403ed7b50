"""Doing something in a record: one transaction that proves the access, logs the act and keeps it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Final, final
from uuid import UUID

import asyncpg
from sqlalchemy import Integer, Interval, LargeBinary, Text, bindparam, func, select
from sqlalchemy.sql import column
from sqlalchemy.types import DateTime, Uuid

from innsyn.access.capability import Capability
from innsyn.access.opening import NoAccess, NotLoggedIn
from innsyn.db.sessions import WriteSession, write_session
from innsyn.db.statements import Statement
from innsyn.refusal import Refusal

# How long ago the person may have proved who they are, for what gives access away.
FRESH: Final = timedelta(minutes=10)

_OUT = (
    column("session_id", Uuid),
    column("actor_id", Uuid),
    column("subject_id", Uuid),
    column("rule", Text),
    column("at", DateTime(timezone=True)),
    column("problem", Text),
)
_BEGIN = Statement(
    select(
        *func.access.begin_act(
            bindparam("token", type_=LargeBinary),
            bindparam("handle", type_=Text),
            bindparam("capability", type_=Integer),
            bindparam("fresh", type_=Interval),
            bindparam("purpose", type_=Text),
        )
        .table_valued(*_OUT, name="begun")
        .c
    )
)


class StepUpNeeded(Refusal):
    """It is too long since the person proved who they are: what is asked for is grave."""

    status_code: ClassVar[int] = 403
    text_key: ClassVar[str] = "refusal.step_up"


@final
@dataclass(frozen=True, slots=True)
class Author:
    """Proof that `actor_id` may do this in the record of `subject_id` now. Only access/ makes one.

    `rule` is 'self' or the rule of the permit; `at` is the time of the act.
    """

    session_id: UUID
    actor_id: UUID
    subject_id: UUID
    rule: str
    at: datetime


@final
@dataclass(frozen=True, slots=True)
class Act:
    """An act that has begun: who does it, and the transaction it happens in."""

    author: Author
    db: WriteSession


@final
class Acts:
    """One person's way to do something, for one request. `handle` stands for somebody else's record."""

    def __init__(self, pool: asyncpg.Pool, token: bytes | None, handle: str | None = None) -> None:
        self._pool = pool
        self._token = token
        self._handle = handle

    @asynccontextmanager
    async def begin(
        self, purpose: str, *, needs: Capability = Capability.MANAGE, fresh: bool = False
    ) -> AsyncIterator[Act]:
        """One transaction, kept at the end of the block and undone by whatever is raised in it.

        `purpose` names the act for the log (fullmakt.give), never its content. `fresh`: only within FRESH of a login at
        ID-porten. Raises NotLoggedIn, NoAccess or StepUpNeeded.
        """
        if self._token is None:
            raise NotLoggedIn
        refused: Refusal | None = None
        async with write_session(self._pool) as db:
            row = await db.row(
                _BEGIN,
                token=self._token,
                handle=self._handle,
                capability=int(needs),
                fresh=FRESH if fresh else None,
                purpose=purpose,
            )
            # Kept, and not undone: that it was asked for stands in the log.
            refused = _refusal(row)
            if row is not None and refused is None:
                yield Act(Author(*row[:5]), db)
        if refused is not None:
            raise refused

    async def must_be_fresh(self, purpose: str) -> None:
        """For a page with a form that needs it: the person is asked before anything is typed. Raises as `begin`."""
        async with self.begin(purpose, fresh=True):
            pass


def _refusal(row: asyncpg.Record | None) -> Refusal | None:
    problem = row["problem"] if row is not None else "session"
    if problem == "session":
        return NotLoggedIn()
    if problem == "access":
        return NoAccess()
    return StepUpNeeded() if problem == "step_up" else None
