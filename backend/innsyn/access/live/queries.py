"""What an open page may know of its session: whether it goes on, and for how long."""

from typing import Final
from uuid import UUID

import asyncpg
import msgspec
from sqlalchemy import Float, LargeBinary, Text, Uuid, bindparam, column, func, select

from innsyn.db.statements import Statement

_token = bindparam("token", type_=LargeBinary)
_OPEN: Final = (
    column("person_id", Uuid),
    column("mark", Text),
    column("idle_left", Float),
    column("whole_left", Float),
    column("access_left", Float),
    column("news_of", Uuid),
)
_STILL_OPEN = Statement(
    select(
        *func.access.still_listening(_token, bindparam("handle", type_=Text))
        .table_valued(*_OPEN, name="still")
        .c
    )
)
_HOW = Statement(
    select(
        *func.identity.how_it_is(_token)
        .table_valued(column("why", Text), column("mark", Text), column("locale", Text), name="how")
        .c
    )
)


class StillOpen(msgspec.Struct, frozen=True):
    """A session that goes on, and access that is there. Times are seconds from now; `access_left` None: no limit known.

    `mark` is the same for the same person in the same browser, also after a new login; nobody else has it. `news_of`:
    whose messages may be read here, None where they may not.
    """

    person_id: UUID
    mark: str
    idle_left: float
    whole_left: float
    access_left: float | None
    news_of: UUID | None

    @property
    def left(self) -> float:
        """Until the session is over, if it is not used again."""
        return min(self.idle_left, self.whole_left)

    @property
    def final(self) -> bool:
        """Whether using it again would not help."""
        return self.whole_left <= self.idle_left

    @property
    def unchanged_for(self) -> float:
        """Until something may end by itself."""
        return self.left if self.access_left is None else min(self.left, self.access_left)


class HowItIs(msgspec.Struct, frozen=True):
    """Of a session that there is or was. `why` it ended: '' (not at all), idle, absolute, logout, elsewhere …"""

    why: str
    mark: str
    locale: str


async def still_open(pool: asyncpg.Pool, token: bytes, handle: str | None) -> StillOpen | None:
    """None when the session is over, or the record of this handle is not open to it. Keeps nothing alive."""
    row = await pool.fetchrow(_STILL_OPEN.sql, *_STILL_OPEN.bind(token=token, handle=handle))
    return StillOpen(*row) if row["person_id"] is not None else None


async def how_it_is(pool: asyncpg.Pool, token: bytes) -> HowItIs | None:
    """None for a token that never was a session's, or one that has been forgotten."""
    row = await pool.fetchrow(_HOW.sql, *_HOW.bind(token=token))
    return HowItIs(*row) if row else None
