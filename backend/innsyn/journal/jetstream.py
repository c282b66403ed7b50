"""One part of the journal's stream as a feed.

Where it is read from is our own position alone, which is committed with the rows. That a message is confirmed tells who
looks at the server how far we are, and nothing is lost by a confirmation that does not arrive.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final

import msgspec
import structlog
from nats.aio.client import Client
from nats.js.errors import NotFoundError

from innsyn.journal.port import Entry, Source, Unusable
from innsyn.journal.sequence import FeedUnavailable
from innsyn.journal.stream_connection import LOST
from innsyn.journal.stream_cursor import Cursor, Lost, Message, open_cursor
from innsyn.journal.stream_layout import (
    SOURCES_STREAM,
    SOURCES_SUBJECT,
    STREAM,
    end_of,
    entries_in,
    first_to_read,
    is_whole,
    message_at,
)

log = structlog.get_logger()

BATCH: Final = 500
_BATCH_BYTES: Final = 4 * 1024 * 1024
_ANSWER_SECONDS: Final = 2.0
# How long one waits for a message before looking whether the server still knows of it.
_WAIT_SECONDS: Final = 2.0

_decode_sources = msgspec.json.Decoder(list[Source]).decode

# Told (after, until): what lies between has been in the stream and is not any more.
Missed = Callable[[int, int], Awaitable[None]]
# The stream is an older one than was read last: what it says from its beginning on is to be read again.
WentBack = Callable[[], Awaitable[None]]


async def _only_logged(after: int, until: int) -> None:
    log.error("stream_gap", after=after, until=until)


async def _nothing() -> None:
    """The position is the caller's own."""


class JetStreamFeed:
    """What the part `part` of the stream holds. `missed` and `went_back` are called before what follows is given."""

    def __init__(
        self,
        name: str,
        client: Client,
        part: str,
        missed: Missed = _only_logged,
        went_back: WentBack = _nothing,
    ) -> None:
        self.name = name
        self._client, self._part = client, part
        self._missed, self._went_back = missed, went_back
        self._cursor: Cursor | None = None
        self._given = 0  # everything up to this position
        self._newest: int | None = None  # the newest message that was read; None: nobody can tell
        self._ready: list[Entry | Unusable] = []
        self._bytes = 0

    async def after(self, position: int) -> AsyncIterator[list[Entry | Unusable]]:
        """Batches of everything later than `position` that is here just now. Raises FeedUnavailable."""
        try:
            if self._cursor is None or position != self._given:
                await self._begin(position)
            while self._cursor is not None and await self._fill(self._cursor):
                batch, self._ready = self._ready[:BATCH], self._ready[BATCH:]
                self._given = batch[-1].position
                yield batch
        except Lost as lost:
            await self.close()
            raise FeedUnavailable(f"The stream cannot be read just now ({lost}).") from lost

    async def more(self) -> None:
        """Return when there is something later than what was given, or after a while. Raises FeedUnavailable."""
        if self._cursor is None or self._ready:
            return
        try:
            for message in await self._cursor.next(_WAIT_SECONDS):
                await self._take(message)
        except Lost as lost:
            await self.close()
            raise FeedUnavailable(f"The stream cannot be read just now ({lost}).") from lost

    @property
    def waits(self) -> bool:
        """Whether `more` waits for something to come; else it is the caller who has to look again."""
        return self._cursor is not None

    async def committed(self, position: int) -> None:
        """Everything up to `position` is committed. Raises FeedUnavailable."""
        if self._cursor is None:
            return
        whole = message_at(position) if is_whole(position) else message_at(position) - 1
        try:
            await self._cursor.confirm(whole)
        except Lost as lost:
            await self.close()
            raise FeedUnavailable(f"The stream cannot be read just now ({lost}).") from lost

    async def sources(self) -> list[Source]:
        """The services behind the journal, as they were told last. Raises FeedUnavailable."""
        try:
            stream = self._client.jetstream(timeout=_ANSWER_SECONDS)
            told = await stream.get_last_msg(SOURCES_STREAM, SOURCES_SUBJECT)
            return _decode_sources(told.data or b"[]")
        except NotFoundError:
            return []
        except (*LOST, msgspec.DecodeError) as failed:
            raise FeedUnavailable(
                f"The services cannot be read just now ({type(failed).__name__})."
            ) from failed

    async def close(self) -> None:
        """Nothing more is read for now."""
        cursor, self._cursor = self._cursor, None
        if cursor is not None:
            await cursor.close()

    async def _begin(self, position: int) -> None:
        await self.close()
        self._ready, self._bytes = [], 0
        position = await self._still_there(position)
        self._given = position
        # Of a message that is read a second time, the one before it is not known.
        self._newest = message_at(position) if is_whole(position) else None
        self._cursor = await open_cursor(self._client, self._part, first_to_read(position))

    async def _still_there(self, position: int) -> int:
        """The position to read from: the beginning, if the stream has never been as far as we have."""
        try:
            info = await self._client.jetstream(timeout=_ANSWER_SECONDS).stream_info(STREAM)
        except NotFoundError:
            return position
        except LOST as failed:
            raise Lost(type(failed).__name__) from failed
        if message_at(position) <= info.state.last_seq:
            return position
        await self._missed(end_of(info.state.last_seq), position)
        await self._went_back()
        return 0

    async def _fill(self, cursor: Cursor) -> bool:
        """Have a batch ready; False: there is nothing more just now."""
        while len(self._ready) < BATCH and self._bytes < _BATCH_BYTES:
            messages = await cursor.now()
            for message in messages:
                await self._take(message)
            if not messages:
                break
        self._bytes = 0
        return bool(self._ready)

    async def _take(self, message: Message) -> None:
        if None not in (message.before, self._newest) and message.before != self._newest:
            await self._missed(end_of(self._newest or 0), end_of(message.number - 1))
        self._newest = message.number
        self._bytes += len(message.body)
        found = entries_in(message.body, message.number)
        self._ready += [each for each in found if each.position > self._given]
