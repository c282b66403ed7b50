"""The worker process: which projections there are, and following the feed with them."""

import asyncio
import time
from collections.abc import Iterable
from contextlib import aclosing
from datetime import UTC, datetime
from types import ModuleType

import asyncpg
import structlog

from innsyn.access.book.rule import Book
from innsyn.access.book.versions import HELSENORGE
from innsyn.access.relations import taking as relations
from innsyn.access.relations.commands import bring_up_to_date
from innsyn.access.relations.taking import Taking
from innsyn.access.telling import queueing
from innsyn.forms import published_reading as published_forms
from innsyn.forms import taking as forms_taking
from innsyn.forms.tasks import projection as form_tasks
from innsyn.identity.persons import Assign
from innsyn.journal import freshness
from innsyn.journal.fhir import audit, care, consent, medicines, plans, resources
from innsyn.journal.fhir import forms as form_resources
from innsyn.journal.fhir import messages as message_resources
from innsyn.journal.fhir.reading import OSLO
from innsyn.journal.port import ConfirmedFeed, Feed
from innsyn.journal.projected import Taker
from innsyn.journal.reading_ahead import ahead
from innsyn.measures import FEED_FAILURES
from innsyn.messages import projection as messages
from innsyn.messages import taking as messages_taking
from innsyn.records import intake
from innsyn.records.access_log import projection as access_log
from innsyn.records.access_log import writing as access_log_writing
from innsyn.records.allergies import projection as allergies
from innsyn.records.answers import projection as answers
from innsyn.records.answers import writing as answers_writing
from innsyn.records.care_plans import projection as care_plans
from innsyn.records.care_team import projection as care_team
from innsyn.records.diagnoses import projection as diagnoses
from innsyn.records.encounters import projection as encounters
from innsyn.records.imaging import projection as imaging
from innsyn.records.intake import Tally
from innsyn.records.lab_results import projection as lab_results
from innsyn.records.measurements import projection as measurements
from innsyn.records.medications import projection as medications
from innsyn.records.notes import projection as notes
from innsyn.records.procedures import projection as procedures
from innsyn.records.projecting import Projection, Registry
from innsyn.records.referrals import projection as referrals
from innsyn.records.vaccinations import projection as vaccinations

__all__ = ["FEED", "REGISTRY", "Intake", "Tally", "follow", "work"]

log = structlog.get_logger()

# The journal's own, however it comes: over HTTP or through the stream.
FEED = "journal"
_PAUSE_SECONDS = 0.5
_SOURCES_EVERY_SECONDS = 5.0
_LONGEST_PAUSE_SECONDS = 30.0

# In this order each is asked whether a resource is of its kind; the first that answers has it.
_KINDS: tuple[ModuleType, ...] = (
    messages,
    answers,
    form_tasks,
    published_forms,
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
)

# What is beside the entries is written by these, in this order, in the transaction of its batch.
_TAKERS: tuple[Taker, ...] = (
    access_log_writing.take,
    answers_writing.take,
    forms_taking.take,
    messages_taking.take,
    queueing.take,
)


def registry(kinds: Iterable[ModuleType] = _KINDS) -> Registry:
    """FHIR type → (how it is read, the projections that may want it)."""
    wanting: dict[str, list[Projection]] = {"Patient": []}
    for kind in kinds:
        for fhir_type, projection in kind.PROJECTIONS.items():
            wanting.setdefault(fhir_type, []).append(projection)
    modules = (resources, medicines, care, plans, audit, consent, form_resources, message_resources)
    structs = {name: struct for module in modules for name, struct in vars(module).items()}
    return {name: (structs[name], tuple(projections)) for name, projections in wanting.items()}


REGISTRY = registry()


class Intake(intake.Intake):
    """An intake that keeps all that a batch says: also what is beside the entries, of every slice."""

    def __init__(
        self,
        db: asyncpg.Connection,
        feed: str,
        registry: Registry,
        assign: Assign | None = None,
        relations_by: Taking = relations.take,
        part: str = "",
    ) -> None:
        super().__init__(db, feed, registry, assign, relations_by, part, _TAKERS)


async def follow(intake: Intake, feed: Feed, db: asyncpg.Connection) -> Tally:
    """Take in all that the feed has now, and what it says of its sources."""
    total = await take_all(intake, feed)
    await freshness.told(db, await feed.sources())
    return total


async def take_all(intake: Intake, feed: Feed, stop: asyncio.Event | None = None) -> Tally:
    """Take in all that the feed has now; told to stop, no more than the batch in hand."""
    total = Tally()
    async with aclosing(ahead(feed.after(await intake.position()))) as batches:
        async for batch in batches:
            total.add(await intake.take(batch))
            if isinstance(feed, ConfirmedFeed):
                await feed.committed(batch[-1].position)
            if stop is not None and stop.is_set():
                break
    return total


async def apply_book(db: asyncpg.Connection, book: Book) -> None:
    """Permits that follow from relations are by this version of the rule book, also those of an earlier start."""
    if outdated := await bring_up_to_date(db, book, datetime.now(UTC).astimezone(OSLO).date()):
        log.info("rule_book_applied", book=book.key, records=outdated)


async def work(db: asyncpg.Connection, feed: Feed, stop: asyncio.Event, book: Book = HELSENORGE) -> None:
    """Follow the feed until told to stop. A feed that fails is tried again, ever more slowly, and the log says so."""
    await apply_book(db, book)
    taking_in = Intake(db, feed.name, REGISTRY, relations_by=Taking(book))
    pause, told_at = _PAUSE_SECONDS, float("-inf")
    while not stop.is_set():
        try:
            began = datetime.now(UTC)
            tally = await take_all(taking_in, feed, stop)
            log_read(feed.name, tally, began)
            if tally.read or time.monotonic() - told_at > _SOURCES_EVERY_SECONDS:
                await freshness.told(db, await feed.sources())
                told_at = time.monotonic()
            pause = _PAUSE_SECONDS
        except Exception:
            FEED_FAILURES.inc()
            log.exception("feed_failed", feed=feed.name, again_in_seconds=pause)
            if db.is_closed():
                raise
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)
        try:
            await asyncio.wait_for(stop.wait(), timeout=pause)
        except TimeoutError:
            continue


def log_read(feed: str, tally: Tally, began: datetime) -> None:
    """What became of what was read since then; nothing of what it says."""
    if tally.read:
        log.info(
            "feed_read",
            feed=feed,
            read=tally.read.total(),
            projected=tally.projected.total(),
            not_shown=tally.not_shown.total(),
            unchanged=tally.unchanged.total(),
            quarantined=len(tally.quarantined),
            seconds=round((datetime.now(UTC) - began).total_seconds(), 2),
        )
