"""`innsyn feed reconcile`: is everything here that its source says that it has?"""

import sys
from datetime import UTC, datetime, timedelta

import click
import httpx
import msgspec
from rich.console import Console
from rich.table import Table

from innsyn.feed_reconciling import FEED, compare, of_export
from innsyn.feed_running import database, run, settings_of
from innsyn.journal.reconcile_port import SETTLED_AFTER, AlreadyComparing, Difference, Reconciled, Wish
from innsyn.journal.reconcile_sources import SequenceVersions
from innsyn.settings import Settings
from innsyn.showing_who_we_are import let_in_at


@click.command("reconcile")
@click.option("--repair", is_flag=True, help="Fetch what differs and take it in.")
@click.option("--take-back", is_flag=True, help="Take back also what the source lacks suspiciously much of.")
@click.option(
    "--export", "group", metavar="ADDRESS", default="", help="Compare with an export of this Group."
)
@click.option(
    "--source", default="files", show_default=True, help="The service that an export is said to be of."
)
@click.option("--feed", "name", default="", help="The feed to compare; else that of the source.")
@click.option(
    "--settled-for",
    type=click.IntRange(0, 86_400),
    default=int(SETTLED_AFTER.total_seconds()),
    show_default=True,
    metavar="SECONDS",
    help="Leave alone what has changed within so long.",
)
@click.option("--json", "for_scripts", is_flag=True, help="Print the result as JSON.")
def reconcile_command(
    *, repair: bool, take_back: bool, group: str, source: str, name: str, settled_for: int, for_scripts: bool
) -> None:
    """Compare what has landed with what its source has: kind, id, version and bytes.

    Ends with 1 while anything differs.
    """
    settings = settings_of()
    if not group:
        settings.must_have("journal_feed")
    wish = Wish(
        now=datetime.now(UTC),
        settled_after=timedelta(seconds=settled_for),
        repair=repair,
        take_back=take_back,
    )
    try:
        done = run(_compared(settings, group, source, name or (f"files:{source}" if group else FEED), wish))
    except AlreadyComparing as busy:
        raise click.ClickException(str(busy)) from None
    if for_scripts:
        told = msgspec.structs.asdict(done) | {"differences": done.differences, "agrees": done.agrees}
        sys.stdout.buffer.write(msgspec.json.encode(told) + b"\n")
    else:
        _show(done, Console(soft_wrap=True))
    if not done.agrees:
        sys.exit(1)


async def _compared(settings: Settings, group: str, source: str, name: str, wish: Wish) -> Reconciled:
    async with database(settings) as db, httpx.AsyncClient(trust_env=False) as http:
        if group:
            by_version = not name.startswith("files:")
            let_in = let_in_at(settings, group, http)
            versions = of_export(group, source, http, by_version=by_version, let_in=let_in)
            return await compare(db, settings, name, versions, wish)
        return await compare(db, settings, name, SequenceVersions(settings.journal_feed, http), wish)


def _show(done: Reconciled, console: Console) -> None:
    if done.kinds:
        table = Table("Kind", title=f"What differs in {done.feed}", title_justify="left")
        for difference in Difference:
            table.add_column(difference.value, justify="right")
        for kind, counts in done.kinds.items():
            table.add_row(kind, *(str(counts.get(difference.value, "")) for difference in Difference))
        console.print(table)
    console.print(
        f"{done.told} at the source, {done.landed} here: {done.differences} differed, {done.left} still do.",
        markup=False,
    )
    if done.rotten:
        console.print(f"{done.rotten} had other bytes than had landed, {done.unhealed} still have.")
    if done.kept:
        why = "tells of nothing as new as what is here" if done.is_behind else "lacks them"
        console.print(f"{done.kept} were left alone, because the source {why}: --take-back believes it.")
    if done.renumbered:
        console.print("The source had begun to count anew: it is read on from where it is now.")
    if done.gaps_closed:
        console.print(f"{done.gaps_closed} known gaps are closed.")
