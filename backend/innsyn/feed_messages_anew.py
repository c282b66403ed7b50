"""Messages, what is told of threads, and units, made anew from what has landed: by the intake that takes all in.

They stand outside the schema that a replay makes anew, beside what citizens have written. So they are taken in once
more where they stand, some at a time, and nobody who reads misses any: what a rule now makes of a resource takes the
place of what it made before, and what it makes nothing of is taken away.
"""

from typing import Final

import asyncpg

from innsyn.worker import REGISTRY, Intake

KINDS: Final = ("HealthcareService", "Communication", "Task")
_AT_ONCE: Final = 500
_FEEDS: Final = (
    "SELECT DISTINCT feed FROM journal.turn UNION SELECT DISTINCT feed FROM journal.position ORDER BY 1"
)
_NEXT: Final = """
    SELECT DISTINCT id FROM journal.resource WHERE feed = $1 AND kind = $2 AND id > $3 ORDER BY id LIMIT $4
"""


async def take_messages_anew(worker_dsn: str) -> int:
    """Returns how many resources were taken in once more. Safe to stop, and to call again."""
    db = await asyncpg.connect(worker_dsn, server_settings={"application_name": "innsyn-replay"})
    try:
        return sum([await _feed(db, row["feed"]) for row in await db.fetch(_FEEDS)])
    finally:
        await db.close(timeout=5)


async def _feed(db: asyncpg.Connection, feed: str) -> int:
    intake, count = Intake(db, feed, REGISTRY), 0
    for kind in KINDS:
        after = ""
        while ids := [row["id"] for row in await db.fetch(_NEXT, feed, kind, after, _AT_ONCE)]:
            await intake.take_again([(kind, id_) for id_ in ids])
            count, after = count + len(ids), ids[-1]
    return count
