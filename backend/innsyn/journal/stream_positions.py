"""A stream that is older than what was read of it: then a position goes back, and nothing else ever makes it."""

from typing import Final

import asyncpg

_GO_BACK: Final = "UPDATE journal.position SET position = 0 WHERE feed = $1 AND part = $2"


async def go_back(db: asyncpg.Connection, feed: str, part: str) -> None:
    """Read this part from its beginning. What is known already stays as it is."""
    await db.execute(_GO_BACK, feed, part)
