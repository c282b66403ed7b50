"""Stretches of a feed that are known not to have come: told to those who read, until they have been closed."""

from datetime import datetime

import asyncpg
import msgspec
from sqlalchemy import bindparam, case, func, null, select, update
from sqlalchemy.dialects.postgresql import insert

from innsyn.db.statements import Statement
from innsyn.journal.tables import gap


class Gap(msgspec.Struct, frozen=True):
    """Everything later than `after`, up to and including `until`. `source` is '' where nobody can tell whose it is."""

    feed: str
    part: str
    after: int
    until: int
    source: str
    noticed_at: datetime


_feed, _part, _after, _until, _source = (
    bindparam(name, type_=gap.c[name].type)
    for name in ("feed", "part", "after_position", "until_position", "source")
)
_noticed = insert(gap).values(
    feed=_feed,
    part=_part,
    after_position=_after,
    until_position=_until,
    source=_source,
    noticed_at=func.now(),
)
_NOTICE = Statement(
    _noticed.on_conflict_do_update(
        index_elements=["feed", "part", "after_position"],
        set_={
            "until_position": func.greatest(gap.c.until_position, _noticed.excluded.until_position),
            # Two services' entries are missing here, or nobody can tell whose.
            "source": case((gap.c.source == _noticed.excluded.source, gap.c.source), else_=""),
            # It has been open since it was noticed first, or again after it had been closed.
            "noticed_at": case((gap.c.closed_at.is_(None), gap.c.noticed_at), else_=func.now()),
            "closed_at": null(),
        },
    )
)
_open = gap.c.closed_at.is_(None)
_within = (gap.c.part == _part, gap.c.after_position >= _after, gap.c.until_position <= _until)
_before = bindparam("before", type_=gap.c.noticed_at.type)


def _closing(*which: object) -> Statement:
    return Statement(
        update(gap)
        .where(gap.c.feed == _feed, _open, *which)  # type: ignore[arg-type]
        .values(closed_at=func.now())
        .returning(gap.c.part)
    )


_CLOSE = _closing(*_within)
_CLOSE_NOTICED = _closing(gap.c.noticed_at <= _before)
_OPEN = Statement(
    select(
        gap.c.feed,
        gap.c.part,
        gap.c.after_position,
        gap.c.until_position,
        gap.c.source,
        gap.c.noticed_at,
    )
    .where(_open)
    .order_by(gap.c.noticed_at, gap.c.feed, gap.c.part)
)


async def notice(
    db: asyncpg.Connection, feed: str, part: str, after: int, until: int, source: str = ""
) -> None:
    """What is later than `after`, up to and including `until`, has not come and will not by itself."""
    await db.execute(
        _NOTICE.sql,
        *_NOTICE.bind(feed=feed, part=part, after_position=after, until_position=until, source=source),
    )


async def close(db: asyncpg.Connection, feed: str, part: str, after: int, until: int) -> int:
    """All of this stretch is here now. Returns how many gaps that closed."""
    bound = _CLOSE.bind(feed=feed, part=part, after_position=after, until_position=until)
    return len(await db.fetch(_CLOSE.sql, *bound))


async def close_noticed(db: asyncpg.Connection, feed: str, before: datetime) -> int:
    """All that the source had at `before` is here now, so what was noticed until then is closed. Returns how many."""
    return len(await db.fetch(_CLOSE_NOTICED.sql, *_CLOSE_NOTICED.bind(feed=feed, before=before)))


async def known(db: asyncpg.Connection) -> list[Gap]:
    """Those that are open, the oldest first."""
    return [Gap(*row) for row in await db.fetch(_OPEN.sql, *_OPEN.bind())]
