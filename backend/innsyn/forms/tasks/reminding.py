"""Reminders of forms that are not answered: when one is due is dated data, and each is due once."""

import asyncio
from datetime import datetime
from typing import Final

import asyncpg
import structlog

from innsyn.access.telling.queueing import remind_of_forms
from innsyn.db.pool import LOST
from innsyn.journal.effects import first_times, key_for

log = structlog.get_logger()

_EVERY_SECONDS: Final = 60.0
_AT_ONCE: Final = 500
# The newest moment that has come counts: who was away for a month is not reminded three times at once.
_DUE: Final = """
    WITH due AS (
        SELECT person_id, task_id, (SELECT max(at) FROM unnest(remind_at) at WHERE at <= $1) AS at
        FROM form.task WHERE remind_next <= $1 ORDER BY remind_next LIMIT $2 FOR UPDATE SKIP LOCKED
    )
    UPDATE form.task t
    SET reminded_at = due.at, remind_next = (SELECT min(at) FROM unnest(t.remind_at) at WHERE at > due.at)
    FROM due WHERE t.person_id = due.person_id AND t.task_id = due.task_id
    RETURNING t.person_id, t.task_id, t.reminded_at
"""


async def remind(db: asyncpg.Connection, now: datetime) -> int:
    """Mark what is to be reminded of now. Returns how many reminders became due for the first time."""
    async with db.transaction():
        rows = await db.fetch(_DUE, now, _AT_ONCE)
        due = {key_for("form.reminder", row["task_id"], row["reminded_at"].isoformat()): row for row in rows}
        # A task that was moved back is not told of again.
        new = await first_times(db, list(due)) if due else set()
        await remind_of_forms(db, [tuple(due[key]) for key in new])
        return len(new)


async def keep_reminding(db: asyncpg.Connection, stop: asyncio.Event) -> None:
    """Until told to stop. Raises one of LOST."""
    while not stop.is_set():
        try:
            # The database's clock: a permit and a deadline are compared with the same.
            while count := await remind(db, await db.fetchval("SELECT now()")):
                log.info("reminders_due", count=count)
        except LOST:
            raise
        except Exception:
            log.exception("reminders_failed", again_in_seconds=_EVERY_SECONDS)
        try:
            await asyncio.wait_for(stop.wait(), _EVERY_SECONDS)
        except TimeoutError:
            continue
