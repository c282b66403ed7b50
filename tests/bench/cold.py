"""How many pages a list of fifty needs when nothing of it is in PostgreSQL's memory.

PostgreSQL is restarted, one citizen asks for one list, and pg_buffercache tells which pages that brought in: each
page once, so these are distinct pages. Those of the table itself (its fork `main`) are the figure; pages of its
indexes and of the visibility map, of which one is for 250 MB, stand beside. Entries lie in arrival order: no two of
one person's on the same page. The table is as autovacuum leaves it.
"""

import asyncio
from statistics import median

import asyncpg

from bench.figures import Figure, at_most
from bench.growth import populated
from bench.installation import Installation, Session, installation
from innsyn.access.opening import ReadSession
from innsyn.db.pool import open_pool
from innsyn.records.timeline.queries import Wanted, entries_of, lines_of

ROWS = 10**5
READERS = 5

_PAGES = """
    SELECT count(*) FILTER (WHERE c.relname = 'entry' AND b.relforknumber = 0),
           count(*) FILTER (WHERE c.relname = 'entry' AND b.relforknumber = 2),
           count(*) FILTER (WHERE c.relname <> 'entry')
    FROM pg_buffercache b JOIN pg_class c ON b.relfilenode = pg_relation_filenode(c.oid)
    WHERE c.oid = 'record.entry'::regclass OR c.oid IN
        (SELECT indexrelid FROM pg_index WHERE indrelid = 'record.entry'::regclass)
"""


def measure() -> list[Figure]:
    """Pages of the table, for the list alone and for its page."""
    with installation() as at:
        sessions = populated(at, ROWS)[:READERS]
        at.server.sql("CREATE EXTENSION pg_buffercache", f"of_{ROWS}")
        # What it would read is not the citizen's list.
        at.server.sql("ALTER SYSTEM SET autovacuum = off")
        return [_figure(at, sessions, "cold list", lines_of), _figure(at, sessions, "cold page", entries_of)]


def _figure(at: Installation, sessions: list[Session], name: str, question: object) -> Figure:
    pages = []
    for each in sessions:
        at.restart_postgres()
        pages.append(asyncio.run(_brought_in(at, each, question)))
    table, map_, indexes = (median(numbers) for numbers in zip(*pages, strict=True))
    beside = f"{indexes:g} of its indexes, {map_:g} of its visibility map"
    return at_most(f"{name}: pages of the table", 6, table, beside=beside)


async def _brought_in(at: Installation, session: Session, question: object) -> tuple[int, int, int]:
    async with await open_pool(at.server.dsn("innsyn_web", f"of_{ROWS}"), most=1) as pool:
        await question(ReadSession(pool, session.token), Wanted())  # type: ignore[operator]
    owner = await asyncpg.connect(at.server.dsn("postgres", f"of_{ROWS}"))
    try:
        table, map_, indexes = await owner.fetchrow(_PAGES)
        return table, map_, indexes
    finally:
        await owner.close()
