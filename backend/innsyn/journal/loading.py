"""What an operator asks of the feeds: how far each is read, how fresh each source is, what could not be used."""

from datetime import datetime

import asyncpg
import msgspec
from sqlalchemy import bindparam, func, or_, select

from innsyn.db.statements import Statement
from innsyn.journal.tables import position, quarantine, resource, source


class FeedStatus(msgspec.Struct, frozen=True):
    """How far a feed is read, in so many parts. `versions` counts what landed, `quarantined` what could not be used."""

    feed: str
    parts: int
    position: int
    moved_at: datetime
    versions: int
    quarantined: int


class SourceStatus(msgspec.Struct, frozen=True):
    """How fresh a service's part is."""

    source: str
    name: str
    last_entry_at: datetime | None
    last_contact_at: datetime | None
    delayed_since: datetime | None
    missing: int


class Held(msgspec.Struct, frozen=True):
    """Something in quarantine. `size` is of its body, in bytes."""

    feed: str
    entry: str
    source: str
    position: int
    landed_at: datetime
    reason: str
    explanation: str
    size: int


_FEEDS = Statement(
    select(
        position.c.feed,
        func.count(),
        func.max(position.c.position),
        func.max(position.c.moved_at),
        select(func.count())
        .select_from(resource)
        .where(resource.c.feed == position.c.feed)
        .scalar_subquery(),
        select(func.count())
        .select_from(quarantine)
        .where(quarantine.c.feed == position.c.feed)
        .scalar_subquery(),
    )
    .group_by(position.c.feed)
    .order_by(position.c.feed)
)
_SOURCES = Statement(
    select(
        source.c.source,
        source.c.name,
        source.c.last_entry_at,
        source.c.last_contact_at,
        source.c.delayed_since,
        source.c.missing,
    ).order_by(source.c.source)
)
_held = select(
    quarantine.c.feed,
    quarantine.c.entry,
    quarantine.c.source,
    quarantine.c.position,
    quarantine.c.landed_at,
    quarantine.c.reason,
    quarantine.c.explanation,
    func.coalesce(func.octet_length(quarantine.c.body), 0),
).order_by(quarantine.c.feed, quarantine.c.position)
_like = bindparam("like", type_=quarantine.c.entry.type)
_reason = bindparam("reason", type_=quarantine.c.reason.type)
_LIST = Statement(
    _held.where(or_(_reason == "", quarantine.c.reason == _reason)).limit(
        bindparam("most", type_=position.c.position.type)
    )
)
_SHOW = Statement(_held.where(func.starts_with(quarantine.c.entry, _like)))
_BODY = Statement(
    select(quarantine.c.body).where(
        quarantine.c.feed == bindparam("feed", type_=quarantine.c.feed.type),
        quarantine.c.entry == bindparam("entry", type_=quarantine.c.entry.type),
    )
)


async def feeds(db: asyncpg.Connection) -> list[FeedStatus]:
    """All feeds that anything was ever read from."""
    return [FeedStatus(*row) for row in await db.fetch(_FEEDS.sql, *_FEEDS.bind())]


async def sources(db: asyncpg.Connection) -> list[SourceStatus]:
    """All services that a feed has told of."""
    return [SourceStatus(*row) for row in await db.fetch(_SOURCES.sql, *_SOURCES.bind())]


async def held(db: asyncpg.Connection, reason: str = "", most: int = 200) -> list[Held]:
    """What is in quarantine, of one reason or of all, in the order in which it came."""
    return [Held(*row) for row in await db.fetch(_LIST.sql, *_LIST.bind(reason=reason, most=most))]


async def held_as(db: asyncpg.Connection, entry: str) -> list[Held]:
    """What is in quarantine under this name (kind/id or a digest), or under names that begin so."""
    found = [Held(*row) for row in await db.fetch(_SHOW.sql, *_SHOW.bind(like=entry))]
    return [each for each in found if each.entry == entry] or found


async def body_of(db: asyncpg.Connection, feed: str, entry: str) -> bytes:
    """The bytes of something in quarantine, as received. They may hold anything."""
    return bytes(await db.fetchval(_BODY.sql, *_BODY.bind(feed=feed, entry=entry)) or b"")
