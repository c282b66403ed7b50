"""Whom one may act for."""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import DateTime, Integer, Text, cast, column, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from innsyn.access.opening import Question, ReadSession, many
from innsyn.access.reader import Reader


class Represented(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody whose record is open to the person here. `rule` says why, `until` when it ends."""

    handle: str
    name: str
    given_name: str
    rule: str
    until: datetime


_NAMES = ("handle", "name", "given_name", "rule")
_people = func.access.people().table_valued(
    *(column(name, Text) for name in _NAMES),
    column("audience", Integer),
    column("capabilities", Integer),
    column("kinds", ARRAY(Text)),
    column("valid_until", DateTime(timezone=True)),
    name="people",
)
_as_json: Any = cast(
    func.json_build_object(
        *(part for name in _NAMES for part in (name, _people.c[name])), "until", _people.c.valid_until
    ),
    Text,
)

# Also for the first page of access, beside other questions.
represented = many(select(_as_json).select_from(_people).order_by(_people.c.name))
_PEOPLE = Question("people", people=represented)
read_represented = msgspec.json.Decoder(Represented).decode


async def people_of(db: ReadSession) -> tuple[Reader, list[Represented]]:
    """The person here, and whom they may act for now."""
    reader, row = await db.ask(_PEOPLE)
    return reader, [read_represented(each) for each in row["people"]]
