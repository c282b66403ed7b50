"""From the bytes of a feed to entries, beside COPY of the same resources into a table with a key.

Everything the worker does is in it: the limits, parsing, projecting, the raw landing with its history, rows, search
words, the position; a transaction for each batch of 500. What is COPYed, in one go, has been parted already and is only
kept under its name, so that it can be found again.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from statistics import median
from typing import NamedTuple

import asyncpg

from bench import made_up
from bench.figures import Figure, at_least
from bench.installation import installation
from bench.streaming import SYNTHEA
from innsyn.journal.bulk import Files
from innsyn.journal.port import Entry, Feed, Source, Unusable
from innsyn.journal.sequence_page import page_in
from innsyn.worker import REGISTRY, Intake, follow

RESOURCES = 5000
ROUNDS = 4
_COPIED = "CREATE TABLE copied (feed text, kind text, id text, body bytea, PRIMARY KEY (feed, kind, id))"

Batch = list[Entry | Unusable]


class Round(NamedTuple):
    """Seconds for the same `resources`."""

    resources: int
    first: float
    copy: float
    again: float


class Pages:
    """A sequence feed of which every page has been fetched already, but not read."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._pages = [made_up.page(seq, RESOURCES) for seq in range(1, RESOURCES + 1, made_up.PAGE)]

    async def after(self, _position: int) -> AsyncIterator[Batch]:
        """All of them, whatever has been read: a feed may say everything again."""
        for number, page in enumerate(self._pages):
            yield page_in(page, 1 + number * made_up.PAGE).found

    async def sources(self) -> list[Source]:
        """Nothing is said of them."""
        return []


class Bundles(Files):
    """A folder of bundles, which likewise says everything again."""

    def __init__(self, name: str) -> None:
        super().__init__([SYNTHEA], "synthea", datetime.now(UTC), name=name)

    async def after(self, _position: int) -> AsyncIterator[Batch]:
        """All that is in them."""
        async for batch in super().after(0):
            yield batch


def measure() -> list[Figure]:
    """The ratios of taking in."""
    feeds: dict[str, Callable[[str], Feed]] = {"made-up": Pages}
    if SYNTHEA.is_dir():
        feeds["Synthea"] = Bundles
    with installation() as at:
        at.database("ingest")
        worker, owner = at.server.dsn("innsyn_worker", "ingest"), at.server.dsn("postgres", "ingest")
        found = asyncio.run(_measure(worker, owner, feeds))
    return [figure for name, rounds in found.items() for figure in _figures(name, rounds)]


async def _measure(
    worker: str, owner: str, feeds: dict[str, Callable[[str], Feed]]
) -> dict[str, list[Round]]:
    db, raw = await asyncpg.connect(worker), await asyncpg.connect(owner)
    await raw.execute(_COPIED)
    try:
        return {
            name: [await _round(db, raw, feed(f"{name}-{number}")) for number in range(ROUNDS)]
            for name, feed in feeds.items()
        }
    finally:
        await db.close()
        await raw.close()


async def _round(db: asyncpg.Connection, raw: asyncpg.Connection, feed: Feed) -> Round:
    """Each round is a feed of its own name, so that everything in it is new."""
    entries = [each async for batch in feed.after(0) for each in batch if isinstance(each, Entry)]
    rows = {(feed.name, each.kind, each.id): each.resource for each in entries}
    first = await _follow(db, feed)
    began = time.perf_counter()
    await raw.copy_records_to_table("copied", records=[(*key, body) for key, body in rows.items()])
    copy = time.perf_counter() - began
    return Round(len(entries), first, copy, await _follow(db, feed))


async def _follow(db: asyncpg.Connection, feed: Feed) -> float:
    began = time.perf_counter()
    tally = await follow(Intake(db, feed.name, REGISTRY), feed, db)
    took = time.perf_counter() - began
    if not tally.balances:
        raise RuntimeError("something that was read stands nowhere")
    return took


def _figures(name: str, rounds: list[Round]) -> list[Figure]:
    first, copy, again = (
        median(each.resources / getattr(each, part) for each in rounds) for part in ("first", "copy", "again")
    )
    of_copy = median(each.copy / each.first for each in rounds)
    of_first = median(each.first / each.again for each in rounds)
    beside = f"{first:.0f}/s, COPY {copy:.0f}/s"
    return [
        at_least(f"ingest of {name} / COPY of its bytes", 0.15, of_copy, beside=beside),
        at_least(f"redelivery of {name} / first delivery", 1.0, of_first, beside=f"{again:.0f}/s"),
    ]
