"""Following the stream: this worker's share of the parts, each read by a task of its own.

The parts take turns at two connections: while PostgreSQL does the one batch, the next is made ready. Who has which part
is settled over a third, so that a long batch keeps nobody waiting for a part.
"""

import asyncio
from collections.abc import Awaitable, Iterable, Sequence
from contextlib import AsyncExitStack, aclosing
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final, TypeVar

import asyncpg
import structlog
from nats.aio.client import Client

from innsyn.access.book.rule import Book
from innsyn.access.relations.taking import Taking
from innsyn.db.pool import LOST as DATABASE_LOST
from innsyn.journal import freshness, gaps, stream_positions
from innsyn.journal.jetstream import JetStreamFeed
from innsyn.journal.reading_ahead import ahead
from innsyn.journal.sequence import FeedFailed
from innsyn.journal.stream_connection import LOST as STREAM_LOST
from innsyn.journal.stream_connection import connected
from innsyn.journal.stream_directory import directory_read
from innsyn.journal.stream_layout import ALL_PARTS, DIRECTORY_PART
from innsyn.journal.stream_sharing import Sharing
from innsyn.measures import FEED_FAILURES
from innsyn.work_lasting import database, next_pause, wait
from innsyn.worker import FEED, REGISTRY, Intake, Tally, apply_book, log_read

log = structlog.get_logger()
T = TypeVar("T")

_LANES: Final = 2
_SHARE_EVERY_SECONDS: Final = 0.5
_SOURCES_EVERY_SECONDS: Final = 5.0
_AGAIN_SECONDS: Final = 0.2
_LONGEST_PAUSE_SECONDS: Final = 30.0
# Told to stop, the batch in hand is finished: that is what the one who stops us waits for.
_BATCH_IN_HAND_SECONDS: Final = 3.5


async def work_parts(dsn: str, addresses: str, stop: asyncio.Event, book: Book) -> None:
    """Follow a share of the stream until told to stop, over new connections when one is lost.

    Raises TooSmall when the stream cannot hold what a journal has.
    """
    pause, loop, is_new = _AGAIN_SECONDS, asyncio.get_running_loop(), True
    while not stop.is_set():
        began = loop.time()
        try:
            async with AsyncExitStack() as open_:
                client = await open_.enter_async_context(connected(addresses, "innsyn-worker"))
                aside = await open_.enter_async_context(database(dsn))
                lanes = [await open_.enter_async_context(database(dsn)) for _ in range(_LANES)]
                if is_new:
                    await apply_book(aside, book)
                    is_new = False
                await _Parts([_Lane(db, book) for db in lanes], aside, client).follow(stop)
        except (*DATABASE_LOST, *STREAM_LOST) as failed:
            pause = next_pause(pause, loop.time() - began)
            FEED_FAILURES.inc()
            log.warning("stream_lost", error=type(failed).__name__, again_in_seconds=pause)
        if not stop.is_set():
            await wait(stop, pause)


class _Lane:
    """A connection, whose parts take turns: what one of them has looked up, the others know."""

    def __init__(self, db: asyncpg.Connection, book: Book) -> None:
        self.intake = Intake(db, FEED, REGISTRY, relations_by=Taking(book))
        self.turn = asyncio.Lock()


