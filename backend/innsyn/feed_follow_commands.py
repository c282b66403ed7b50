"""`innsyn feed follow`: what the worker does with the feed, in the foreground, for somebody who looks on."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

import asyncpg
import click
import httpx
import msgspec
from rich.console import Console
from rich.live import Live

from innsyn.access.book.versions import version
from innsyn.access.relations.taking import Taking
from innsyn.feed_running import database, run, settings_of
from innsyn.journal.port import Feed
from innsyn.journal.sequence import FeedFailed, SequenceFeed
from innsyn.settings import Settings
from innsyn.subscribing import subscribed
from innsyn.worker import FEED, REGISTRY, Intake, Tally
from innsyn.worker import follow as follow_feed

_PAUSE_SECONDS = 1.0
_LONGEST_PAUSE_SECONDS = 30.0


class Followed(msgspec.Struct):
    """What has become of all that was read since the command began. `trouble` is why nothing comes just now."""

    position: int = 0
    read: int = 0
    projected: int = 0
    not_shown: int = 0
    unchanged: int = 0
    quarantined: int = 0
    last: datetime | None = None
    trouble: str = ""

    def add(self, tally: Tally, position: int) -> None:
        """Count a reading in. Numbers alone are kept: it may go on for days."""
        for name in ("read", "projected", "not_shown", "unchanged"):
            setattr(self, name, getattr(self, name) + getattr(tally, name).total())
        self.quarantined += len(tally.quarantined)
        self.position, self.trouble = position, ""
        if tally.read:
            self.last = datetime.now().astimezone()

    def __str__(self) -> str:
        said = (
            f"{self.read} read = {self.projected} projected + {self.not_shown} not shown"
            f" + {self.quarantined} quarantined + {self.unchanged} unchanged; at {self.position}"
        )
        since = f", last at {self.last:%H:%M:%S}" if self.last else ""
        return f"{said}{since}" + (f"\n{self.trouble} Trying again." if self.trouble else "")


@click.command("follow")
@click.option("--once", is_flag=True, help="Take in what there is, and stop.")
def follow_command(once: bool) -> None:
    """Follow the journal's feed here, until Ctrl-C. It may go on beside `innsyn work`: nothing is taken in twice."""
    settings = settings_of()
    if settings.nats:
        raise click.UsageError("What comes by a stream is followed by `innsyn work`, which shares it out.")
    if not settings.journal_subscription:
        settings.must_have("journal_feed")
    console, followed = Console(soft_wrap=True), Followed()
    with Live(str(followed), console=console, auto_refresh=False, transient=True) as live:
        run(_follow(settings, once, followed, lambda: live.update(str(followed), refresh=True)))
    console.print(str(followed), markup=False, highlight=False)


async def _follow(settings: Settings, once: bool, followed: Followed, show: Callable[[], None]) -> None:
    stop = asyncio.Event()
    if not once:
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with _feed(settings) as feed, database(settings) as db:
        intake = Intake(db, feed.name, REGISTRY, relations_by=Taking(version(settings.rule_book)))
        if once:
            followed.add(await follow_feed(intake, feed, db), await intake.position())
            return
        await _go_on(intake, feed, db, stop, followed, show)


async def _go_on(
    intake: Intake,
    feed: Feed,
    db: asyncpg.Connection,
    stop: asyncio.Event,
    followed: Followed,
    show: Callable[[], None],
) -> None:
    pause = _PAUSE_SECONDS
    while not stop.is_set():
        try:
            followed.add(await follow_feed(intake, feed, db), await intake.position())
            pause = _PAUSE_SECONDS
        except FeedFailed as failed:
            followed.trouble = str(failed)
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)
        show()
        try:
            await asyncio.wait_for(stop.wait(), timeout=pause)
        except TimeoutError:
            continue


@asynccontextmanager
async def _feed(settings: Settings) -> AsyncIterator[Feed]:
    """What the worker would follow."""
    if settings.journal_subscription:
        async with subscribed(settings) as feed:
            yield feed
        return
    async with httpx.AsyncClient(trust_env=False) as http:
        yield SequenceFeed(FEED, settings.journal_feed, http)
