"""`innsyn feed`: take in files and exports, see how far each feed is read, look at what could not be used."""

import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import asyncpg
import click
import httpx
import msgspec
from rich.console import Console
from rich.table import Table

from innsyn.access.book.versions import version
from innsyn.access.relations.taking import Taking
from innsyn.feed_exporting import Exporting
from innsyn.feed_follow_commands import follow_command
from innsyn.feed_identifiers import assigning, identified
from innsyn.feed_quarantine_commands import retry
from innsyn.feed_reconcile_commands import reconcile_command
from innsyn.feed_replay_commands import replay
from innsyn.feed_running import (
    Bar,
    database,
    progress,
    reading,
    run,
    settings_of,
    when,
    with_database,
)
from innsyn.feed_summary import Loaded, as_json, show, without_numbers
from innsyn.journal import freshness, gaps, loading
from innsyn.journal.bulk import Files
from innsyn.journal.port import Entry, Feed
from innsyn.settings import Settings
from innsyn.showing_who_we_are import let_in_at
from innsyn.worker import REGISTRY, Intake, Tally

T = TypeVar("T")
Opening = Callable[[asyncpg.Connection, str, int], Awaitable[Feed]]
_SOURCE = "files"
_source = click.option("--source", default=_SOURCE, show_default=True, help="The service that wrote it.")
_assign = click.option(
    "--assign-test-identifiers", "assign", is_flag=True, help="Give a test number to patients without one."
)
_json = click.option("--json", "for_scripts", is_flag=True, help="Print the summary as JSON.")


@click.group()
def feed() -> None:
    """The journal's feed: load files, see how far it is read, look at what could not be used."""


@feed.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH…", type=click.Path(path_type=Path))
@_source
@_assign
@_json
def load(paths: tuple[Path, ...], source: str, assign: bool, for_scripts: bool) -> None:
    """Load folders and files: NDJSON, resources, bundles and finished exports. Loading them again changes nothing.

    Files of one --source belong together: references find each other, and what is loaded last is the newest.
    """
    settings = settings_of(assign)
    with progress(for_scripts) as bar:

        async def files(_db: asyncpg.Connection, name: str, position: int) -> Files:
            found = Files(paths, source, datetime.now(UTC), name=name, first=position, on_read=bar.read)
            bar.expect(found.size)
            return found

        loaded = run(_load(settings, f"files:{source}", files, assign))
    _tell(msgspec.structs.replace(loaded, bytes=bar.bytes), for_scripts)


@feed.command()
@click.argument("group", metavar="ADDRESS")
@click.option(
    "--since", metavar="INSTANT", help="Only what has changed since then; else since the last export."
)
@click.option("--whole", is_flag=True, help="Everything, also what an earlier export has brought.")
@click.option("--files-at", multiple=True, metavar="SERVER", help="Another server that the files may lie on.")
@_source
@_assign
@_json
def export(
    *,
    group: str,
    since: str | None,
    whole: bool,
    files_at: tuple[str, ...],
    source: str,
    assign: bool,
    for_scripts: bool,
) -> None:
    """Order a Bulk Data export from a server and load it. ADDRESS is that of a Group, as in https://host/fhir/Group/1.

    The next one asks for what has changed since this one, and for all there is of those whom it meets first.
    """
    settings = settings_of(assign)

    async def ordered(bar: Bar) -> Loaded:
        async with httpx.AsyncClient(trust_env=False) as http:
            let_in = let_in_at(settings, group, http)
            order = Exporting(group, source, "" if whole else since, http, files_at, bar, let_in)
            loaded = await _load(settings, f"files:{source}", order.open, assign)
            async with database(settings) as db:
                await order.done(db)
            return msgspec.structs.replace(loaded, bytes=bar.bytes)

    with progress(for_scripts) as bar:
        loaded = run(ordered(bar))
    _tell(loaded, for_scripts)


