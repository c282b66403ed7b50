"""Taking a subscription, letting one go, and what is known of them when something goes out."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg
from sqlalchemy import LargeBinary, Text, bindparam, delete, func, select
from sqlalchemy.types import Uuid

from innsyn.access.acting import Act
from innsyn.db.statements import Statement
from innsyn.notifications.subscriptions.rules import Asked
from innsyn.notifications.subscriptions.tables import subscription

_SUBSCRIBE = Statement(
    select(
        func.notice.subscribe(
            bindparam("endpoint", type_=Text),
            bindparam("p256dh", type_=LargeBinary),
            bindparam("auth", type_=LargeBinary),
            bindparam("browser", type_=Text),
        )
    )
)
_REMOVE = Statement(
    delete(subscription)
    .where(
        subscription.c.receiver_id == bindparam("receiver", type_=Uuid),
        subscription.c.subscription_id == bindparam("subscription", type_=Uuid),
    )
    .returning(subscription.c.subscription_id)
)
_OF: Final = """
    SELECT receiver_id, subscription_id FROM notice.subscription WHERE receiver_id = ANY ($1::uuid[])
    ORDER BY receiver_id, made_at, subscription_id
"""
_KEYS: Final = """
    SELECT endpoint, p256dh, auth FROM notice.subscription WHERE receiver_id = $1 AND subscription_id = $2
"""
_REACHED: Final = (
    "UPDATE notice.subscription SET reached_at = $3 WHERE receiver_id = $1 AND subscription_id = $2"
)
_GONE: Final = "DELETE FROM notice.subscription WHERE receiver_id = $1 AND subscription_id = $2"


async def subscribe(act: Act, asked: Asked, browser: str) -> None:
    """Whoever acts is told in this browser; whoever was told there before is not any more."""
    await act.db.value(
        _SUBSCRIBE, endpoint=asked.endpoint, p256dh=asked.p256dh, auth=asked.auth, browser=browser
    )


async def remove(act: Act, subscription_id: UUID) -> bool:
    """Nothing goes to this browser of whoever acts any more. False: it is not theirs, or not there."""
    return await act.db.value(_REMOVE, receiver=act.author.actor_id, subscription=subscription_id) is not None


class Kept:
    """Subscriptions as they are kept here: what whoever claims (channels/port.py) and the channel ask."""

    async def of(self, db: asyncpg.Connection, receivers: Sequence[UUID]) -> dict[UUID, Sequence[str]]:
        """The ids of those in use, for each of these that has any."""
        found: dict[UUID, list[str]] = defaultdict(list)
        for row in await db.fetch(_OF, receivers):
            found[row["receiver_id"]].append(str(row["subscription_id"]))
        return dict(found)


async def keys_of(db: asyncpg.Connection, receiver_id: UUID, subscription_id: UUID) -> Asked | None:
    """Where a browser is reached; None when it has been let go meanwhile."""
    row = await db.fetchrow(_KEYS, receiver_id, subscription_id)
    return Asked(*row) if row else None


async def reached(db: asyncpg.Connection, receiver_id: UUID, subscription_id: UUID, at: datetime) -> None:
    """Something has come as far as the browser's push service."""
    await db.execute(_REACHED, receiver_id, subscription_id, at)


async def let_go(db: asyncpg.Connection, receiver_id: UUID, subscription_id: UUID) -> None:
    """The push service says that there is no such browser any more."""
    await db.execute(_GONE, receiver_id, subscription_id)
