"""From a feed into the stream: what makes many workers out of one line.

It remembers nothing: how far the journal is in the stream stands in the stream's newest message. Broken off within a
page, some of that page's entries are in the stream twice, which the intake does not mind; none is left out. Each
message is only taken in right behind the one that we believe to be the newest, so of two relays one is always refused,
and looks again.
"""

import asyncio
import contextlib
import time
from collections import defaultdict
from collections.abc import Sequence
from contextlib import aclosing
from typing import Final

import msgspec
import structlog
from nats.aio.client import Client
from nats.js.api import Header, StorageType, StreamConfig
from nats.js.errors import NotFoundError

from innsyn.journal.port import Entry, Feed, Source, Unusable
from innsyn.journal.reading_ahead import ahead
from innsyn.journal.sequence import FeedFailed
from innsyn.journal.stream_connection import LOST, connected
from innsyn.journal.stream_layout import (
    BEFORE,
    REACHED,
    SOURCES_STREAM,
    SOURCES_SUBJECT,
    STREAM,
    SUBJECTS,
    pieces_of,
    subject_of,
)
from innsyn.journal.stream_state import state_of

log = structlog.get_logger()

EVERY_SECONDS: Final = 0.1
_LONGEST_PAUSE_SECONDS: Final = 1.0
_SOURCES_EVERY_SECONDS: Final = 5.0
_ANSWER_SECONDS: Final = 2.0
_MOST_BYTES: Final = 8 * 1024**3
_MOST_BYTES_OF_SOURCES: Final = 4 * 1024**2
# A journal that answers with less than it had: one of its copies may be late, so it is asked for a while.
_MADE_ANEW_SECONDS: Final = 3.0

Batch = Sequence[Entry | Unusable]


class Refused(Exception):
    """Another relay has been here: what we believed of the stream is not so."""


class Stream:
    """The stream as the one who fills it sees it. `reached`: all of the journal up to this number is in it."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._stream = client.jetstream(timeout=_ANSWER_SECONDS)
        self.reached = 0
        self._newest = 0
        self._newest_of: dict[str, int] = defaultdict(int)

    async def open(self, copies: int) -> None:
        """Make it if it is not there, with so many copies, and see how far it is. Raises one of LOST."""
        await self._make(copies)
        state = await state_of(self._client)
        self.reached, self._newest = state.reached, state.last
        self._newest_of = defaultdict(int, state.newest)

    async def _make(self, copies: int) -> None:
        for_sources = StreamConfig(
            name=SOURCES_STREAM,
            subjects=[SOURCES_SUBJECT],
            storage=StorageType.FILE,
            num_replicas=copies,
            max_bytes=_MOST_BYTES_OF_SOURCES,
            max_msgs_per_subject=1,
        )
        for_entries = StreamConfig(
            name=STREAM,
            subjects=[SUBJECTS],
            storage=StorageType.FILE,
            num_replicas=copies,
            max_bytes=_MOST_BYTES,
            # Numbers that no stream of this name has had: a position in a lost one is never taken for one in this.
            first_seq=int(time.time() * 1000),
        )
        for config in (for_sources, for_entries):
            try:
                await self._stream.stream_info(str(config.name))
            except NotFoundError:
                log.info("stream_made", stream=config.name, copies=copies)
                await self._stream.add_stream(config)

    async def add(self, page: Batch) -> None:
        """Everything on the page, in order, kept when this returns.

        Raises Refused or one of LOST when it is not, or another relay was first.
        """
        for piece in pieces_of(page):
            headers = {
                Header.MSG_ID: f"{piece.first}-{piece.last}@{self._newest + 1}",
                Header.EXPECTED_LAST_SEQUENCE: str(self._newest),
                REACHED: str(piece.reached),
                BEFORE: str(self._newest_of[piece.part]),
            }
            # One after the other: if those behind one that was refused were on their way already, the first that finds
            # as many messages as it expects (another relay's) would be taken in, and speak for what is not there.
            kept = await self._stream.publish(
                subject_of(piece.part), piece.body, stream=STREAM, headers=headers
            )
            if kept.duplicate or kept.seq != self._newest + 1:
                raise Refused
            self._newest = self._newest_of[piece.part] = kept.seq
            self.reached = piece.reached

    async def tell(self, sources: Sequence[Source]) -> None:
        """Keep what the journal says of its services. Raises one of LOST."""
        await self._stream.publish(SOURCES_SUBJECT, msgspec.json.encode(sources), stream=SOURCES_STREAM)


async def relay(feed: Feed, addresses: str, stop: asyncio.Event, copies: int = 1) -> None:
    """Keep the stream in step with the feed until told to stop. Whatever fails is tried again, and the log says so.

    Raises TooSmall when the server cannot take in what a journal has.
    """
    pause = EVERY_SECONDS
    while not stop.is_set():
        try:
            async with connected(addresses, "innsyn-relay") as client:
                following = _Following(feed, client, copies, stop)
                while not stop.is_set():
                    await following.round()
                    pause = EVERY_SECONDS
                    await _wait(stop, EVERY_SECONDS)
        except (*LOST, FeedFailed, Refused) as failed:
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
            log.warning("relay_failed", error=type(failed).__name__, again_in_seconds=pause)
        await _wait(stop, pause)


class _Following:
    def __init__(self, feed: Feed, client: Client, copies: int, stop: asyncio.Event) -> None:
        self._feed, self._copies, self._stop = feed, copies, stop
        self._stream = Stream(client)
        self._is_open = False
        self._sources_at = self._less_since = float("-inf")

    async def round(self) -> None:
        if not self._is_open:
            await self._stream.open(self._copies)
            self._is_open = True
        self._is_open = False  # until it is seen that nothing went wrong
        async with aclosing(ahead(self._feed.after(self._stream.reached))) as pages:
            async for page in pages:
                await self._stream.add(page)
                if self._stop.is_set():
                    return
        self._is_open = True
        self._look_for_less()
        if time.monotonic() - self._sources_at > _SOURCES_EVERY_SECONDS:
            await self._stream.tell(await self._feed.sources())
            self._sources_at = time.monotonic()

    def _look_for_less(self) -> None:
        """A journal that has less than is in the stream counts anew. To read all of it again is harmless."""
        newest = getattr(self._feed, "newest", None)
        if newest is None or newest >= self._stream.reached:
            self._less_since = float("-inf")
        elif self._less_since == float("-inf"):
            self._less_since = time.monotonic()
        elif time.monotonic() - self._less_since > _MADE_ANEW_SECONDS:
            log.error("journal_made_anew", newest=newest, reached=self._stream.reached)
            self._stream.reached, self._less_since = 0, float("-inf")


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
