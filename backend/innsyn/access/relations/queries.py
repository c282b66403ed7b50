"""What is known of the permits ahead, in one round trip."""

from typing import Any

import msgspec
from sqlalchemy import Boolean, DateTime, Integer, Text, Uuid, cast, column, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from innsyn.access.opening import Question, ReadSession, many, reader
from innsyn.access.reader import Reader
from innsyn.access.relations.views import Ahead

_ahead = func.access.permits_ahead().table_valued(
    column("theirs", Boolean),
    column("other_id", Uuid),
    column("name", Text),
    column("given_name", Text),
    column("audience", Integer),
    column("capabilities", Integer),
    column("kinds", ARRAY(Text)),
    column("valid_from", DateTime(timezone=True)),
    column("valid_until", DateTime(timezone=True)),
    column("rule", Text),
    column("book", Text),
    column("origin", Text),
    name="ahead",
)
_as_json: Any = cast(
    func.json_build_object(
        *(part for each in _ahead.c if each.name not in {"book", "origin"} for part in (each.name, each)),
        "own",
        _ahead.c.other_id == reader.c.actor_id,
    ),
    Text,
)
_AHEAD = Question("access.changes", ahead=many(select(_as_json).select_from(_ahead)))
_read = msgspec.json.Decoder(Ahead).decode


async def permits_ahead(db: ReadSession) -> tuple[Reader, list[Ahead]]:
    """The person here, and every permit they give or use, now or later."""
    reader_, row = await db.ask(_AHEAD)
    return reader_, [_read(each) for each in row["ahead"]]
