"""The stream of one open page: it says that something has changed, never what."""

import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Final

import asyncpg
import structlog

from innsyn.access.live.changes import ACCESS, NEWS, Changes, Waiter
from innsyn.access.live.queries import StillOpen, still_open
from innsyn.db.pool import LOST

# Browsers open six connections to a host over HTTP/1.1; pages need some of them.
MOST_STREAMS: Final = 4
_HEARTBEAT: Final = 20.0  # seconds; proxies give up on what is silent for a minute
# A page that has gone without a word (a phone that lost its network) holds its place no longer than this.
_LONGEST: Final = 300.0
_SOON: Final = 0.05  # seconds; the database's clock may be a little behind
_AGAIN: Final = 1000  # milliseconds until the browser comes back

_log = structlog.get_logger()

_LOOK: Final = b"data: look\n\n"
_NEWS: Final = b"event: news\ndata: new\n\n"
_QUIET: Final = b":\n\n"


class Streams:
    """How many streams each session has in this process."""

    def __init__(self, changes: Changes) -> None:
        self.changes = changes
        self._of_session: Counter[bytes] = Counter()

    def has_room(self, token: bytes) -> bool:
        """Whether the session of this token may have another stream."""
        return not self.changes.stopping and self._of_session[token] < MOST_STREAMS

    async def follow(self, pool: asyncpg.Pool, token: bytes, handle: str | None) -> AsyncIterator[bytes]:
        """Server-sent events: `mark` first, `look` when the page shall ask how things are; over when they are over.

        `news` when something in the messages of the opened record has changed, which only who may read them hears.

        No connection to the database is held meanwhile, and nothing here counts as using the session.
        """
        self._of_session[token] += 1
        try:
            async for event in self._events(pool, token, handle):
                yield event
        except LOST as lost:
            # The browser comes back, and is told then how things are.
            _log.warning("access:live:not-looked-up", error=type(lost).__name__)
        finally:
            self._of_session[token] -= 1
            # Without what is zero: tokens of yesterday are not kept.
            self._of_session += Counter()

    async def _events(self, pool: asyncpg.Pool, token: bytes, handle: str | None) -> AsyncIterator[bytes]:
        said = self.changes.said
        here = await still_open(pool, token, handle)
        if here is None:
            yield _LOOK
            return
        with self.changes.waiting(here.person_id, here.news_of) as waiter:
            if said != self.changes.said:
                waiter.tell(ACCESS)
            yield f"retry: {_AGAIN}\nevent: mark\ndata: {here.mark}\n\n".encode()
            async for event in self._while_open(waiter, here, partial(still_open, pool, token, handle)):
                yield event

    async def _while_open(
        self, waiter: Waiter, here: StillOpen, look: Callable[[], Awaitable[StillOpen | None]]
    ) -> AsyncIterator[bytes]:
        now = time.monotonic()
        last, due = now + _LONGEST, now + here.unchanged_for
        while now < last:
            heard = await waiter.wait(min(_HEARTBEAT, max(due - now, _SOON)))
            now = time.monotonic()
            if self.changes.stopping:
                return
            if ACCESS not in heard and NEWS not in heard and now < due:
                yield _QUIET
                continue
            found = await look()
            if found is None:
                yield _LOOK
                return
            if found.news_of != here.news_of:
                # What this page may hear of is another thing now: the browser comes back and asks.
                return
            if NEWS in heard:
                yield _NEWS
            due = now + found.unchanged_for
