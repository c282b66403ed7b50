"""A way out: what it is given, and what it answers.

A letter has no content: the same words for everybody who reads the same language, whatever it is about, and an address
in Innsyn that opens nothing without a login. A channel adds nothing to it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol
from uuid import UUID

import asyncpg
import msgspec


class Way(StrEnum):
    """How something goes out. Stored: never renamed."""

    PUSH = "push"
    EMAIL = "email"
    SMS = "sms"


class Outcome(StrEnum):
    """What became of a letter. Stored: never renamed."""

    SENT = "sent"
    # The address is no more (404 and 410 of a push service): nothing goes there again.
    GONE = "gone"
    # Not taken, and may be taken later (429, 5xx, no line).
    LATER = "later"
    # Not taken, and will not be: this letter is given up.
    REFUSED = "refused"
    # Nobody knows whether it was taken: it is not tried again, since nobody is to be told twice.
    LOST = "lost"


class Answer(msgspec.Struct, frozen=True):
    """`again_in`: for LATER, what the receiving side asked for, if it did."""

    outcome: Outcome
    again_in: timedelta | None = None


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """One letter to one address.

    `key` is the same when it is tried again, and means nothing elsewhere. `target` is the id of a push subscription,
    the e-mail address or the telephone number. `title` and `text` are constant for each `locale` (nb, nn, en). `path`
    is where it leads: `/notices`, or `/notices/{id}` where it is about one thing. `unseen`: how many are unread, for a
    badge. `tries`: which time this is, from 1. `made_at`: when it first went out; older than LONGEST is not tried.
    """

    receiver_id: UUID
    sending_id: UUID
    way: Way
    key: str
    target: str
    locale: str
    title: str
    text: str
    path: str
    unseen: int
    tries: int
    made_at: datetime


class Channel(Protocol):
    """One way out. Raises nothing of what the other side does: it answers LATER or REFUSED."""

    async def send(self, letter: Letter) -> Answer:
        """Take the letter there, within the channel's own time limit."""
        ...


class Subscriptions(Protocol):
    """Which subscriptions to push there are: kept by the channel, asked by whoever claims what is due."""

    async def of(self, db: asyncpg.Connection, receivers: Sequence[UUID]) -> dict[UUID, Sequence[str]]:
        """The ids of those in use, for each of these that has any. In the transaction of the claim."""
        ...


# After so long nobody waits for a letter any longer.
LONGEST: Final = timedelta(days=1)
