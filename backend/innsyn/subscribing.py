"""The worker on a topic subscription: an ear of its own for the journal's notifications, and the feed behind it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import httpx

from innsyn.access.book.rule import Book
from innsyn.journal.subscription import SubscriptionFeed
from innsyn.journal.subscription_endpoint import PATH, Notifications, listening
from innsyn.journal.subscription_kept import Memory
from innsyn.journal.subscription_promise import Wish
from innsyn.journal.subscription_reading import Fhir
from innsyn.settings import SettingMissing, Settings
from innsyn.showing_who_we_are import let_in_at
from innsyn.work_lasting import lasting
from innsyn.worker import FEED, work


async def follow_subscription(settings: Settings, stop: asyncio.Event, book: Book) -> None:
    """Follow what the journal promises to tell, until told to stop."""
    async with subscribed(settings) as feed:
        await lasting(settings.database_worker, stop, "feed", lambda db: work(db, feed, stop, book))


@asynccontextmanager
async def subscribed(settings: Settings) -> AsyncIterator[SubscriptionFeed]:
    """The feed, and an open ear as long as the block lasts. Raises SettingMissing; OSError when the port is taken."""
    _must_be_private(settings)
    notifications = Notifications()
    # It connects when it has something to remember: a database that is away for a while is no reason to end.
    pool = await asyncpg.create_pool(settings.database_worker, min_size=0, max_size=2, command_timeout=10)
    try:
        async with (
            httpx.AsyncClient(trust_env=False) as http,
            listening(notifications, settings.subscription_host, settings.subscription_port) as port,
        ):
            endpoint = settings.subscription_endpoint or f"http://127.0.0.1:{port}"
            wish = Wish(settings.subscription_topic, endpoint.rstrip("/") + PATH)
            base = settings.journal_subscription
            fhir = Fhir(base, http, let_in_at(settings, base, http))
            yield SubscriptionFeed(FEED, fhir, wish, Memory(pool, FEED), notifications)
    finally:
        await asyncio.wait_for(pool.close(), 5)


def _must_be_private(settings: Settings) -> None:
    """The secret of the notifications is told over the first, and comes back over the second."""
    if not settings.production:
        return
    for name in ("journal_subscription", "subscription_endpoint"):
        if not getattr(settings, name).startswith("https://"):
            raise SettingMissing(f"In production INNSYN_{name.upper()} must begin with https://.")
