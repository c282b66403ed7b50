"""Whether everything adds up in the end: what the journal said is shown once, what citizens wrote has come once."""

import asyncio
from collections import Counter
from uuid import UUID

import asyncpg
import httpx

from faults import told
from faults.people import Written
from faults.report import Report
from faults.standing import DATABASE, Standing

_DRAIN_SECONDS = 300.0


async def until(db: asyncpg.Connection, sql: str, wanted: int) -> None:
    """Until the count is as wanted. Raises TimeoutError."""
    async with asyncio.timeout(_DRAIN_SECONDS):
        while await db.fetchval(sql) < wanted:
            await asyncio.sleep(0.05)


PEOPLE = "SELECT count(*) FROM identity.person"
# What citizens sent comes back through the feed too, under names of the journal's own.
LANDED = r"SELECT count(*) FROM journal.resource WHERE id ~ '^[pr]\d+$'"
_OUT = "SELECT count(*) FROM journal.outbox WHERE state NOT IN ('queued', 'sent')"
_KEPT = r"SELECT kind, id, version FROM journal.resource WHERE id ~ '^[pr]\d+$'"
_SHOWN = """
    SELECT version, convert_from(line, 'UTF8')::json ->> 'title' AS title FROM record.entry
"""
_OUTBOX = "SELECT outbox_id, key, person_id, state FROM journal.outbox"


async def check(at: Standing, report: Report, written: Written) -> None:
    """Wait until everything has come through, and add what is wrong to the report."""
    db = await asyncpg.connect(at.server.dsn("postgres", DATABASE))
    try:
        for sql, wanted, what in ((LANDED, report.entries, "kept"), (_OUT, report.writes, "delivered")):
            try:
                await until(db, sql, wanted)
            except TimeoutError:
                report.wrong.append(f"LOST: {await db.fetchval(sql)} of {wanted} {what}\n{at.last_lines()}")
        await _check_entries(db, report)
        await _check_writes(db, at, report, written)
    finally:
        await db.close()


async def _check_entries(db: asyncpg.Connection, report: Report) -> None:
    wanted = Counter((each.kind, each.id, each.version) for each in told.said(report.seed, report.entries))
    kept = Counter(tuple(row) for row in await db.fetch(_KEPT))
    if kept != wanted:
        report.wrong.append(f"kept too few {list(wanted - kept)[:5]}, too many {list(kept - wanted)[:5]}")
    newest = told.newest(report.seed, report.entries).values()
    to_show = Counter((each.version, f"{each.id} nr. {each.version}") for each in newest if not each.gone)
    shown = Counter((row["version"], row["title"]) for row in await db.fetch(_SHOWN))
    if shown != to_show:
        report.wrong.append(
            f"not shown {list(to_show - shown)[:5]}, wrongly shown {list(shown - to_show)[:5]}"
        )
    if held := await db.fetchval("SELECT count(*) FROM journal.quarantine"):
        report.wrong.append(f"{held} entries that are in order are in quarantine")


async def _check_writes(db: asyncpg.Connection, at: Standing, report: Report, written: Written) -> None:
    rows = await db.fetch(_OUTBOX)
    whose = {row["key"]: row["person_id"] for row in rows}
    if whose != written.acknowledged:
        lost = written.acknowledged.keys() - whose.keys()
        report.wrong.append(
            f"LOST writes {list(lost)[:5]}; unasked {list(whose.keys() - written.acknowledged)[:5]}"
        )
    if len(rows) != len(whose):
        report.wrong.append("a request stands in the outbox twice")
    async with httpx.AsyncClient(trust_env=False) as http:
        received = (await http.get(f"{at.journal}/received")).json()
    report.raw_deliveries = sum(each["times"] for each in received)
    effects = Counter(UUID(each["identifier"].partition("|")[2]) for each in received)
    wanted = Counter(row["outbox_id"] for row in rows)
    if effects != wanted:
        missing, doubled = list(wanted - effects), list(effects - wanted)
        report.wrong.append(f"at the journal: lost {missing[:5]} ({len(missing)}), doubled {doubled[:5]}")
