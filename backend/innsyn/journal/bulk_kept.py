"""How far a group has been exported: the `_since` of the next order, and whether anybody's older data is missing."""

import asyncpg
import msgspec
from sqlalchemy import bindparam, false, func, literal, select, true
from sqlalchemy.dialects.postgresql import insert

from innsyn.db.statements import Statement
from innsyn.journal.bulk_tables import export

_feed, _address, _since = (
    bindparam(name, type_=export.c[name].type) for name in ("feed", "address", "since")
)


class Kept(msgspec.Struct, frozen=True):
    """`since` is the last export's transactionTime, as told, or ''.

    `is_incomplete`: people were met whose older data was not here yet when it stopped. Who they were is not kept, so
    only an export of everything mends that.
    """

    since: str = ""
    is_incomplete: bool = False


_KEPT = Statement(
    select(export.c.since, export.c.is_incomplete).where(export.c.feed == _feed, export.c.address == _address)
)
_row = insert(export).values(feed=_feed, address=_address)
_INCOMPLETE = Statement(
    _row.values(since=literal(""), is_incomplete=true()).on_conflict_do_update(
        index_elements=["feed", "address"], set_={"is_incomplete": true()}
    )
)
_DONE = Statement(
    _row.values(since=_since, is_incomplete=false(), taken_at=func.now()).on_conflict_do_update(
        index_elements=["feed", "address"],
        set_={"since": _since, "is_incomplete": false(), "taken_at": func.now()},
    )
)


async def kept(db: asyncpg.Connection, feed: str, address: str) -> Kept:
    """What is known of the last export of this group."""
    row = await db.fetchrow(_KEPT.sql, *_KEPT.bind(feed=feed, address=address))
    return Kept(*row) if row else Kept()


async def is_incomplete(db: asyncpg.Connection, feed: str, address: str) -> None:
    """Somebody has been met whose older data is not here. Before anything of theirs is: a crash must not hide it."""
    await db.execute(_INCOMPLETE.sql, *_INCOMPLETE.bind(feed=feed, address=address))


async def is_done(db: asyncpg.Connection, feed: str, address: str, since: str) -> None:
    """All that the export held has been taken in, and so has what newcomers had before."""
    await db.execute(_DONE.sql, *_DONE.bind(feed=feed, address=address, since=since))
