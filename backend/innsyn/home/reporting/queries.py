"""An entry to point at, and the units that take what is said of it."""

from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import Text, and_, bindparam, cast, func, literal_column, or_, select
from sqlalchemy.types import Uuid

from innsyn.access.opening import Question, ReadSession, many, one, reader
from innsyn.access.reader import Reader
from innsyn.access.visibility import open_to
from innsyn.messages.queries import sees, unread_of
from innsyn.messages.tables import unit
from innsyn.records.entries import Line, entry, read_line
from innsyn.records.refusals import NoSuchEntry

_this = bindparam("entry", type_=Uuid)
_is_this: Any = and_(open_to(entry, reader), entry.c.entry_id == _this, sees)


class Unit(msgspec.Struct, frozen=True):
    """A unit that takes it."""

    unit_id: UUID
    name: str
    organisation: str


class Reported(NamedTuple):
    """The entry as it stands, as JSON, and those who can be told."""

    line: Line
    detail: dict[str, Any]
    units: list[Unit]
    unread: int


_read_unit: Final = msgspec.json.Decoder(Unit).decode
_told = cast(
    func.json_build_object(
        *("unit_id", unit.c.unit_id, "name", unit.c.name, "organisation", unit.c.organisation)
    ),
    Text,
)
_REPORT: Final = Question(
    "entry.report",
    line=one(select(entry.c.line).where(_is_this)),
    detail=one(select(entry.c.detail).where(_is_this)),
    units=many(
        select(_told)
        .where(
            sees,
            unit.c.is_active,
            or_(unit.c.may_write != literal_column("'self_only'"), literal_column("access.own()")),
            or_(bindparam("what", type_=Text) == func.any(unit.c.kinds)),
        )
        .order_by(unit.c.name, unit.c.unit_id)
        .limit(literal_column("200"))
    ),
    unread=unread_of(),
)


async def reported(db: ReadSession, entry_id: UUID, what: str) -> tuple[Reader, Reported]:
    """An entry whose content this reader sees, and who takes what is said of it. Raises NoSuchEntry."""
    reader_, row = await db.ask(_REPORT, entry=entry_id, what=what)
    if row["line"] is None:
        raise NoSuchEntry
    line = read_line(row["line"])
    units = sorted(map(_read_unit, row["units"]), key=lambda each: not _wrote(each, line))
    detail = msgspec.json.decode(row["detail"]) if row["detail"] else {}
    return reader_, Reported(line, detail, units, row["unread"])


def _wrote(each: Unit, line: Line) -> bool:
    """The unit that the entry is of, where there is one of that name."""
    return bool(line.organisation) and line.organisation in {each.name, each.organisation}
