"""How long a unit takes to answer: counted from what citizens wrote first, where enough have been answered.

The wait is by the calendar and not by opening hours: it is what whoever writes on a Friday has to wait. Those who still
wait, or whose thread was closed without an answer, count for as long as they have waited (Kaplan and Meier, 1958): by
the answers alone, a unit that leaves half of them lying would look as quick as one that answers all.
"""

import asyncio
from datetime import datetime, timedelta
from typing import Final

import asyncpg
import structlog

from innsyn.db.pool import LOST

log = structlog.get_logger()

# Fewer tell nothing of the next one, and too much of each.
FEWEST_ANSWERED: Final = 10
FEWEST_PEOPLE: Final = 5
OF_THE_LAST: Final = timedelta(days=90)
_AGAIN: Final = timedelta(hours=1)
_LOOK_SECONDS: Final = 60.0
# Whoever counts at the same moment leaves it to the first.
_ALONE: Final = "SELECT pg_try_advisory_xact_lock(7462)"
_COUNTED: Final = "SELECT max(counted_at) FROM message.reply_time"
_COUNT: Final = """
    WITH waited AS (
        SELECT t.unit_id, t.kind, t.person_id, t.answered_at IS NOT NULL AS answered,
            extract(epoch FROM coalesce(t.answered_at, t.closed_at, $1) - t.started_at)::float8 AS seconds
        FROM message.thread t
        WHERE t.unit_id IS NOT NULL AND t.started_by = 'citizen' AND t.started_at > $1 - $2::interval
          AND t.started_at <= $1
    ), told AS (
        SELECT * FROM waited WHERE kind <> ''
        UNION ALL SELECT unit_id, '', person_id, answered, seconds FROM waited
    ), placed AS (
        SELECT *, row_number() OVER by_wait AS place, count(*) OVER (PARTITION BY unit_id, kind) AS all_of_them
        FROM told WINDOW by_wait AS (PARTITION BY unit_id, kind ORDER BY seconds, answered DESC)
    ), waiting AS (
        -- The share that waits longer: each answer takes one away of those who waited until then.
        SELECT *, exp(sum(CASE
            WHEN NOT answered THEN 0.0
            WHEN place = all_of_them THEN '-Infinity'
            ELSE ln(1 - 1.0 / (all_of_them - place + 1)) END::float8
        ) OVER (PARTITION BY unit_id, kind ORDER BY place)) AS share FROM placed
    )
    INSERT INTO message.reply_time (unit_id, kind, median, most, threads, people, counted_at)
    SELECT unit_id, kind, median, most, threads, people, $1 FROM (
        SELECT unit_id, kind,
            ceil(min(seconds) FILTER (WHERE answered AND share < 0.5 + 1e-9))::integer AS median,
            ceil(min(seconds) FILTER (WHERE answered AND share < 0.1 + 1e-9))::integer AS most,
            (count(*) FILTER (WHERE answered))::integer AS threads,
            (count(DISTINCT person_id) FILTER (WHERE answered))::integer AS people
        FROM waiting GROUP BY unit_id, kind
    ) counted
    -- So many are never answered that nobody knows: then nothing is said.
    WHERE threads >= $3 AND people >= $4 AND median IS NOT NULL AND most IS NOT NULL
"""


async def count(db: asyncpg.Connection, now: datetime) -> int:
    """Count anew from the threads of the last 90 days. Returns of how many units and kinds there is enough to tell."""
    async with db.transaction():
        if not await db.fetchval(_ALONE):
            return 0
        await db.execute("DELETE FROM message.reply_time")
        done = await db.execute(_COUNT, now, OF_THE_LAST, FEWEST_ANSWERED, FEWEST_PEOPLE)
        return int(done.rpartition(" ")[2])


async def keep_counting(db: asyncpg.Connection, stop: asyncio.Event) -> None:
    """Once an hour until told to stop, and until there is something to tell of, once a minute. Raises one of LOST."""
    while not stop.is_set():
        try:
            now, counted = await db.fetchval("SELECT now()"), await db.fetchval(_COUNTED)
            if counted is None or counted < now - _AGAIN:
                log.debug("reply_times_counted", of=await count(db, now))
        except LOST:
            raise
        except Exception:
            log.exception("reply_times_failed", again_in_seconds=_LOOK_SECONDS)
        try:
            await asyncio.wait_for(stop.wait(), _LOOK_SECONDS)
        except TimeoutError:
            continue
