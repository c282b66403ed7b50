"""Whom and what everybody's entries point at is read before them, while there is much to read.

An entry that comes before what it points at is projected without it, and once more when it comes: that is right, and
most of the work twice.
"""

import asyncio
from contextlib import suppress
from typing import Final

import asyncpg
from nats.aio.client import Client
from nats.js.errors import NotFoundError

from innsyn.journal.stream_layout import DIRECTORY_PART, STREAM, end_of, subject_of

_ANSWER_SECONDS: Final = 2.0
_LOOK_SECONDS: Final = 0.05
# Whoever reads it may be slow, or nobody may: the others are not kept from theirs for long.
_STANDING_STILL_SECONDS: Final = 1.0
_POSITION: Final = "SELECT position FROM journal.position WHERE feed = $1 AND part = $2"


async def directory_read(db: asyncpg.Connection, turn: asyncio.Lock, client: Client, feed: str) -> None:
    """Return when what the stream holds of the directory now has been taken in, or nobody takes in any more of it.

    `turn` is held while `db` is asked. Raises what PostgreSQL says, and one of stream_connection.LOST.
    """
    wanted = await _newest(client)
    loop = asyncio.get_running_loop()
    reached, still_since = -1, loop.time()
    while reached < wanted and loop.time() - still_since < _STANDING_STILL_SECONDS:
        async with turn:
            position = await db.fetchval(_POSITION, feed, DIRECTORY_PART) or 0
        if position > reached:
            reached, still_since = position, loop.time()
        if reached < wanted:
            await asyncio.sleep(_LOOK_SECONDS)


async def _newest(client: Client) -> int:
    with suppress(NotFoundError):
        stream = client.jetstream(timeout=_ANSWER_SECONDS)
        newest = await stream.get_last_msg(STREAM, subject_of(DIRECTORY_PART))
        return end_of(newest.seq or 0)
    return 0
