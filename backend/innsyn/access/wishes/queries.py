"""What a citizen has wished and asked for."""

from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Text, bindparam, cast, func, literal_column, select
from sqlalchemy.types import Uuid

from innsyn.access.opening import Question, ReadSession, many, one, reader
from innsyn.access.reader import Reader
from innsyn.access.wishes.refusals import NoSuchRequest
from innsyn.access.wishes.tables import release_wish, request
from innsyn.access.wishes.views import Made, RequestShown, shown
from innsyn.journal.outbox import read_leaving, states_of

_MOST: ColumnElement[int] = literal_column("200")
_mine = request.c.person_id == reader.c.subject_id
_made = cast(
    func.json_build_object(
        *("id", request.c.request_id, "what", request.c.what, "target", request.c.target),
        *("asked", request.c.asked_at, "withdrawn", request.c.withdrawn_at),
        *("outcome", request.c.outcome, "answered", request.c.answered_at),
    ),
    Text,
)
_read_made = msgspec.json.Decoder(Made).decode
_leaving = many(states_of(reader.c.subject_id, "Consent"))

_WISHES = Question(
    "wishes",
    wished=one(
        select(func.json_object_agg(release_wish.c.kind, release_wish.c.wish).cast(Text)).where(
            release_wish.c.person_id == reader.c.subject_id
        )
    ),
)
_REQUESTS = Question(
    "blocks",
    requests=many(select(_made).where(_mine).order_by(request.c.asked_at.desc()).limit(_MOST)),
    leaving=_leaving,
)
_REQUEST = Question(
    "blocks.one",
    request=one(select(_made).where(_mine, request.c.request_id == bindparam("request", type_=Uuid))),
    leaving=_leaving,
)


async def wishes_of(db: ReadSession) -> tuple[Reader, dict[str, str]]:
    """Kind → wish, of those kinds where anything is wished."""
    reader_, row = await db.ask(_WISHES)
    return reader_, msgspec.json.decode(row["wished"] or "{}", type=dict[str, str])


async def requests_of(db: ReadSession) -> tuple[Reader, list[RequestShown]]:
    """Everything asked of the journal, newest first."""
    reader_, row = await db.ask(_REQUESTS)
    leaving = {each.conversation: each for each in map(read_leaving, row["leaving"])}
    made = map(_read_made, row["requests"])
    return reader_, [shown(each, leaving.get(each.id)) for each in made]


async def request_of(db: ReadSession, request_id: UUID) -> tuple[Reader, RequestShown]:
    """One request. Raises NoSuchRequest: not there and somebody else's look the same."""
    reader_, row = await db.ask(_REQUEST, request=request_id)
    if row["request"] is None:
        raise NoSuchRequest
    made = _read_made(row["request"])
    leaving = {each.conversation: each for each in map(read_leaving, row["leaving"])}
    return reader_, shown(made, leaving.get(made.id))
