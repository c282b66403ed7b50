"""Comparing what has landed with what its source says that it has, and fetching what differs.

The source gives a list of the newest version of everything; PostgreSQL compares, so that a million resources are no
matter of memory. What differs is fetched and taken in as if it had come by the feed.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from datetime import datetime

import asyncpg
import msgspec

from innsyn.db.batches import arrays
from innsyn.db.statements import Statement
from innsyn.journal import gaps
from innsyn.journal import reconcile_statements as sql
from innsyn.journal.port import Entry, Unusable
from innsyn.journal.reconcile_healing import Rotten, heal, rotten_in
from innsyn.journal.reconcile_port import (
    FAULTS,
    AlreadyComparing,
    Difference,
    Reconciled,
    Told,
    Versions,
    Wanted,
    Wish,
)

_AT_ONCE = 20_000
_BATCH = 500
_FEWEST_EXTRA, _EXTRA_SHARE = 100, 0.01

Counts = dict[tuple[str, str], int]  # (kind, difference) -> how many
Take = Callable[[Sequence[Entry | Unusable]], Awaitable[object]]


async def reconcile(
    db: asyncpg.Connection, feed: str, versions: Versions, wish: Wish, take: Take
) -> Reconciled:
    """Compare a feed with its source and, if wished, repair it. Raises a FeedFailed, or AlreadyComparing."""
    async with _alone(db, feed):
        return await _Reconciling(db, feed, versions, wish, take).run()


@asynccontextmanager
async def _alone(db: asyncpg.Connection, feed: str) -> AsyncIterator[None]:
    if not await db.fetchval(sql.LOCK.sql, *sql.LOCK.bind(feed=feed)):
        raise AlreadyComparing(f"{feed} is being compared already.")
    try:
        yield
    finally:
        if not db.is_closed():
            await db.execute(sql.UNLOCK.sql, *sql.UNLOCK.bind(feed=feed))


class _Reconciling:
    def __init__(self, db: asyncpg.Connection, feed: str, versions: Versions, wish: Wish, take: Take) -> None:
        self._db, self._feed, self._versions, self._wish, self._take = db, feed, versions, wish, take
        self._upto: int | None = None
        self._streamed = False

    async def run(self) -> Reconciled:
        told = await self._note()
        self._streamed = not self._wish.take_back and bool(await self._fetchval(sql.STREAMED))
        renumbered = await self._find_out_how_far()
        is_behind = await self._is_behind()
        before = await self._compare()
        rotten = await rotten_in(self._db, self._feed, _AT_ONCE)
        unhealed, kept, after = len(rotten), 0, before
        if self._wish.repair:
            unhealed -= await self._heal(rotten)
            few = _number(before, Difference.EXTRA) <= max(_FEWEST_EXTRA, told * _EXTRA_SHARE)
            believed = self._versions.tells_all and few and not is_behind
            kept = await self._repair(takes_back=believed or self._wish.take_back)
            after = await self._compare() if _faults(before) else before
        agrees = self._wish.repair and not _faults(after) and not unhealed
        is_sure = not is_behind and not (self._streamed and _number(after, Difference.LATER))
        return Reconciled(
            feed=self._feed,
            told=told,
            landed=await self._fetchval(sql.HERE) or 0,
            kinds=_by_kind(before),
            left=_faults(after),
            rotten=len(rotten),
            unhealed=unhealed,
            kept=kept,
            is_behind=is_behind,
            gaps_closed=await self._close_gaps() if agrees and is_sure else 0,
            renumbered=renumbered and agrees and await self._renumber(),
        )

    @property
    def _settled(self) -> datetime:
        return self._wish.now - self._wish.settled_after

    async def _note(self) -> int:
        """Keep the source's list where it can be compared. Returns how long it is."""
        await self._execute(sql.FORGET)
        number = 0
        async with aclosing(self._versions.told()) as batches:
            async for batch in batches:
                rows = [_row(number + place, each) for place, each in enumerate(batch, 1)]
                await self._execute(sql.NOTE, **arrays(sql.TOLD, rows))
                number += len(batch)
        return number

    async def _find_out_how_far(self) -> bool:
        """Returns whether the source has fewer entries than have been read: then it has begun to count anew."""
        read, last = await self._fetchval(sql.POSITION), self._versions.last
        if read is None or last is None:
            return False
        self._upto = read if read <= last else None
        return bool(read > last)

    async def _is_behind(self) -> bool:
        """Returns whether there are later things here than any that the source tells of; with no list, all are."""
        bound = sql.NEWEST.bind(feed=self._feed, settled=self._settled, now=self._wish.now)
        newest = await self._db.fetchrow(sql.NEWEST.sql, *bound)
        told, landed = newest["told"], newest["landed"]
        return landed is not None and (told is None or bool(landed > told))

    async def _close_gaps(self) -> int:
        """What was noticed lately can be about something that was too new to be compared."""
        return await gaps.close_noticed(self._db, self._feed, self._settled)

    async def _compare(self) -> Counts:
        settled = self._settled
        async with self._db.transaction():
            for statement in sql.BEGIN_ANEW:
                await self._execute(statement)
            await self._execute(sql.COMPARE, settled=settled, upto=self._upto, streamed=self._streamed)
            await self._execute(sql.EXTRA, settled=settled)
            rows = await self._db.fetch(sql.COUNT.sql, *sql.COUNT.bind(feed=self._feed))
        return {(kind, difference): number for kind, difference, number in rows}

    async def _heal(self, rotten: Rotten) -> int:
        return await heal(self._db, self._feed, self._versions, rotten) if rotten else 0

    async def _repair(self, *, takes_back: bool) -> int:
        """Fetch and take in what differs. Returns how many were left alone, since that would take something back."""
        after, kept = 0, 0
        while rows := await self._db.fetch(
            sql.NEXT.sql, *sql.NEXT.bind(feed=self._feed, after=after, most=_AT_ONCE)
        ):
            after = rows[-1]["number"]
            found = [_wanted(row) for row in rows]
            wanted = [each for each in found if takes_back or not _goes_back(each)]
            kept += len(found) - len(wanted)
            gone = [_gone(each, self._wish.now) for each in wanted if each.difference is Difference.EXTRA]
            for start in range(0, len(gone), _BATCH):
                await self._take(gone[start : start + _BATCH])
            await self._fetch([each for each in wanted if each.difference is not Difference.EXTRA])
        return kept

    async def _fetch(self, wanted: list[Wanted]) -> None:
        if not wanted:
            return
        by_key = {(each.kind, each.id): each for each in wanted}
        async with aclosing(self._versions.entries(wanted)) as batches:
            async for batch in batches:
                await self._take([_as_correction(each, by_key.get((each.kind, each.id))) for each in batch])

    async def _renumber(self) -> bool:
        last = self._versions.last
        bound = sql.RENUMBER.bind(feed=self._feed, after=last)
        return last is not None and bool(await self._db.fetch(sql.RENUMBER.sql, *bound))

    async def _execute(self, statement: Statement, **values: object) -> None:
        await self._db.execute(statement.sql, *statement.bind(feed=self._feed, **values))

    async def _fetchval(self, statement: Statement) -> int | None:
        found: int | None = await self._db.fetchval(statement.sql, *statement.bind(feed=self._feed))
        return found


