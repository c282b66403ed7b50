"""Everything of access that one looks at first, in one round trip."""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import DateTime, Integer, Text, cast, column, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from innsyn.access.fullmakt.queries import Concerned, fullmakts, read_concerned
from innsyn.access.opening import Question, ReadSession, many
from innsyn.access.people.queries import Represented, read_represented, represented
from innsyn.access.reader import Reader


class ByRule(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who may open the own record because a rule says so, and not because the person has."""

    name: str
    rule: str
    until: datetime


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """The fullmakts of the person here, those that a rule lets in, and whom the person may act for."""

    fullmakts: list[Concerned]
    by_rule: list[ByRule]
    represented: list[Represented]


_by_rule = func.access.readers_by_rule().table_valued(
    column("name", Text),
    column("rule", Text),
    column("capabilities", Integer),
    column("kinds", ARRAY(Text)),
    column("valid_until", DateTime(timezone=True)),
    name="by_rule",
)
_as_json: Any = cast(
    func.json_build_object("name", _by_rule.c.name, "rule", _by_rule.c.rule, "until", _by_rule.c.valid_until),
    Text,
)
_ALL = Question(
    "access",
    fullmakts=fullmakts,
    by_rule=many(select(_as_json).select_from(_by_rule)),
    represented=represented,
)
_read_by_rule = msgspec.json.Decoder(ByRule).decode


async def overview_of(db: ReadSession) -> tuple[Reader, Overview]:
    """The person here, and who has access to what."""
    reader, row = await db.ask(_ALL)
    return reader, Overview(
        fullmakts=list(read_concerned(row["fullmakts"], reader)),
        by_rule=[_read_by_rule(each) for each in row["by_rule"]],
        represented=[read_represented(each) for each in row["represented"]],
    )
