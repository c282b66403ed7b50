"""An export on the command line: what it is asked for, where it stopped last time, and that it has been taken in."""

from dataclasses import dataclass, field
from functools import partial

import asyncpg
import click
import httpx

from innsyn.feed_running import Bar
from innsyn.journal import bulk_kept, landing
from innsyn.journal.bulk_asking import Asking
from innsyn.journal.bulk_export import BulkExport, Order
from innsyn.journal.bulk_newcomers import ChangesAndNewcomers, Remembering
from innsyn.journal.bundles import instant_of
from innsyn.journal.letting_in import EVERYBODY, LetIn


@dataclass
class Exporting:
    """One `innsyn feed export`. `since`: None for where the last one stopped, '' for everything."""

    group: str
    source: str
    since: str | None
    http: httpx.AsyncClient
    files_at: tuple[str, ...]
    bar: Bar
    let_in: LetIn = EVERYBODY
    _feed: ChangesAndNewcomers | None = field(default=None, init=False)
    _follows_on: bool = field(default=True, init=False)

    async def open(self, db: asyncpg.Connection, name: str, _position: int) -> ChangesAndNewcomers:
        """The feed to read."""
        kept = await bulk_kept.kept(db, name, self.group)
        since = ("" if kept.is_incomplete else kept.since) if self.since is None else self.since
        if since and instant_of(since) is None:
            raise click.BadParameter("An instant has a date, a time and an offset: 2026-11-23T12:00:00Z.")
        self._follows_on = _follows_on(since, kept)

        async def unknown(patients: set[str]) -> set[str]:
            known = await landing.known(db, name, (("Patient", each) for each in patients))
            return patients - {id_ for _, id_ in known}

        async def is_incomplete() -> None:
            await bulk_kept.is_incomplete(db, name, self.group)

        self._feed = ChangesAndNewcomers(
            name, since, partial(self._order, name), Remembering(unknown, is_incomplete)
        )
        return self._feed

    async def done(self, db: asyncpg.Connection) -> None:
        """Everything has been taken in: the next export begins where this one ended."""
        if self._feed is not None and self._feed.transaction_time and self._follows_on:
            await bulk_kept.is_done(db, self._feed.name, self.group, self._feed.transaction_time)

    def _order(self, name: str, since: str, patients: tuple[str, ...], first: int) -> BulkExport:
        return BulkExport(
            name,
            Order(self.group, self.source, since, patients),
            partial(Asking, self.group, self.http, let_in=self.let_in, also_at=self.files_at),
            first=first,
            on_read=self.bar.read,
            on_progress=self.bar.tell,
        )


def _follows_on(since: str, kept: bulk_kept.Kept) -> bool:
    """Does nothing lie between the last export and this one? Then the next may go on from here."""
    asked, last = instant_of(since), instant_of(kept.since)
    return not since or (not kept.is_incomplete and asked is not None and last is not None and asked <= last)
