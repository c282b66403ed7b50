"""What the worker remembers of its subscription, so that a restart goes on with the same one."""

import asyncpg
import msgspec
from sqlalchemy import bindparam, func, select
from sqlalchemy.dialects.postgresql import insert

from innsyn.db.statements import Statement
from innsyn.journal import gaps
from innsyn.journal.subscription_tables import subscription


class Kept(msgspec.Struct, frozen=True):
    """`address` of the Subscription, from the server's base on. Its event number n is position `base` + n.

    `secret` is the SHA-256 of what a notification brings along.
    """

    address: str
    base: int
    secret: bytes


_feed, _address, _base, _secret = (
    bindparam(name, type_=subscription.c[name].type) for name in ("feed", "address", "base", "secret")
)
_READ = Statement(
    select(subscription.c.address, subscription.c.base, subscription.c.secret).where(
        subscription.c.feed == _feed
    )
)
_KEEP = Statement(
    insert(subscription)
    .values(feed=_feed, address=_address, base=_base, secret=_secret)
    .on_conflict_do_update(
        index_elements=["feed"],
        set_={"address": _address, "base": _base, "secret": _secret, "made_at": func.now()},
    )
)


class Memory:
    """The subscription of one feed, kept in the database. It has connections of its own: the feed is read ahead."""

    def __init__(self, pool: asyncpg.Pool, feed: str) -> None:
        self._pool, self._feed = pool, feed

    async def read(self) -> Kept | None:
        """What there is; None before the first subscription."""
        row = await self._pool.fetchrow(_READ.sql, *_READ.bind(feed=self._feed))
        return Kept(row["address"], row["base"], bytes(row["secret"])) if row else None

    async def keep(self, kept: Kept) -> None:
        """From now on it is this one."""
        values = msgspec.structs.asdict(kept)
        await self._pool.execute(_KEEP.sql, *_KEEP.bind(feed=self._feed, **values))

    async def gap(self, after: int, until: int) -> None:
        """What is later than `after`, up to and including `until`, cannot be learnt any more."""
        async with self._pool.acquire() as db:
            await gaps.notice(db, self._feed, "", after, until)
