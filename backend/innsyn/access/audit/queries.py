"""The rows of one's own record, with the seals that they are under: what a proof is made of."""

from typing import Any, NamedTuple

import msgspec
from sqlalchemy import BigInteger, Text, bindparam, cast, func, literal_column, select, tuple_

from innsyn.access.audit.tables import seal
from innsyn.access.opening import Question, ReadSession, many, reader
from innsyn.access.reader import Reader
from innsyn.access.tables import log

MOST = 200
# Of which no row has a higher number.
NEWEST = 2**63 - 1


class SealOf(msgspec.Struct, frozen=True):
    """A seal that has one of the rows, and the tree that it was added to (hexadecimal, its full subtrees)."""

    number: int
    size: int
    last_xid: int
    last_log_id: int
    note: str
    peaks_before: str


class OwnRows(NamedTuple):
    """`rows` are JSON as in an export, newest first; `leaves` are those of each seal, in the seals' order."""

    reader: Reader
    rows: list[str]
    seals: list[SealOf]
    leaves: list[bytes]


def _text(value: Any) -> Any:  # noqa: ANN401 - of any column
    return cast(value, Text)


_at = func.to_char(
    func.timezone(literal_column("'UTC'"), log.c.at), literal_column("""'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'""")
)
_told = func.json_build_object(
    "log_id", log.c.log_id,
    "xid", cast(_text(log.c.xid), BigInteger),
    "at", _at,
    "refused", log.c.refused,
    "act", log.c.act,
    "subject_id", log.c.subject_id,
    "actor_id", log.c.actor_id,
    "session_id", log.c.session_id,
    "entry_id", log.c.entry_id,
    "rule", log.c.rule,
    "purpose", log.c.purpose,
)  # fmt: skip
_own = (
    select(log.c.xid, log.c.log_id, _text(_told).label("told"))
    .where(log.c.subject_id == reader.c.subject_id, log.c.log_id < bindparam("before", type_=BigInteger))
    .order_by(log.c.log_id.desc())
    .limit(literal_column(str(MOST)))
    .subquery("own")
)
# The first seal whose last row is not before this one.
_number = (
    select(seal.c.number)
    .where(tuple_(seal.c.last_xid, seal.c.last_log_id) >= tuple_(_own.c.xid, _own.c.log_id))
    .order_by(seal.c.last_xid, seal.c.last_log_id)
    .limit(literal_column("1"))
    .correlate(_own)
    .scalar_subquery()
)
_needed = select(_number.label("number")).select_from(_own).distinct().subquery("needed")
_before = seal.alias("before")
_with_before = _needed.join(seal, seal.c.number == _needed.c.number).outerjoin(
    _before, _before.c.number == seal.c.number - literal_column("1")
)
_seal_told = func.json_build_object(
    "number", seal.c.number,
    "size", seal.c.size,
    "last_xid", cast(_text(seal.c.last_xid), BigInteger),
    "last_log_id", seal.c.last_log_id,
    "note", seal.c.note,
    "peaks_before", func.coalesce(func.encode(_before.c.peaks, literal_column("'hex'")), literal_column("''")),
)  # fmt: skip
_OWN_ROWS = Question(
    "log.proof",
    rows=many(select(_own.c.told).order_by(_own.c.log_id.desc())),
    seals=many(select(_text(_seal_told)).select_from(_with_before).order_by(seal.c.number)),
    leaves=many(select(seal.c.leaves).select_from(_with_before).order_by(seal.c.number)),
)


async def own_rows(db: ReadSession, before: int = NEWEST) -> OwnRows:
    """The newest MOST rows of the own record with a lower number than `before`, and their seals."""
    opened, row = await db.ask(_OWN_ROWS, before=before)
    seals = [msgspec.json.decode(each, type=SealOf) for each in row["seals"]]
    return OwnRows(opened, row["rows"], seals, row["leaves"])
