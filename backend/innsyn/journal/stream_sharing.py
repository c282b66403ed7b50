"""Who reads which part: locks of PostgreSQL that end with the connection of the worker that holds them.

Each worker looks now and then how many there are and which parts are free, takes no more than its share, and gives back
what it has beyond. That two read one part for a moment does no harm: each begins from what is committed.
"""

from math import ceil
from typing import Final

import asyncpg

from innsyn.journal.stream_layout import ALL_PARTS

# Two numbers of our own, so that nobody else's locks are met: one says "I am here", the other is a part.
_HERE: Final = 746_301
_PART: Final = 746_302
_COME: Final = f"SELECT pg_advisory_lock_shared({_HERE}, pg_backend_pid())"
_LOOK: Final = f"""
    SELECT classid::bigint AS what, objid::bigint AS which, pid = pg_backend_pid() AS mine
      FROM pg_locks
     WHERE locktype = 'advisory' AND objsubid = 2 AND granted AND classid IN ({_HERE}, {_PART})
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""  # noqa: S608 - numbers of our own
_TAKE: Final = f"SELECT pg_try_advisory_lock({_PART}, $1::int)"
_GIVE: Final = f"SELECT pg_advisory_unlock({_PART}, $1::int)"


class Sharing:
    """One worker's part in it, for as long as its connection lives."""

    def __init__(self, db: asyncpg.Connection) -> None:
        self._db = db
        self._has_come = False
        self.held: set[str] = set()

    async def surplus(self) -> set[str]:
        """Look who is here, and take what is free of our share. Returns the parts to `give` back, when they are done.

        Raises what PostgreSQL says.
        """
        if not self._has_come:
            await self._db.execute(_COME)
            self._has_come = True
        found = await self._db.fetch(_LOOK)
        workers = sum(row["what"] == _HERE for row in found)
        taken = {str(row["which"]) for row in found if row["what"] == _PART}
        share = ceil(len(ALL_PARTS) / max(1, workers))
        for part in ALL_PARTS:
            if len(self.held) < share and part not in taken and await self._db.fetchval(_TAKE, int(part)):
                self.held.add(part)
        return set(sorted(self.held, key=int)[share:])

    async def give(self, part: str) -> None:
        """Let somebody else have it."""
        self.held.discard(part)
        await self._db.execute(_GIVE, int(part))
