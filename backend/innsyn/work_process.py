"""The worker process: everything that goes on in it, each thing with a connection of its own, until it is told to stop.

What loses its connection goes on with a new one. What ends with another error ends the others: whoever watches the
process starts it anew.
"""

import asyncio
import signal
from importlib import import_module

import httpx

from innsyn.access.book.versions import version
from innsyn.journal.sequence import SequenceFeed
from innsyn.settings import SettingMissing, Settings
from innsyn.work_lasting import lasting
from innsyn.work_parts import work_parts
from innsyn.worker import FEED, work

_IN_HAND_SECONDS = 4.5


async def run(settings: Settings) -> None:
    """Work until SIGINT or SIGTERM. Raises SettingMissing for what it cannot do without."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        await _all(settings, stop)
    except BaseExceptionGroup as failed:
        if missing := failed.split(SettingMissing)[0]:
            raise missing.exceptions[0] from None
        raise


async def _all(settings: Settings, stop: asyncio.Event) -> None:
    async with asyncio.TaskGroup() as tasks:
        begun = [tasks.create_task(_follow(settings, stop))]
        # What it all stands on takes longer to read than the rest of a start: entries that wait do not wait for that.
        others = await asyncio.to_thread(import_module, "innsyn.work_beside")
        begun += [tasks.create_task(each) for each in others.beside(settings, stop)]
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
        from innsyn.subscribing import follow_subscription  # noqa: PLC0415 - few follow one

        await follow_subscription(settings, stop, book)
        return
    async with httpx.AsyncClient(trust_env=False) as http:
        journal = SequenceFeed(FEED, settings.journal_feed, http)
        await lasting(dsn, stop, "feed", lambda db: work(db, journal, stop, book))
