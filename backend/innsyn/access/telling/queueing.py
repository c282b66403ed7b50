"""Queue what somebody is to be told of. In the transaction that makes it readable, as the worker."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec

from innsyn.access.telling import statements
from innsyn.access.telling.kinds import OF_ENTRIES
from innsyn.journal.fhir.reading import instant
from innsyn.journal.lookup import id_of
from innsyn.journal.projected import Became, Kept
from innsyn.journal.versions import Landed

_KINDS, _TOLD = list(OF_ENTRIES), list(OF_ENTRIES.values())


async def take(db: asyncpg.Connection, feed: str, became: Became, _gone: Sequence[Landed]) -> None:
    """Of what a batch has written: its entries, the forms that are asked for, and what units have written.

    The last of the takers: it looks at rows.
    """
    persons = {each.person_id for each in became.of_somebody}
    concerned = (
        {row["person_id"] for row in await db.fetch(statements.CONCERNED, list(persons))}
        if persons
        else set()
    )
    if not concerned:
        return
    of_them = [each for each in became.of_somebody if each.person_id in concerned]
    await db.execute(statements.ENTRIES, *_columns(feed, of_them), _KINDS, _TOLD)
    if tasks := [each for each in of_them if each.landed.kind == "Task"]:
        recorded = [each.landed.recorded_at for each in tasks]
        await db.execute(
            statements.TASKS, *_columns(feed, tasks), recorded, [_authored(each) for each in tasks]
        )
    if messages := [each for each in of_them if each.landed.kind == "Communication"]:
        await db.execute(statements.MESSAGES_IN, *_columns(feed, messages))


async def remind_of_forms(db: asyncpg.Connection, due: Collection[tuple[UUID, UUID, datetime]]) -> None:
    """Of these (person, task, moment that was due): each moment once."""
    if due:
        await db.execute(statements.REMINDERS, *map(list, zip(*due, strict=True)))


async def follow_opening(db: asyncpg.Connection, persons: Sequence[UUID]) -> None:
    """When what these persons' entries wait for has changed: their notices wait as long."""
    if persons:
        await db.execute(statements.OPENING, list(persons))


class _Task(msgspec.Struct, rename="camel"):
    authored_on: str = ""


def _authored(task: Kept) -> datetime | None:
    """Not form.task.asked_at: where nobody says when it was asked, that moves with each version."""
    return instant(msgspec.json.decode(task.landed.body or b"{}", type=_Task).authored_on)


def _columns(feed: str, kept: Sequence[Kept]) -> tuple[list[UUID], list[UUID]]:
    return [each.person_id for each in kept], [id_of(feed, each.landed.key) for each in kept]
