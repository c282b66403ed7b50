"""The rows of the log in the order of their sealing, and the seals: what the sealer and the auditor ask."""

from datetime import UTC, datetime
from typing import Any, NamedTuple

import asyncpg
from sqlalchemy import BigInteger, bindparam, func, literal_column, select, tuple_

from innsyn.access.audit.tables import Xid8, seal
from innsyn.access.audit.verify import Row, Seal
from innsyn.access.tables import log
from innsyn.db.statements import Statement

# Of a log that holds nothing.
BEGINNING = (0, 0)

_xid, _log_id = bindparam("xid", type_=Xid8), bindparam("log_id", type_=BigInteger)
_upto_xid, _upto_log_id = bindparam("upto_xid", type_=Xid8), bindparam("upto_log_id", type_=BigInteger)
_most = bindparam("most", type_=BigInteger)
_place = tuple_(log.c.xid, log.c.log_id)
_after = _place > tuple_(_xid, _log_id)
_upto = _place <= tuple_(_upto_xid, _upto_log_id)
_microseconds: Any = (func.extract("epoch", log.c.at) * literal_column("1000000")).cast(BigInteger)
_rows = select(
    log.c.log_id, log.c.xid, _microseconds, log.c.refused, log.c.act,
    func.uuid_send(log.c.subject_id), func.uuid_send(log.c.actor_id), func.uuid_send(log.c.session_id),
    func.uuid_send(log.c.entry_id), log.c.rule, log.c.purpose,
).order_by(log.c.xid, log.c.log_id)  # fmt: skip

# Every transaction before the oldest one that still runs is over: what it wrote is here, and nothing more can come.
_is_final = log.c.xid < func.pg_snapshot_xmin(func.pg_current_snapshot(), type_=Xid8)
_FINAL = Statement(_rows.add_columns(func.now()).where(_after, _is_final).limit(_most))
_BETWEEN = Statement(_rows.where(_after, _upto))
_AFTER = Statement(_rows.where(_after).limit(_most))
_OLDEST = Statement(
    select(func.now() - log.c.at).where(_after).order_by(log.c.xid, log.c.log_id).limit(literal_column("1"))
)
_NUMBERS_GO_ON = Statement(select(func.pg_snapshot_xmin(func.pg_current_snapshot(), type_=Xid8) > _xid))
_SEALS = Statement(
    select(seal)
    .where(seal.c.number > bindparam("number", type_=BigInteger))
    .order_by(seal.c.number)
    .limit(_most)
)
_NOTES = Statement(
    select(seal.c.number, seal.c.note)
    .where(seal.c.number > bindparam("number", type_=BigInteger))
    .order_by(seal.c.number)
    .limit(_most)
)
_NEWEST = Statement(
    select(seal.c.number, seal.c.at, seal.c.last_xid, seal.c.last_log_id, seal.c.peaks, seal.c.note)
    .order_by(seal.c.number.desc())
    .limit(literal_column("1"))
)
_KEEP = Statement(seal.insert())
# One sealer in all, however many workers run.
_LOCK = Statement(select(func.pg_try_advisory_lock(literal_column("7462"))))


class Final(NamedTuple):
    """Rows that are final and not sealed, in order, and when they were asked for."""

    rows: list[Row]
    at: datetime


async def take_lock(db: asyncpg.Connection) -> bool:
    """Be the one who seals, for as long as the connection lives; False while another is."""
    return bool(await db.fetchval(_LOCK.sql))


async def final_rows(db: asyncpg.Connection, after: tuple[int, int], most: int) -> Final | None:
    """The next `most` rows after (xid, log_id) before which nothing more can come; None: there are none."""
    found = await db.fetch(_FINAL.sql, *_FINAL.bind(xid=after[0], log_id=after[1], most=most))
    return Final([Row._make(each[:-1]) for each in found], found[0][-1]) if found else None


async def rows_between(db: asyncpg.Connection, after: tuple[int, int], upto: tuple[int, int]) -> list[Row]:
    """All rows after one (xid, log_id) and up to another."""
    given = _BETWEEN.bind(xid=after[0], log_id=after[1], upto_xid=upto[0], upto_log_id=upto[1])
    return [Row._make(each) for each in await db.fetch(_BETWEEN.sql, *given)]


async def rows_after(db: asyncpg.Connection, after: tuple[int, int], most: int) -> list[Row]:
    """The next `most` rows, final or not."""
    given = _AFTER.bind(xid=after[0], log_id=after[1], most=most)
    return [Row._make(each) for each in await db.fetch(_AFTER.sql, *given)]


async def oldest_wait(db: asyncpg.Connection, after: tuple[int, int]) -> float:
    """For how many seconds the first row after (xid, log_id) has been there; 0 without one."""
    found = await db.fetchval(_OLDEST.sql, *_OLDEST.bind(xid=after[0], log_id=after[1]))
    return found.total_seconds() if found else 0.0


async def numbers_go_on(db: asyncpg.Connection, last: tuple[int, int]) -> bool:
    """Whether new rows come after (xid, log_id). Not so where a dump was restored in a younger PostgreSQL."""
    return bool(await db.fetchval(_NUMBERS_GO_ON.sql, *_NUMBERS_GO_ON.bind(xid=last[0])))


async def seals_after(db: asyncpg.Connection, number: int, most: int) -> list[Seal]:
    """The next `most` seals."""
    found = await db.fetch(_SEALS.sql, *_SEALS.bind(number=number, most=most))
    return [
        Seal(each["number"], told_at(each["at"]), (each["last_xid"], each["last_log_id"]), each["leaves"],
             each["peaks"], each["note"])
        for each in found
    ]  # fmt: skip


async def newest_seal(db: asyncpg.Connection) -> Seal | None:
    """The last seal, without its leaves; None before the first."""
    each = await db.fetchrow(_NEWEST.sql)
    if each is None:
        return None
    last = each["last_xid"], each["last_log_id"]
    return Seal(each["number"], told_at(each["at"]), last, b"", each["peaks"], each["note"])


async def notes_after(db: asyncpg.Connection, number: int, most: int) -> list[tuple[int, str]]:
    """The checkpoints of the next `most` seals, by their numbers."""
    found = await db.fetch(_NOTES.sql, *_NOTES.bind(number=number, most=most))
    return [(each["number"], each["note"]) for each in found]


async def keep(db: asyncpg.Connection, seal_: Seal, size: int, at: datetime) -> None:
    """Add a seal. One statement: it is there whole, or not at all."""
    given = _KEEP.bind(
        number=seal_.number, size=size, at=at, last_xid=seal_.last[0], last_log_id=seal_.last[1],
        leaves=seal_.leaves, peaks=seal_.peaks, note=seal_.note,
    )  # fmt: skip
    await db.execute(_KEEP.sql, *given)


def told_at(at: datetime) -> str:
    """A time as checkpoints tell it."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
