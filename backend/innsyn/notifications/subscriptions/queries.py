"""Which browsers the person here is told in."""

from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import Text, cast, func, select

from innsyn.access.opening import Question, ReadSession, many, reader
from innsyn.access.reader import Reader
from innsyn.notifications.subscriptions.tables import subscription


class Told(msgspec.Struct, frozen=True):
    """A browser that is told: in words, since when, and when something last came as far as its push service."""

    id: UUID
    browser: str
    since: datetime
    reached: datetime | None


_told = cast(
    func.json_build_object(
        *("id", subscription.c.subscription_id, "browser", subscription.c.browser),
        *("since", subscription.c.made_at, "reached", subscription.c.reached_at),
    ),
    Text,
)
_DEVICES = Question(
    "notices.devices",
    told=many(
        select(_told)
        .where(subscription.c.receiver_id == reader.c.actor_id)
        .order_by(subscription.c.made_at.desc(), subscription.c.subscription_id)
    ),
)
_read = msgspec.json.Decoder(Told).decode


async def told_in(db: ReadSession) -> tuple[Reader, list[Told]]:
    """The newest first."""
    reader_, row = await db.ask(_DEVICES)
    return reader_, [_read(each) for each in row["told"]]
