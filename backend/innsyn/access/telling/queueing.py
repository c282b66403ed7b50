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

# What is beside the entries, by the type of its resource.
_BESIDE: Final = {"Task": statements.TASKS, "Communication": statements.MESSAGES_IN}
_KINDS, _TOLD = list(OF_ENTRIES), list(OF_ENTRIES.values())


async def take(db: asyncpg.Connection, feed: str, became: Became, _gone: Sequence[Landed]) -> None:
    """Of what a batch has written: its entries, the forms that are asked for, and what units have written.

    The last of the takers: it looks at rows.
    """
    written = [(each.person_id, id_of(feed, each.landed.key)) for each in became.of_somebody]
    if written:
        await db.execute(statements.ENTRIES, *_columns(written), _KINDS, _TOLD)
    for kind, statement in _BESIDE.items():
        beside = [each for each in became.noted if each.landed.kind == kind]
        if beside:
            keys = [(each.person_id, id_of(feed, each.landed.key)) for each in beside]
            await db.execute(statement, *_columns(keys))


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
