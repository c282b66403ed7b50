"""The worker process: everything that goes on in it, each thing with a connection of its own, until it is told to stop.

One that ends with an error ends the others: whoever watches the process starts it anew.
"""

import asyncio
import signal
from contextlib import AsyncExitStack

import asyncpg
import httpx

from innsyn.access.audit.sealing import sealing_of
from innsyn.access.book.versions import version
from innsyn.delivering import delivering
from innsyn.journal.sequence import SequenceFeed
from innsyn.records.own_wishes.following import keep_up
from innsyn.settings import Settings
from innsyn.worker import work

_NAME = {"application_name": "innsyn-worker"}


async def run(settings: Settings) -> None:
    """Work until SIGINT or SIGTERM. Raises SettingMissing for what it cannot do without."""
    seal = sealing_of(settings)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with AsyncExitStack() as opened:

        async def connection() -> asyncpg.Connection:
            db = await asyncpg.connect(settings.database_worker, server_settings=_NAME)
            opened.push_async_callback(db.close, timeout=5)
            return db

        http = await opened.enter_async_context(httpx.AsyncClient(trust_env=False))
        journal = SequenceFeed("journal", settings.journal_feed, http)
        feed_db, wishes_db = await connection(), await connection()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(work(feed_db, journal, stop, version(settings.rule_book)))
            tasks.create_task(keep_up(wishes_db, stop))
            tasks.create_task(seal(stop))
            tasks.create_task(delivering(settings, stop))
