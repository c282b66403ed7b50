"""Several workers on one feed: none misses what another one lands at the same time.

A batch reads what is there, works, and takes its turn at the very end: from then on until it has committed no other
batch of the feed can. What has come since it began, and would have changed its answer, is looked for then; if there is
any, the batch is taken in anew, alone. So the batches have the effect that they would have had one after the other.
"""

from collections.abc import Collection, Iterable
from typing import Final, NamedTuple

import asyncpg
from sqlalchemy import bindparam, func, literal_column, select, true
from sqlalchemy.dialects.postgresql import ARRAY, array, insert

from innsyn.db.statements import Statement
from innsyn.journal import landing
from innsyn.journal.lookup import key_of
from innsyn.journal.tables import resource, turn

_RECENT: Final = 64


class Turn(NamedTuple):
    """How many batches of the feed there were, and how often what is remembered between batches had changed."""

    number: int
    changes: int


class Overtaken(Exception):
    """Another worker has landed something that this batch should have seen. It is taken in anew, alone."""


_feed = bindparam("feed", type_=turn.c.feed.type)
_gate = func.hashtextextended(_feed, literal_column("7461"))
_number = func.nextval(literal_column("'journal.landing'::regclass"))
_now = select(turn.c.turn, turn.c.changes).where(turn.c.feed == _feed).subquery("now")
_BEGIN = Statement(
    select(_number.label("number"), _now.c.turn, _now.c.changes).select_from(
        select(literal_column("1")).subquery("one").outerjoin(_now, true())
    )
)
_AMONG_OTHERS = Statement(select(func.pg_advisory_xact_lock_shared(_gate)))
_ALONE = Statement(select(func.pg_advisory_xact_lock(_gate)))
_changed = bindparam("changed", type_=turn.c.changes.type)
_mine = bindparam("landing", type_=resource.c.landing.type)
_take = insert(turn).values(
    feed=_feed,
    turn=literal_column("1"),
    changes=_changed,
    recent=array([_mine], type_=resource.c.landing.type),
)
_TAKE = Statement(
    _take.on_conflict_do_update(
        index_elements=["feed"],
        set_={
            "turn": turn.c.turn + literal_column("1"),
            "changes": turn.c.changes + _changed,
            "recent": func.trim_array(
                func.array_prepend(_mine, turn.c.recent),
                func.greatest(func.cardinality(turn.c.recent) - literal_column(str(_RECENT - 1)), 0),
            ),
        },
    ).returning(turn.c.turn, turn.c.changes, turn.c.recent)
)
_LANDED = Statement(
    select(
        select(literal_column("1"))
        .where(
            resource.c.feed == _feed,
            resource.c.landing == func.any(bindparam("others", type_=ARRAY(resource.c.landing.type))),
            resource.c.kind.op("||")(literal_column("'/'")).op("||")(resource.c.id)
            == func.any(bindparam("names", type_=ARRAY(resource.c.id.type))),
        )
        .exists()
    )
)


async def begin(db: asyncpg.Connection, feed: str, *, alone: bool) -> tuple[int, Turn]:
    """Wait until a batch may be taken in, beside others or `alone`: the number of its landing, and whose turn it is.

    What is landed alone has its number in the order in which it became visible to others.
    """
    gate = _ALONE if alone else _AMONG_OTHERS
    await db.execute(gate.sql, *gate.bind(feed=feed))
    # Not in the same statement: what it reads is what was there before it waited.
    row = await db.fetchrow(_BEGIN.sql, *_BEGIN.bind(feed=feed))
    return int(row["number"]), Turn(row["turn"] or 0, row["changes"] or 0)


async def take(
    db: asyncpg.Connection,
    feed: str,
    began: Turn,
    landed_as: int,
    *,
    changed: bool,
    read: Iterable[str],
    come: Collection[str],
    waited_for: Collection[str],
) -> Turn:
    """Take the turn, until the transaction ends. Raises Overtaken if since `began` others have landed what matters.

    `changed`: this batch changes what others remember. `read` are the names of the batch's own resources, `come` all
    names under which they may be waited for, `waited_for` the names that they wait for themselves.
    """
    row = await db.fetchrow(_TAKE.sql, *_TAKE.bind(feed=feed, changed=int(changed), landing=landed_as))
    mine = Turn(row["turn"], row["changes"])
    others = mine.number - began.number - 1
    if others:
        if others >= _RECENT or mine.changes != began.changes + changed:
            raise Overtaken
        known = {name for name in waited_for if key_of(name) is not None}
        names = sorted({*read, *known})
        landed = row["recent"][1 : 1 + others]
        if await db.fetchval(_LANDED.sql, *_LANDED.bind(feed=feed, others=landed, names=names)):
            raise Overtaken
        aliases = set(waited_for) - known
        if aliases and await landing.keys_of(db, feed, aliases):
            raise Overtaken
        if await landing.come(db, feed, come):
            raise Overtaken
    return mine
