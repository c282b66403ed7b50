"""The worker process: which projections there are, and following the feed with them."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from contextlib import aclosing
from datetime import UTC, datetime
from types import ModuleType

import asyncpg
import structlog

from innsyn.access.book.rule import Book
from innsyn.access.book.versions import HELSENORGE
from innsyn.access.relations.commands import bring_up_to_date
from innsyn.access.relations.taking import Taking
from innsyn.journal import freshness
from innsyn.journal.fhir import audit, care, consent, medicines, plans, resources
from innsyn.journal.fhir.reading import OSLO
from innsyn.journal.port import Entry, Feed, Unusable
from innsyn.records.access_log import projection as access_log
from innsyn.records.allergies import projection as allergies
from innsyn.records.answers import projection as answers
from innsyn.records.care_plans import projection as care_plans
from innsyn.records.care_team import projection as care_team
from innsyn.records.diagnoses import projection as diagnoses
from innsyn.records.encounters import projection as encounters
from innsyn.records.imaging import projection as imaging
from innsyn.records.intake import Intake, Tally
from innsyn.records.lab_results import projection as lab_results
from innsyn.records.measurements import projection as measurements
from innsyn.records.medications import projection as medications
from innsyn.records.notes import projection as notes
from innsyn.records.procedures import projection as procedures
from innsyn.records.projecting import Projection, Registry
from innsyn.records.referrals import projection as referrals
from innsyn.records.vaccinations import projection as vaccinations

__all__ = ["REGISTRY", "Intake", "Tally", "follow", "work"]

log = structlog.get_logger()

_PAUSE_SECONDS = 1.0
_LONGEST_PAUSE_SECONDS = 30.0

# In this order each is asked whether a resource is of its kind; the first that answers has it.
_KINDS: tuple[ModuleType, ...] = (
    lab_results,
    imaging,
    measurements,
    medications,
    notes,
    allergies,
    diagnoses,
    vaccinations,
    procedures,
    encounters,
    referrals,
    care_plans,
    care_team,
    access_log,
    answers,
)


def registry(kinds: Iterable[ModuleType] = _KINDS) -> Registry:
    """FHIR type → (how it is read, the projections that may want it)."""
    wanting: dict[str, list[Projection]] = {"Patient": []}
    for kind in kinds:
        for fhir_type, projection in kind.PROJECTIONS.items():
            wanting.setdefault(fhir_type, []).append(projection)
    modules = (resources, medicines, care, plans, audit, consent)
    structs = {name: struct for module in modules for name, struct in vars(module).items()}
    return {name: (structs[name], tuple(projections)) for name, projections in wanting.items()}


REGISTRY = registry()


async def follow(intake: Intake, feed: Feed, db: asyncpg.Connection) -> Tally:
    """Take in all that the feed has now, and what it says of its sources."""
    total = Tally()
    async with aclosing(_ahead(feed.after(await intake.position()))) as batches:
        async for batch in batches:
            total.add(await intake.take(batch))
    await freshness.told(db, await feed.sources())
    return total


async def _ahead(batches: AsyncIterator[list[Entry | Unusable]]) -> AsyncGenerator[list[Entry | Unusable]]:
    """The next batch is fetched and read while PostgreSQL writes this one."""
    coming = asyncio.ensure_future(anext(batches, None))
    try:
        while (batch := await coming) is not None:
            coming = asyncio.ensure_future(anext(batches, None))
            yield batch
    finally:
        coming.cancel()
        # Nobody else would hear of a feed that failed while a batch of it failed too.
        await asyncio.gather(coming, return_exceptions=True)


async def work(db: asyncpg.Connection, feed: Feed, stop: asyncio.Event, book: Book = HELSENORGE) -> None:
    """Follow the feed until told to stop. A feed that fails is tried again, ever more slowly, and the log says so.

    Permits that follow from relations are by this version of the rule book, also those of an earlier start.
    """
    if outdated := await bring_up_to_date(db, book, datetime.now(UTC).astimezone(OSLO).date()):
        log.info("rule_book_applied", book=book.key, records=outdated)
    intake = Intake(db, feed.name, REGISTRY, relations_by=Taking(book))
    pause = _PAUSE_SECONDS
    while not stop.is_set():
        try:
            began = datetime.now(UTC)
            tally = await follow(intake, feed, db)
            pause = _PAUSE_SECONDS
            if tally.read:
                took = (datetime.now(UTC) - began).total_seconds()
                log.info(
                    "feed_read",
                    feed=feed.name,
                    read=tally.read.total(),
                    projected=tally.projected.total(),
                    not_shown=tally.not_shown.total(),
                    unchanged=tally.unchanged.total(),
                    quarantined=len(tally.quarantined),
                    seconds=round(took, 2),
                )
        except Exception:
            log.exception("feed_failed", feed=feed.name, again_in_seconds=pause)
            if db.is_closed():
                raise
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)
        try:
            await asyncio.wait_for(stop.wait(), timeout=pause)
        except TimeoutError:
            continue
