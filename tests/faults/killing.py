"""Processes are killed at random while a journal speaks and citizens write, and then everything must add up.

Only what was acknowledged counts; a request whose answer was lost may have happened or not, but never twice. A kill
counts when work was left to be done. Everything that is drawn comes from one seed.
"""

import asyncio
import random
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from uuid import UUID

import asyncpg
import httpx

from faults import told
from faults.people import Written, log_in, write
from faults.standing import DATABASE, Standing, standing

# Seconds until the first good answer, from the goals of the product.
BACK_WITHIN = {"web": 3.0, "worker": 2.0, "nats": 5.0, "relay": 5.0, "postgres": 10.0}
_LONGEST_SECONDS = 60.0
_DRAIN_SECONDS = 300.0


@dataclass
class Report:
    """What was done and what was found. `wrong` empty: nothing was lost, doubled or of a wrong version."""

    seed: int
    entries: int
    writes: int
    kills: Counter[str] = field(default_factory=Counter)
    overlapped: int = 0
    back: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: list[str] = field(default_factory=list)
    answers: dict[str, int] = field(default_factory=dict)
    raw_deliveries: int = 0
    seconds: float = 0.0

    def lines(self) -> list[str]:
        """For a person."""
        back = ", ".join(
            f"{kind} {max(each):.1f} s (most {BACK_WITHIN[kind]:.0f})" for kind, each in self.back.items()
        )
        return [
            f"seed {self.seed}: {self.entries} entries, {self.writes} writes in {self.seconds:.0f} s",
            f"killed {dict(self.kills)}, {self.overlapped} of them with work under way",
            f"first good answer after a kill, at the latest: {back}",
            f"answers to those who wrote {self.answers}; delivered {self.raw_deliveries} times",
            *self.wrong,
        ]


async def run(*, seed: int, entries: int, writes: int, kills: int, pause: float = 1.0) -> Report:
    """Kill `kills` times. Raises NotBack when something does not come back."""
    report = Report(seed, entries, writes)
    seconds = kills * (pause + 0.8)
    began = time.monotonic()
    with standing(seed=seed, entries=entries, seconds=seconds) as at:
        owner = await asyncpg.connect(at.server.dsn("postgres", DATABASE))
        await _until(owner, _PEOPLE, told.PEOPLE)
        citizens = await log_in(owner)
        await asyncio.to_thread(_be_hostile, at, seed)
        await owner.close()
        written = Written(writes)
        writing = asyncio.create_task(write(at.web, citizens, written, seconds, seed))
        try:
            await _kill(at, report, written, kills, pause)
            await asyncio.wait_for(writing, _DRAIN_SECONDS)
        finally:
            writing.cancel()
        report.answers = written.answers
        await _check(at, report, written)
    report.seconds = time.monotonic() - began
    return report


def _be_hostile(at: Standing, seed: int) -> None:
    """One transaction in twenty fails before its effect, one in twenty loses its answer, some entries come twice."""
    faults = {"error_before": 0.05, "error_after": 0.05, "duplicate": 0.02, "seed": seed}
    httpx.post(f"{at.journal}/faults", json=faults, trust_env=False).raise_for_status()


async def _kill(at: Standing, report: Report, written: Written, kills: int, pause: float) -> None:
    chance = random.Random(report.seed)
    for _ in range(kills):
        await asyncio.sleep(chance.uniform(0.1, 2 * pause))
        name = chance.choice(sorted(at.killable))
        kind = name.partition("-")[0]
        position = await asyncio.to_thread(_position, at)
        if written.under_way or position < report.entries:
            report.overlapped += 1
        report.kills[kind] += 1
        began = time.monotonic()
        await asyncio.to_thread(at.kill, name)
        await asyncio.to_thread(_wait_until_back, at, report, kind, position)
        report.back[kind].append(time.monotonic() - began)


def _wait_until_back(at: Standing, report: Report, kind: str, position: int) -> None:
    if kind in {"web", "postgres"}:
        at.until(at.is_serving, f"people are not served after {kind} was killed", _LONGEST_SECONDS)
    elif position < report.entries:
        at.until(
            lambda: _position(at) > position,
            f"nothing is read beyond {position} of {report.entries} after {kind} was killed",
            _LONGEST_SECONDS,
        )


def _position(at: Standing) -> int:
    return int(at.server.sql(_LANDED, DATABASE))


async def _until(db: asyncpg.Connection, sql: str, wanted: int) -> None:
    async with asyncio.timeout(_DRAIN_SECONDS):
        while await db.fetchval(sql) < wanted:
            await asyncio.sleep(0.05)


_PEOPLE = "SELECT count(*) FROM identity.person"
# What citizens sent comes back through the feed too, under names of the journal's own.
_LANDED = r"SELECT count(*) FROM journal.resource WHERE id ~ '^[pr]\d+$'"
_OUT = "SELECT count(*) FROM journal.outbox WHERE state NOT IN ('queued', 'sent')"
_KEPT = r"SELECT kind, id, version FROM journal.resource WHERE id ~ '^[pr]\d+$'"
_SHOWN = """
    SELECT version, convert_from(line, 'UTF8')::json ->> 'title' AS title FROM record.entry
"""
_OUTBOX = "SELECT outbox_id, key, person_id, state FROM journal.outbox"


async def _check(at: Standing, report: Report, written: Written) -> None:
    db = await asyncpg.connect(at.server.dsn("postgres", DATABASE))
    try:
        for sql, wanted, what in ((_LANDED, report.entries, "kept"), (_OUT, report.writes, "delivered")):
            try:
                await _until(db, sql, wanted)
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
