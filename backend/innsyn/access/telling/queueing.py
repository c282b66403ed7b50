"""Queue what somebody is to be told of. In the transaction that makes it readable, as the worker."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg

from innsyn.access.telling import statements
from innsyn.access.telling.kinds import OF_ENTRIES
from innsyn.journal.lookup import id_of
from innsyn.journal.projected import Became
from innsyn.journal.versions import Landed

_TASK: Final = "Task"
_KINDS, _TOLD = list(OF_ENTRIES), list(OF_ENTRIES.values())


async def take(db: asyncpg.Connection, feed: str, became: Became, _gone: Sequence[Landed]) -> None:
    """Of what a batch has written: its entries and the forms that are asked for. Messages tell of themselves.

    The last of the takers: it looks at rows.
    """
    written = [(each.person_id, id_of(feed, each.landed.key)) for each in became.of_somebody]
    if written:
        await db.execute(statements.ENTRIES, *_columns(written), _KINDS, _TOLD)
    noted = became.noted
    if tasks := [
        (each.person_id, id_of(feed, each.landed.key)) for each in noted if each.landed.kind == _TASK
    ]:
        await db.execute(statements.TASKS, *_columns(tasks))


async def tell_of_messages(db: asyncpg.Connection, messages: Collection[tuple[UUID, UUID]]) -> None:
    """Of these (person, message), after they were written. What a citizen wrote, and what is recalled, is left out.

    Twice is once: a message that has been told of is told of again only when it was corrected.
    """
    if messages:
        await db.execute(statements.MESSAGES, *_columns(messages))


async def remind_of_forms(db: asyncpg.Connection, due: Collection[tuple[UUID, UUID, datetime]]) -> None:
    """Of these (person, task, moment that was due): each moment once."""
    if due:
        await db.execute(statements.REMINDERS, *map(list, zip(*due, strict=True)))


async def follow_opening(db: asyncpg.Connection, persons: Sequence[UUID]) -> None:
    """When what these persons' entries wait for has changed: their notices wait as long."""
    if persons:
        await db.execute(statements.OPENING, list(persons))


def _columns(pairs: Collection[tuple[UUID, UUID]]) -> tuple[list[UUID], list[UUID]]:
    return [first for first, _ in pairs], [second for _, second in pairs]
