"""From the bytes of a feed to entries, beside COPY of the same resources into a table of one column.

Everything the worker does is in it: the limits, parsing, projecting, the raw landing with its history, rows, search
words, the position; a transaction for each batch of 500. What is COPYed has been parted already and is only stored.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import NamedTuple

import asyncpg

from bench import made_up
from bench.figures import Figure, at_least
from bench.installation import installation
from innsyn.journal.bulk import Files
from innsyn.journal.port import Entry, Unusable
from innsyn.journal.sequence_page import page_in
from innsyn.worker import REGISTRY, Intake

RESOURCES = 5000
ROUNDS = 4
_SYNTHEA = Path(__file__).resolve().parents[3] / "shared" / "data" / "synthea-r4-bundles"

Batch = list[Entry | Unusable]
Feed = Callable[[], AsyncIterator[Batch]]


class Round(NamedTuple):
    """Seconds for the same `resources`."""

    resources: int
    first: float
    copy: float
    again: float


def measure() -> list[Figure]:
    """The ratios of taking in."""
    with installation() as at:
        at.database("ingest")
        worker, owner = at.server.dsn("innsyn_worker", "ingest"), at.server.dsn("postgres", "ingest")
        found = asyncio.run(_measure(worker, owner))
    return [figure for name, rounds in found.items() for figure in _figures(name, rounds)]


async def _measure(worker: str, owner: str) -> dict[str, list[Round]]:
    db, raw = await asyncpg.connect(worker), await asyncpg.connect(owner)
    await raw.execute("CREATE TABLE copied (body bytea)")
    pages = [made_up.page(seq, RESOURCES) for seq in range(1, RESOURCES + 1, made_up.PAGE)]
    feeds: dict[str, Feed] = {"made-up": lambda: _pages(pages)}
    if _SYNTHEA.is_dir():
        feeds["Synthea"] = lambda: Files([_SYNTHEA], "synthea", datetime.now(UTC)).after(0)
    try:
        return {
            name: [await _round(db, raw, f"{name}-{n}", feed) for n in range(ROUNDS)]
            for name, feed in feeds.items()
        }
    finally:
        await db.close()
        await raw.close()


async def _pages(pages: list[bytes]) -> AsyncIterator[Batch]:
    for number, page in enumerate(pages):
        yield page_in(page, 1 + number * made_up.PAGE).found


async def _round(db: asyncpg.Connection, raw: asyncpg.Connection, name: str, feed: Feed) -> Round:
    """Each round is a feed of its own name, so that everything in it is new."""
    bodies = [(each.resource,) async for batch in feed() for each in batch if isinstance(each, Entry)]
    first = await _take(db, name, feed)
    began = time.perf_counter()
    await raw.copy_records_to_table("copied", records=bodies)
    copy = time.perf_counter() - began
    return Round(len(bodies), first, copy, await _take(db, name, feed))


async def _take(db: asyncpg.Connection, name: str, feed: Feed) -> float:
    intake = Intake(db, name, REGISTRY)
    began = time.perf_counter()
    async for batch in feed():
        tally = await intake.take(batch)
        if not tally.balances:
            raise RuntimeError("something of the batch stands nowhere")
    return time.perf_counter() - began


def _figures(name: str, rounds: list[Round]) -> list[Figure]:
    first, copy, again = (
        median(each.resources / seconds for each in rounds for seconds in [getattr(each, part)])
        for part in ("first", "copy", "again")
    )
    of_copy = median(each.copy / each.first for each in rounds)
    of_first = median(each.first / each.again for each in rounds)
    beside = f"{first:.0f}/s, COPY {copy:.0f}/s"
    return [
        at_least(f"ingest of {name} / COPY of its bytes", 0.15, of_copy, beside=beside),
        at_least(f"redelivery of {name} / first delivery", 1.0, of_first, beside=f"{again:.0f}/s"),
    ]
