"""What every `innsyn feed` command stands on: its settings, a connection as the worker, and how failures are told."""

import asyncio
import os
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from typing import TypeVar

import asyncpg
import click
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TransferSpeedColumn,
)

from innsyn import settings as settings_module
from innsyn.demo.home import with_running_demo
from innsyn.journal.bulk import NoSuchFile
from innsyn.journal.port import Entry, Feed, Unusable
from innsyn.journal.sequence import FeedFailed
from innsyn.settings import SettingMissing, Settings

T = TypeVar("T")


class Bar:
    """The progress of a load, and how many bytes it has read."""

    def __init__(self, progress: Progress) -> None:
        self.bytes = 0
        self._progress = progress
        self._task = progress.add_task("Reading", total=None)

    def expect(self, size: int) -> None:
        """There will be so many bytes."""
        self._progress.update(self._task, total=size)

    def tell(self, text: str) -> None:
        """How far the other side says that it is."""
        self._progress.update(self._task, description=f"Waiting: {escape(text)}" if text else "Waiting")

    def read(self, size: int) -> None:
        """So many more bytes have been read."""
        self.bytes += size
        self._progress.update(self._task, advance=size, description="Reading")


@contextmanager
def progress(for_scripts: bool) -> Iterator[Bar]:
    """A bar on standard error, where somebody looks on."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, disable=for_scripts or not console.is_terminal) as shown:
        yield Bar(shown)


async def with_database(
    settings: Settings, ask: Callable[[asyncpg.Connection], Coroutine[None, None, T]]
) -> T:
    """Ask one thing of the database."""
    async with database(settings) as db:
        return await ask(db)


@asynccontextmanager
async def database(settings: Settings) -> AsyncIterator[asyncpg.Connection]:
    """A connection as the worker, until the end of the block. Raises ClickException with what to do."""
    try:
        db = await asyncpg.connect(
            settings.database_worker, server_settings={"application_name": "innsyn-feed"}
        )
    except (OSError, asyncpg.PostgresError) as reason:
        raise click.ClickException(f"The database cannot be reached ({type(reason).__name__}).") from None
    try:
        yield db
    except asyncpg.UndefinedTableError:
        raise click.ClickException("The database is not up to date: run `innsyn migrate` first.") from None
    finally:
        await db.close()


@asynccontextmanager
async def reading(feed: Feed, position: int) -> AsyncIterator[AsyncIterator[list[Entry | Unusable]]]:
    """What a feed has after `position`, closed in every case: what was ordered for it is still to be cancelled."""
    batches = feed.after(position)
    try:
        yield batches
    finally:
        if isinstance(batches, AsyncGenerator):
            await batches.aclose()


def run(task: Coroutine[None, None, T]) -> T:
    """Run it. Raises ClickException for what a feed or file refuses."""
    try:
        return asyncio.run(task)
    except (NoSuchFile, FeedFailed) as reason:
        raise click.ClickException(str(reason)) from None


def settings_of(assign: bool = False) -> Settings:
    """The settings, also those of a demo that runs. Raises ClickException for what is missing."""
    try:
        settings = settings_module.read(with_running_demo(os.environ))
        settings.must_have("database_worker")
    except SettingMissing as missing:
        raise click.ClickException(str(missing)) from None
    if assign and settings.production:
        raise click.UsageError("Test identifiers are never given in production.")
    return settings


def when(at: datetime | None) -> str:
    """In the time zone of the operator; empty for never."""
    return at.astimezone().isoformat(sep=" ", timespec="seconds") if at else ""
