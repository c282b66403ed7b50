"""Permits computed from relations and stored, for the persons that something has changed for."""

import hashlib
from collections.abc import Collection
from datetime import date
from uuid import UUID

import asyncpg

from innsyn.access.book.facts import Permit
from innsyn.access.book.rule import Book
from innsyn.access.book.rules import permits_of
from innsyn.access.relations.port import OwnRegister, Relations
from innsyn.access.relations.statements import (
    END_PERMITS,
    HOLD_THEIRS,
    OUTDATED,
    OWN_PERMITS,
    PERMIT,
    PUT_PERMITS,
)
from innsyn.db.batches import arrays

_AT_ONCE = 1_000


async def compute(
    db: asyncpg.Connection,
    book: Book,
    subjects: Collection[UUID],
    today: date,
    relations: Relations | None = None,
) -> None:
    """Make the permits of these persons' records what the rule book says of the relations there are now.

    Whoever is not yet the own master today has dated rows for the own record too. The same facts give the same rows.
    """
    pairs = await (relations or OwnRegister(db)).pairs(
        subjects, _years_before(today, book.rule("self").from_age)
    )
    permits = [permit for pair in pairs for permit in permits_of(pair, book)]
    ids = [permit_id(permit) for permit in permits]
    rows = [_row(permit, id_) for permit, id_ in zip(permits, ids, strict=True)]
    await db.execute(END_PERMITS.sql, *END_PERMITS.bind(ids=list(subjects), permits=ids))
    await db.execute(PUT_PERMITS.sql, *PUT_PERMITS.bind(**arrays((*PERMIT, "kind"), rows)))
    own = [pair.subject.person_id for pair in pairs if pair.own]
    await db.execute(OWN_PERMITS.sql, *OWN_PERMITS.bind(ids=list(subjects), own=own))


async def bring_up_to_date(db: asyncpg.Connection, book: Book, today: date) -> int:
    """Compute anew what another version of the rule book gave; how many persons' records that were."""
    subjects = [row["subject_id"] for row in await db.fetch(OUTDATED.sql, *OUTDATED.bind(book=book.key))]
    for begin in range(0, len(subjects), _AT_ONCE):
        some = subjects[begin : begin + _AT_ONCE]
        async with db.transaction():
            await db.execute(HOLD_THEIRS.sql, *HOLD_THEIRS.bind(ids=some))
            await compute(db, book, some, today)
    return len(subjects)


def permit_id(permit: Permit) -> UUID:
    """The id of a row: the same whenever the same facts are computed."""
    said = f"{permit.rule}/{permit.valid_from.isoformat()}".encode()
    whose = permit.subject_id.bytes + permit.actor_id.bytes + permit.origin_id.bytes
    return UUID(bytes=hashlib.blake2b(whose + said, digest_size=16).digest())


def _row(permit: Permit, id_: UUID) -> tuple[object, ...]:
    values = (id_ if name == "permit_id" else getattr(permit, name) for name in PERMIT)
    return (*values, None if permit.kinds is None else ",".join(permit.kinds))


def _years_before(today: date, years: int) -> date:
    """Who was born after this day has not yet turned so many years today."""
    year = today.year - years
    if (today.month, today.day) == (2, 29) and year % 4:
        return date(year, 2, 28)
    return today.replace(year=year)
