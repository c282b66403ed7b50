"""`innsyn outbox`: what is to leave for the journal and has not arrived, and what to do about it."""

import sys
from collections.abc import Awaitable, Callable
from uuid import UUID

import asyncpg
import click
from rich.console import Console
from rich.table import Column, Table

from innsyn.feed_running import run, settings_of, when, with_database
from innsyn.journal import delivery_operating as operating
from innsyn.journal.delivery_operating import Kept
from innsyn.journal.outbox_tables import STATES

_which = click.argument("outbox_id", metavar="ID", type=click.UUID)


@click.group()
def outbox() -> None:
    """What citizens have sent: what has not arrived, why, and trying it again."""


@outbox.command("list")
@click.option("--state", default="", type=click.Choice(["", *STATES]), help="Only what is in this state.")
@click.option(
    "--most", default=200, show_default=True, type=click.IntRange(1, 100_000), help="At most so many."
)
def list_kept(state: str, most: int) -> None:
    """What has not arrived: what was given up first, then the oldest."""
    found = run(with_database(settings_of(), lambda db: operating.kept(db, state, most)))
    # An id that is cut off can not be given to the other commands.
    table = Table(
        Column("Id", no_wrap=True, min_width=36),
        "What",
        "State",
        "Since",
        "Tries",
        "Next",
        "Reason",
        title="Outbox",
        title_justify="left",
    )
    for each in found:
        waits = each.state in {"queued", "sent"}
        table.add_row(
            str(each.outbox_id),
            each.resource_type,
            _state(each),
            when(each.queued_at),
            str(each.tries),
            when(each.next_try_at) if waits else "",
            each.reason,
        )
    Console(soft_wrap=True).print(table if found else "Everything has arrived.")


@outbox.command()
@_which
@click.option("--body", is_flag=True, help="Print what is to leave. It holds health information.")
def show(outbox_id: UUID, body: bool) -> None:
    """One thing, with what the journal said to it."""
    settings = settings_of()
    each = run(with_database(settings, lambda db: operating.one(db, outbox_id)))
    if each is None:
        raise click.ClickException("There is nothing with this id in the outbox.")
    if body:
        sys.stdout.buffer.write(run(with_database(settings, lambda db: operating.body_of(db, outbox_id))))
        return
    click.echo(
        f"{each.outbox_id}\n  {each.resource_type}, {each.size} bytes,"
        f" number {each.number} of conversation {each.conversation}\n"
        f"  {_state(each)} since {when(each.answered_at or each.sent_at or each.queued_at)},"
        f" put here {when(each.queued_at)}, {each.tries} tries"
    )
    if each.reason:
        click.echo(f"  {each.reason}")
    for line in each.answer.splitlines():
        click.echo(f"  the journal: {line}")


@outbox.command()
@_which
def retry(outbox_id: UUID) -> None:
    """Try it again, from the beginning. The journal knows it by its id: what has arrived arrives no second time."""
    _change(outbox_id, operating.retry, "It is tried again now.")


@outbox.command("give-up")
@_which
def give_up(outbox_id: UUID) -> None:
    """Let it be, and let what comes after it leave. Its citizen goes on reading that it was not delivered."""
    _change(outbox_id, operating.give_up, "It is given up.")


def _change(
    outbox_id: UUID, change: Callable[[asyncpg.Connection, UUID], Awaitable[bool]], done: str
) -> None:
    async def ask(db: asyncpg.Connection) -> tuple[bool, Kept | None]:
        return await change(db, outbox_id), await operating.one(db, outbox_id)

    changed, each = run(with_database(settings_of(), ask))
    if each is None:
        raise click.ClickException("There is nothing with this id in the outbox.")
    if not changed:
        raise click.ClickException(f"Nothing was changed: it is {_state(each)}.")
    click.echo(done)


def _state(each: Kept) -> str:
    if each.given_up_at is not None:
        return "given up"
    return f"{each.state}, may have arrived" if each.unsure and each.state != "received" else each.state