@feed.command()
def status() -> None:
    """How far each feed is read, and how fresh each service's part is."""
    feeds, sources, missed = run(_status(settings_of()))
    console = Console(soft_wrap=True)
    columns = ("Feed", "Parts", "Position", "Moved", "Versions kept", "Quarantined")
    read = Table(*columns, title="Feeds", title_justify="left")
    for each in feeds:
        counts = (str(each.parts), str(each.position), when(each.moved_at))
        read.add_row(each.feed, *counts, str(each.versions), str(each.quarantined))
    heard = Table("Service", "Name", "Newest entry", "Contact", "Delayed since", "Missing", title="Services")
    for one in sources:
        times = (when(at) for at in (one.last_entry_at, one.last_contact_at, one.delayed_since))
        heard.add_row(one.source, one.name, *times, str(one.missing or ""))
    console.print(read, heard)
    if missed:
        lacking = Table(
            "Feed", "Part", "After", "Until", "Service", "Noticed", title="Gaps", title_justify="left"
        )
        for gap in missed:
            place = (gap.feed, gap.part, str(gap.after), str(gap.until))
            lacking.add_row(*place, gap.source or "not known", when(gap.noticed_at))
        console.print(lacking)


@feed.group()
def quarantine() -> None:
    """What the journal sent that could not be used."""


@quarantine.command("list")
@click.option("--reason", default="", help="Only what is here for this reason.")
@click.option(
    "--most", default=200, show_default=True, type=click.IntRange(1, 100_000), help="At most so many."
)
def list_held(reason: str, most: int) -> None:
    """What is in quarantine, with the reasons."""
    held = run(with_database(settings_of(), lambda db: loading.held(db, reason, most)))
    table = Table(
        "Feed", "Entry", "Service", "Reason", "Explanation", title="Quarantine", title_justify="left"
    )
    for each in held:
        table.add_row(each.feed, without_numbers(each.entry), each.source, each.reason, each.explanation)
    Console().print(table if held else "Nothing is in quarantine.")


@quarantine.command("show")
@click.argument("entry")
@click.option("--body", is_flag=True, help="Print what was sent, as it came. It may hold health information.")
def show_held(entry: str, body: bool) -> None:
    """One entry in quarantine: kind/id, or the beginning of its digest."""
    settings = settings_of()
    held = run(with_database(settings, lambda db: loading.held_as(db, entry)))
    if not held:
        raise click.ClickException("There is no such entry in quarantine.")
    if body and len(held) > 1:
        raise click.ClickException("More than one entry begins so: give the whole name.")
    if body:
        one = held[0]
        sys.stdout.buffer.write(
            run(with_database(settings, lambda db: loading.body_of(db, one.feed, one.entry)))
        )
        return
    for each in held:
        click.echo(
            f"{without_numbers(each.entry)}\n  feed {each.feed}, service {each.source or 'not told'},"
            f" position {each.position}, {each.size} bytes, since {when(each.landed_at)}\n"
            f"  {each.reason}: {each.explanation}"
        )


async def _load(settings: Settings, name: str, opening: Opening, assign: bool) -> Loaded:
    began = time.perf_counter()
    async with database(settings) as db:
        relations = Taking(version(settings.rule_book))
        intake = Intake(db, name, REGISTRY, await assigning(db, name) if assign else None, relations)
        position = await intake.position()
        source, tally, handed, patients = await opening(db, name, position), Tally(), 0, set()
        # Closed in every case: an export that is broken off is still to be cancelled at its server.
        async with reading(source, position) as batches:
            async for batch in batches:
                handed += len(batch)
                patients |= {each.id for each in batch if isinstance(each, Entry) and each.kind == "Patient"}
                tally.add(await intake.take(batch))
        await freshness.told(db, await source.sources())
        people = await identified(db, name, patients) if assign else []
    return Loaded(name, handed, 0, time.perf_counter() - began, tally, people)


def _tell(loaded: Loaded, for_scripts: bool) -> None:
    if for_scripts:
        sys.stdout.buffer.write(as_json(loaded) + b"\n")
    else:
        show(loaded, Console())
    if not loaded.adds_up:
        raise click.ClickException("Something that was read stands nowhere: this is a defect of Innsyn.")


async def _status(
    settings: Settings,
) -> tuple[list[loading.FeedStatus], list[loading.SourceStatus], list[gaps.Gap]]:
    async with database(settings) as db:
        return await loading.feeds(db), await loading.sources(db), await gaps.known(db)


feed.add_command(reconcile_command)
quarantine.add_command(retry)
feed.add_command(replay)
feed.add_command(follow_command)