class _Parts:
    def __init__(self, lanes: Sequence[_Lane], aside: asyncpg.Connection, client: Client) -> None:
        self._lanes, self._aside, self._client = lanes, aside, client
        self._aside_turn = asyncio.Lock()
        self._sharing = Sharing(aside)
        self._tasks: dict[str, asyncio.Task[None]] = {}
        # To cancel is not enough: what waits with a limit can overhear it, when what it waits for comes just then.
        self._leaving: set[str] = set()

    async def follow(self, stop: asyncio.Event) -> None:
        """Until told to stop. Raises one of LOST of either, or what is a defect."""
        stopped = asyncio.ensure_future(stop.wait())
        telling = asyncio.ensure_future(self._tell_sources())
        self._directory = asyncio.ensure_future(
            directory_read(self._aside, self._aside_turn, self._client, FEED)
        )
        # A part that waits for it hears how it ended; there may be none.
        self._directory.add_done_callback(lambda read: read.cancelled() or read.exception())
        try:
            while not stop.is_set():
                await self._share()
                others = (stopped, telling, *self._tasks.values())
                done, _ = await asyncio.wait(
                    others, timeout=_SHARE_EVERY_SECONDS, return_when=asyncio.FIRST_COMPLETED
                )
                for each in done - {stopped}:
                    if each.cancelled():
                        raise ConnectionError("a part ended, and nobody had told it to")
                    each.result()
        finally:
            self._leaving |= set(ALL_PARTS)
            await _end((stopped, telling, self._directory, *self._tasks.values()))

    async def _share(self) -> None:
        async with self._aside_turn:
            surplus = await self._sharing.surplus()
        for part in self._sharing.held - surplus - self._tasks.keys():
            self._tasks[part] = asyncio.create_task(self._part(part), name=f"part {part}")
        self._leaving |= surplus
        await _end([self._tasks.pop(part) for part in surplus if part in self._tasks])
        for part in surplus:
            async with self._aside_turn:
                await self._sharing.give(part)
        self._leaving -= surplus

    async def _part(self, part: str) -> None:
        feed = JetStreamFeed(
            FEED, self._client, part, partial(self._missed, part), partial(self._went_back, part)
        )
        lane = self._lanes[int(part) % len(self._lanes)]
        intake = lane.intake.of_part(part)
        pause = _AGAIN_SECONDS
        try:
            while part not in self._leaving:
                try:
                    if part != DIRECTORY_PART:
                        await asyncio.shield(self._directory)
                    await self._read(feed, intake, lane.turn, part)
                    pause = _AGAIN_SECONDS
                except FeedFailed as failed:
                    log.warning("part_waits", part=part, reason=str(failed))
                except (*DATABASE_LOST, *STREAM_LOST):
                    raise
                except Exception:
                    # Of one part alone: the others go on.
                    FEED_FAILURES.inc()
                    log.exception("feed_failed", feed=FEED, part=part, again_in_seconds=pause)
                    pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
                if self._client.is_closed:
                    raise ConnectionError("the line to the stream is closed")
                await asyncio.sleep(pause)
        finally:
            await feed.close()

    async def _read(self, feed: JetStreamFeed, intake: Intake, turn: asyncio.Lock, part: str) -> None:
        """From what is committed on, for as long as there is a stream. Raises what fails."""
        async with turn:
            position = await intake.position()
        while part not in self._leaving:
            total, began = Tally(), datetime.now(UTC)
            async with aclosing(ahead(feed.after(position))) as batches:
                async for batch in batches:
                    async with turn:
                        total.add(await _whole(intake.take(batch)))
                    position = batch[-1].position
                    await feed.committed(position)
                    if part in self._leaving:
                        return
            log_read(FEED, total, began)
            if not feed.waits:
                return
            await feed.more()

    async def _missed(self, part: str, after: int, until: int) -> None:
        log.error("stream_gap", part=part, after=after, until=until)
        async with self._aside_turn:
            await gaps.notice(self._aside, FEED, part, after, until)

    async def _went_back(self, part: str) -> None:
        log.error("stream_went_back", part=part)
        async with self._aside_turn:
            await stream_positions.go_back(self._aside, FEED, part)

    async def _tell_sources(self) -> None:
        feed = JetStreamFeed(FEED, self._client, ALL_PARTS[0])
        while not self._leaving.issuperset(ALL_PARTS):
            sources = []
            try:
                sources = await feed.sources()
                async with self._aside_turn:
                    await freshness.told(self._aside, sources)
            except FeedFailed as failed:
                log.warning("sources_wait", reason=str(failed))
            await asyncio.sleep(_SOURCES_EVERY_SECONDS if sources else _SHARE_EVERY_SECONDS)


async def _whole(work: Awaitable[T]) -> T:
    """What has been begun is finished, also when one is told to leave meanwhile."""
    working = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(working)
    except asyncio.CancelledError:
        await asyncio.wait([working], timeout=_BATCH_IN_HAND_SECONDS)
        await _end([working])
        raise


async def _end(tasks: Iterable[asyncio.Future[Any]]) -> None:
    """Wait for them; those that have not heard it by then are told again."""
    left = set(tasks)
    while left:
        for each in left:
            each.cancel()
        _, left = await asyncio.wait(left, timeout=2 * _BATCH_IN_HAND_SECONDS)
