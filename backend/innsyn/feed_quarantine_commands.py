"""`innsyn feed quarantine retry`: what could not be used goes through intake again, and what became of each is told."""

import sys

import click
import msgspec
from rich.console import Console
from rich.table import Table

from innsyn.access.book.versions import version
from innsyn.feed_running import database, run, settings_of
from innsyn.feed_summary import without_numbers
from innsyn.journal import quarantine_tries
from innsyn.settings import Settings
from innsyn.trying_again import Tried, try_again

_MOST_LISTED = 200


@click.command("retry")
@click.argument("entries", nargs=-1, metavar="[ENTRY]…")
@click.option("--reason", default="", help="All that are here for this reason.")
@click.option("--all", "everything", is_flag=True, help="All that are here.")
@click.option("--json", "for_scripts", is_flag=True, help="Print what became of each as JSON.")
def retry(entries: tuple[str, ...], reason: str, everything: bool, for_scripts: bool) -> None:
    """Take entries in quarantine in again: kind/id or a digest, as `list` shows them.

    What can be used now leaves quarantine. No position moves, and nothing newer is written over.
    """
    if (bool(entries), bool(reason), everything).count(True) != 1:
        raise click.UsageError("Name entries, or --reason, or --all.")
    tried = run(_retry(settings_of(), entries, reason))
    if entries and not tried:
        raise click.ClickException("There is no such entry in quarantine.")
    if for_scripts:
        told = [msgspec.structs.replace(each, entry=without_numbers(each.entry)) for each in tried]
        sys.stdout.buffer.write(msgspec.json.encode(told) + b"\n")
    else:
        _show(tried, Console())


async def _retry(settings: Settings, entries: tuple[str, ...], reason: str) -> list[Tried]:
    async with database(settings) as db:
        kept = await (
            quarantine_tries.named(db, entries) if entries else quarantine_tries.of_reason(db, reason)
        )
        return await try_again(db, kept, version(settings.rule_book))


def _show(tried: list[Tried], console: Console) -> None:
    used = sum(each.used for each in tried)
    left = [each for each in tried if not each.used]
    table = Table("Feed", "Entry", "Tries", "Reason", "Explanation", title="Still in quarantine")
    for each in left[:_MOST_LISTED]:
        name = without_numbers(each.entry)
        table.add_row(each.feed, name, str(each.tries), each.reason, each.explanation)
    if left:
        console.print(table)
    console.print(f"{len(tried)} tried = {used} used + {len(left)} still in quarantine", markup=False)
