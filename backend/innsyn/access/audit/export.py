"""The whole log with its seals, in order: for the auditor, who checks it here or takes it away."""

import base64
import json
from bisect import bisect_right
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import asyncpg

from innsyn.access.audit import rows as stored
from innsyn.access.audit.verify import Audit, Row, Seal

_SEALS_AT_ONCE: Final = 32
_ROWS_AT_ONCE: Final = 20_000
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
Part = tuple[Seal | None, list[Row]]


@asynccontextmanager
async def as_of_now(db: asyncpg.Connection) -> AsyncIterator[datetime]:
    """A transaction that sees the log as it is at the time it gives, however long it takes."""
    async with db.transaction(isolation="repeatable_read", readonly=True):
        yield await db.fetchval("SELECT now()")


async def parts(db: asyncpg.Connection) -> AsyncIterator[Part]:
    """Each seal with the rows up to it, in order; at the end, under None, the rows that have none yet."""
    number, last = 0, stored.BEGINNING
    while seals := await stored.seals_after(db, number, _SEALS_AT_ONCE):
        upto = max([last, *(each.last for each in seals)])
        rows = await stored.rows_between(db, last, upto)
        for each, own in _shared_out(seals, rows):
            yield each, own
        number, last = seals[-1].number, upto
    while rows := await stored.rows_after(db, last, _ROWS_AT_ONCE):
        yield None, rows
        last = rows[-1].xid, rows[-1].log_id


def _shared_out(seals: Sequence[Seal], rows: list[Row]) -> Iterator[tuple[Seal, list[Row]]]:
    places, begin = [(row.xid, row.log_id) for row in rows], 0
    for each in seals[:-1]:
        end = max(begin, bisect_right(places, each.last))
        yield each, rows[begin:end]
        begin = end
    yield seals[-1], rows[begin:]


async def check(db: asyncpg.Connection, audit: Audit) -> int:
    """Check the database itself. Returns the exit status of verify.py."""
    async with as_of_now(db) as at:
        async for seal, rows in parts(db):
            if seal is None:
                audit.rest(rows)
            else:
                audit.take(seal, rows)
        return audit.end(at)


async def lines(db: asyncpg.Connection) -> AsyncIterator[str]:
    """The export, line by line: rows, then the seal that they are under; a last line tells how many rows there are."""
    number = 0
    async with as_of_now(db) as at:
        async for seal, rows in parts(db):
            number += len(rows)
            for row in rows:
                yield _json(row_told(row))
            if seal is not None:
                yield _json(_seal_told(seal))
        yield _json({"end": number, "at": stored.told_at(at)})


def row_told(row: Row) -> dict[str, object]:
    """A row as exports and proofs have it."""
    return {
        "log_id": row.log_id,
        "xid": row.xid,
        "at": stored.told_at(_EPOCH + timedelta(microseconds=row.at)),
        "refused": row.refused,
        "act": row.act,
        "subject_id": str(UUID(bytes=row.subject)),
        "actor_id": str(UUID(bytes=row.actor)),
        "session_id": str(UUID(bytes=row.session)),
        "entry_id": None if row.entry is None else str(UUID(bytes=row.entry)),
        "rule": row.rule,
        "purpose": row.purpose,
    }


def _seal_told(seal: Seal) -> dict[str, object]:
    return {
        "seal": seal.number,
        "at": seal.at,
        "last": seal.last,
        "leaves": base64.b64encode(seal.leaves).decode(),
        "peaks": base64.b64encode(seal.peaks).decode(),
        "note": seal.note,
    }


def _json(told: dict[str, object]) -> str:
    return json.dumps(told, separators=(",", ":"), ensure_ascii=False)
