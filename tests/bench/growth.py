"""A list of fifty when the table has a hundred times as many rows: the same question, in turn on both."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

import asyncpg

from bench.figures import Figure, at_most
from bench.installation import Installation, Session, installation
from bench.population import ENTRIES_EACH, log_in, populate
from innsyn.access.opening import ReadSession
from innsyn.db.pool import open_pool
from innsyn.records.timeline.queries import MOST, Wanted, lines_of

SMALL, LARGE = 10**4, 10**6
ROUNDS = 9
READERS = 25
_LOADING = ("fsync = off", "full_page_writes = off", "max_wal_size = '16GB'", "autovacuum = off")


def measure() -> list[Figure]:
    """Large beside small."""
    with installation() as at:
        people = {rows: populated(at, rows) for rows in (SMALL, LARGE)}
        small, large = asyncio.run(_both(at, people))
    beside = f"{large * 1000:.2f} ms and {small * 1000:.2f} ms, one connection"
    return [at_most("warm list: p50 of 10⁶ / 10⁴ entries", 1.2, large / small, beside=beside)]


def populated(at: Installation, rows: int) -> list[Session]:
    """A database `of_<rows>` with as many entries; sessions of some of its citizens."""
    at.database(f"of_{rows}")
    with _loading(at):
        return asyncio.run(_populate(at.server.dsn("postgres", f"of_{rows}"), rows // ENTRIES_EACH))


async def _populate(dsn: str, people: int) -> list[Session]:
    db = await asyncpg.connect(dsn)
    try:
        # To reading it makes no difference, and the table is made in half the time.
        await db.execute("ALTER TABLE record.entry SET UNLOGGED")
        await populate(db, people=people)
        return await log_in(db, READERS)
    finally:
        await db.close()


@contextmanager
def _loading(at: Installation) -> Iterator[None]:
    """Nothing waits for the disk while a table is made; what is measured does."""
    for setting in _LOADING:
        at.server.sql(f"ALTER SYSTEM SET {setting}")
    at.server.sql("SELECT pg_reload_conf()")
    yield
    at.server.sql("ALTER SYSTEM RESET ALL")
    at.server.sql("SELECT pg_reload_conf()")
    at.server.sql("CHECKPOINT")


async def _both(at: Installation, people: dict[int, list[Session]]) -> tuple[float, float]:
    pools = {rows: await open_pool(at.server.dsn("innsyn_web", f"of_{rows}"), most=1) for rows in people}
    found: dict[int, list[float]] = {rows: [] for rows in people}
    try:
        for number in range(1 + ROUNDS):
            for rows, sessions in people.items():
                took = [await _ask(pools[rows], each) for _ in range(4) for each in sessions]
                # The first round warms.
                found[rows] += [median(took)] if number else []
    finally:
        for pool in pools.values():
            await pool.close()
    return median(found[SMALL]), median(found[LARGE])


async def _ask(pool: asyncpg.Pool, session: Session) -> float:
    began = time.perf_counter()
    answer = await lines_of(ReadSession(pool, session.token), Wanted())
    took = time.perf_counter() - began
    if len(answer.lines) != MOST:
        raise RuntimeError(f"{len(answer.lines)} lines")
    return took