def _row(number: int, told: Told) -> tuple[object, ...]:
    return (
        number,
        told.kind,
        told.id,
        told.source,
        told.version,
        told.digest,
        told.is_gone,
        told.position,
        told.recorded,
    )


def _wanted(row: asyncpg.Record) -> Wanted:
    return Wanted(
        kind=row["kind"],
        id=row["id"],
        position=row["position"],
        source=row["source"],
        difference=Difference(row["difference"]),
        version=row["version"],
        landed_version=row["landed_version"],
    )


def _goes_back(wanted: Wanted) -> bool:
    """Would something that is here be here no more?"""
    if wanted.difference is not Difference.OTHER:
        return wanted.difference is Difference.EXTRA
    return wanted.version is not None and wanted.version < (wanted.landed_version or 0)


def _gone(extra: Wanted, now: datetime) -> Entry:
    return Entry(
        position=extra.position,
        source=extra.source,
        kind=extra.kind,
        id=extra.id,
        resource=None,
        version=(extra.landed_version or 0) + 1,
        source_version=0,
        recorded=now,
    )


def _as_correction(found: Entry | Unusable, wanted: Wanted | None) -> Entry | Unusable:
    """Its source may count less far than we have: what it says now is what counts, so it becomes the next version."""
    if wanted is None or wanted.landed_version is None or not isinstance(found, Entry):
        return found
    # An export's entries have no number: then it is that of its list.
    own = found.version or wanted.version
    return msgspec.structs.replace(
        found, version=max(own or 0, wanted.landed_version + 1), source_version=own
    )


def _faults(counts: Counts) -> int:
    return sum(number for (_, difference), number in counts.items() if difference in FAULTS)


def _number(counts: Counts, difference: Difference) -> int:
    return sum(number for (_, each), number in counts.items() if each == difference)


def _by_kind(counts: Counts) -> dict[str, dict[str, int]]:
    kinds: dict[str, dict[str, int]] = {}
    for (kind, difference), number in sorted(counts.items()):
        kinds.setdefault(kind, {})[difference] = number
    return kinds
