"""Comparing a feed with its source: what stands on what, for the command and for the worker's nights."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import asyncpg
import httpx

from innsyn.access.book.versions import version
from innsyn.access.relations.taking import Taking
from innsyn.journal.bulk_asking import Asking
from innsyn.journal.bulk_export import BulkExport, Order
from innsyn.journal.letting_in import EVERYBODY, LetIn
from innsyn.journal.reconcile import reconcile
from innsyn.journal.reconcile_nightly import every_night
from innsyn.journal.reconcile_port import Reconciled, Versions, Wish
from innsyn.journal.reconcile_sources import ExportVersions, SequenceVersions
from innsyn.journal.reconcile_statements import FORGET_PART
from innsyn.settings import Settings
from innsyn.worker import REGISTRY, Intake

FEED = "journal"
# What is fetched again is a part of its own: it must not move how far the feed is read.
PART = "reconcile"
_LISTED = ("id", "meta")


def of_export(
    group: str, source: str, http: httpx.AsyncClient, *, by_version: bool, let_in: LetIn = EVERYBODY
) -> ExportVersions:
    """An export as what to compare with: by content, or by the numbers of a feed that has come in another way."""

    def ordered(*elements: str) -> BulkExport:
        asking = partial(Asking, group, http, let_in=let_in)
        return BulkExport(FEED, Order(group, source, elements=elements), asking)

    return ExportVersions(ordered, (lambda: ordered(*_LISTED)) if by_version else None)


async def compare(
    db: asyncpg.Connection, settings: Settings, feed: str, versions: Versions, wish: Wish
) -> Reconciled:
    """Compare this feed with what its source says. Raises a FeedFailed, or AlreadyComparing."""
    intake = Intake(db, feed, REGISTRY, relations_by=Taking(version(settings.rule_book)), part=PART)
    try:
        return await reconcile(db, feed, versions, wish, intake.take)
    finally:
        if not db.is_closed():
            # It is no part that anybody reads on from.
            await db.execute(FORGET_PART.sql, *FORGET_PART.bind(feed=feed, part=PART))


async def compare_every_night(
    settings: Settings,
    stop: asyncio.Event,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> None:
    """The worker's task: each night on a connection of its own, since a day is long for one to stay open."""
    if settings.reconcile_at is None or not settings.journal_feed:
        return

    async def tonight(now: datetime) -> Reconciled:
        db = await asyncpg.connect(
            settings.database_worker, server_settings={"application_name": "innsyn-reconcile"}
        )
        try:
            async with httpx.AsyncClient(trust_env=False) as http:
                versions = SequenceVersions(settings.journal_feed, http)
                return await compare(db, settings, FEED, versions, Wish(now=now, repair=True))
        finally:
            db.terminate()

    await every_night(settings.reconcile_at, stop, tonight, clock)
