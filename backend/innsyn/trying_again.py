"""What is in quarantine goes through intake again: when an operator says so, and by itself where it may have healed."""

import asyncio
from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from itertools import groupby
from typing import Final

import asyncpg
import msgspec
import structlog

from innsyn.access.book.rule import Book
from innsyn.access.relations.taking import Taking
from innsyn.db.pool import LOST
from innsyn.journal import quarantine, quarantine_tries
from innsyn.journal.lookup import Key
from innsyn.journal.port import Entry
from innsyn.journal.quarantine_tries import Kept, Left
from innsyn.measures import QUARANTINE_TRIES
from innsyn.records.rereading import entries_of
from innsyn.worker import REGISTRY, Intake

log = structlog.get_logger()

EVERY_SECONDS: Final = 60.0
_AT_ONCE: Final = 100
_MOST_A_ROUND: Final = 500
# Of several workers one tries: a session's lock, so that it is free when that one is gone.
_LOCK: Final = "SELECT pg_try_advisory_lock(hashtextextended('journal.quarantine', 7461))"


class Tried(msgspec.Struct, frozen=True):
    """What became of an entry: `used` (it left quarantine), or why it is there still."""

    feed: str
    entry: str
    used: bool
    reason: str = ""
    explanation: str = ""
    tries: int = 0


async def try_again(db: asyncpg.Connection, kept: Sequence[Kept], book: Book) -> list[Tried]:
    """Take these in again, and tell what became of each, in their order. Moves no position."""
    left: dict[tuple[str, str], Left] = {}
    for feed, of_feed in groupby(kept, key=lambda each: each.feed):
        entries = list(of_feed)
        intake = Intake(db, feed, REGISTRY, relations_by=Taking(book), part=entries[0].part)
        for start in range(0, len(entries), _AT_ONCE):
            some = entries[start : start + _AT_ONCE]
            await _take(db, intake, some)
            left |= {(each.feed, each.entry): each for each in await quarantine_tries.count(db, some)}
    told = [_tried(each, left.get((each.feed, each.entry))) for each in kept]
    for outcome in (True, False):
        QUARANTINE_TRIES.labels("used" if outcome else "kept").inc(sum(each.used is outcome for each in told))
    return told


async def _take(db: asyncpg.Connection, intake: Intake, kept: Sequence[Kept]) -> None:
    keys = {(each.kind, each.id) for each in kept if each.has_landed}
    if not await _taken(db, intake, keys):
        for key in keys:
            await _taken(db, intake, {key})
    for each in kept:
        entries = [] if each.has_landed else entries_of(each, datetime.now(UTC))
        if entries and await _taken(db, intake, (), entries) and not each.kind:
            # It was known by its bytes; what could be read in them is known by its own name from now on.
            await quarantine.free(db, each.feed, [(each.entry, each.position)])


async def _taken(
    db: asyncpg.Connection, intake: Intake, keys: Collection[Key], entries: Sequence[Entry] = ()
) -> bool:
    """False where PostgreSQL will not have it: then it stays where it is. Raises what a lost connection raises."""
    try:
        await intake.take_again(keys, entries)
    except asyncpg.PostgresError as refused:
        if db.is_closed():
            raise
        log.warning("quarantine_refused", error=type(refused).__name__, entries=len(keys) + len(entries))
        return False
    return True


def _tried(kept: Kept, left: Left | None) -> Tried:
    if left is None:
        return Tried(kept.feed, kept.entry, used=True)
    return Tried(
        kept.feed,
        kept.entry,
        used=False,
        reason=left.reason,
        explanation=left.explanation,
        tries=left.tries,
    )


async def keep_trying(db: asyncpg.Connection, stop: asyncio.Event, book: Book) -> None:
    """Try what may have healed by itself, ever more seldom and at most five times, until told to stop.

    Raises one of LOST. Of several workers one does it; another takes over when that one is gone.
    """
    has_lock = False
    while not stop.is_set():
        has_lock = has_lock or bool(await db.fetchval(_LOCK))
        if has_lock:
            await _round(db, book)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), EVERY_SECONDS)


async def _round(db: asyncpg.Connection, book: Book) -> None:
    kept = await quarantine_tries.due(db, _MOST_A_ROUND)
    try:
        tried = await try_again(db, kept, book) if kept else []
    except LOST:
        raise
    except Exception:
        # A defect of ours in what is set aside anyway must not stop what is read.
        log.exception("quarantine_not_tried", entries=len(kept))
        await quarantine_tries.count(db, kept)
        return
    if tried:
        used = sum(each.used for each in tried)
        log.info("quarantine_tried", used=used, kept=len(tried) - used)
