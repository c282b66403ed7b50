"""The worker process: everything that goes on in it, each thing with a connection of its own, until it is told to stop.

What loses its connection goes on with a new one. What ends with another error ends the others: whoever watches the
process starts it anew.
"""

import asyncio
import signal

import httpx

from innsyn.access.audit.sealing import sealing_of
from innsyn.access.book.versions import version
from innsyn.delivering import delivering
from innsyn.feed_reconciling import compare_every_night
from innsyn.journal.sequence import SequenceFeed
from innsyn.operations.tracing import trace
from innsyn.records.own_wishes.following import keep_up
from innsyn.settings import Settings
from innsyn.subscribing import follow_subscription
from innsyn.trying_again import keep_trying
from innsyn.watching import watching_worker
from innsyn.work_lasting import lasting
from innsyn.work_parts import work_parts
from innsyn.worker import FEED, work

_IN_HAND_SECONDS = 4.5


async def run(settings: Settings) -> None:
    """Work until SIGINT or SIGTERM. Raises SettingMissing for what it cannot do without."""
    trace("worker")
    seal, book = sealing_of(settings), version(settings.rule_book)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with asyncio.TaskGroup() as tasks:
        begun = [
            tasks.create_task(_follow(settings, stop)),
            tasks.create_task(
                lasting(settings.database_worker, stop, "wishes", lambda db: keep_up(db, stop))
            ),
            tasks.create_task(seal(stop)),
            tasks.create_task(delivering(settings, stop)),
            tasks.create_task(
                lasting(settings.database_worker, stop, "quarantine", lambda db: keep_trying(db, stop, book))
            ),
            tasks.create_task(watching_worker(settings, stop)),
            tasks.create_task(compare_every_night(settings, stop)),
        ]
        await stop.wait()
        # Who stops us waits no longer than for what is in hand; what is not committed has not happened.
        _, late = await asyncio.wait(begun, timeout=_IN_HAND_SECONDS)
        for task in late:
            task.cancel()


async def _follow(settings: Settings, stop: asyncio.Event) -> None:
    book, dsn = version(settings.rule_book), settings.database_worker
    if settings.nats:
        await work_parts(dsn, settings.nats, stop, book)
        return
    if settings.journal_subscription:
        await follow_subscription(settings, stop, book)
        return
    async with httpx.AsyncClient(trust_env=False) as http:
        journal = SequenceFeed(FEED, settings.journal_feed, http)
        await lasting(dsn, stop, "feed", lambda db: work(db, journal, stop, book))
