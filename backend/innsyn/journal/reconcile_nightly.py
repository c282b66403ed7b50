"""Comparing with the source once a night, as long as the worker runs."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, time, timedelta

import structlog

from innsyn.db.pool import LOST
from innsyn.journal.fhir.reading import OSLO
from innsyn.journal.reconcile_port import AlreadyComparing, Reconciled
from innsyn.journal.sequence import FeedFailed
from innsyn.measures import RECONCILE_LEFT, RECONCILED

log = structlog.get_logger()


def next_time(now: datetime, at: time) -> datetime:
    """The first moment after `now` that clocks in Norway show `at`; in a night that skips it, an hour later."""
    here = now.astimezone(OSLO)
    due = datetime.combine(here.date(), at, OSLO)
    if due <= here:
        due = datetime.combine(here.date() + timedelta(days=1), at, OSLO)
    return due.astimezone(now.tzinfo)


async def every_night(
    at: time,
    stop: asyncio.Event,
    compare: Callable[[datetime], Awaitable[Reconciled]],
    clock: Callable[[], datetime],
) -> None:
    """Compare at this time of every day until told to stop. A night that fails is told of; the next one comes."""
    while not stop.is_set():
        now = clock()
        try:
            await asyncio.wait_for(stop.wait(), timeout=(next_time(now, at) - now).total_seconds())
        except TimeoutError:
            await _tonight(compare, clock())


async def _tonight(compare: Callable[[datetime], Awaitable[Reconciled]], now: datetime) -> None:
    try:
        done = await compare(now)
    except AlreadyComparing:
        # Another worker does it.
        return
    except (FeedFailed, *LOST) as failed:
        log.error("reconcile_failed", error=type(failed).__name__)  # noqa: TRY400 - no content in a log
        return
    for counts in done.kinds.values():
        for difference, number in counts.items():
            RECONCILED.labels(difference).inc(number)
    RECONCILED.labels("rotten").inc(done.rotten)
    RECONCILE_LEFT.set(done.left + done.unhealed)
    log.log(
        20 if done.agrees else 40,
        "reconciled",
        feed=done.feed,
        told=done.told,
        landed=done.landed,
        differences=done.differences,
        left=done.left,
        rotten=done.rotten,
        unhealed=done.unhealed,
        kept=done.kept,
        is_behind=done.is_behind,
        gaps_closed=done.gaps_closed,
    )
