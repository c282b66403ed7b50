"""The same list for programs."""

from typing import Annotated

import msgspec
from litestar import MediaType, Response, get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import QueryParameter

from innsyn.access.opening import ReadSession
from innsyn.records.entries import Line
from innsyn.records.kinds import Kind
from innsyn.records.timeline import queries
from innsyn.records.timeline.asked import CURSOR, DAY, wanted_by
from innsyn.records.timeline.views import Filter
from innsyn.web.problems import documented, problem


class Entries(msgspec.Struct, frozen=True):
    """A page of entries, newest first. `next`: give it as `cursor` for the rest; empty when there is no more."""

    entries: list[Line]
    next: str


Typed = Annotated[str, QueryParameter(max_length=200)]
# Described here and read by `wanted_by`, which names every field that it does not understand.
_DAY = {"pattern": f"^({DAY.pattern})?$"}
OfKind = Annotated[str, QueryParameter(max_length=200, schema_extra={"enum": ["", *map(str, Kind)]})]
Begin = Annotated[str, QueryParameter(name="from", max_length=40, schema_extra=_DAY)]
End = Annotated[str, QueryParameter(max_length=40, schema_extra=_DAY)]
Cursor = Annotated[str, QueryParameter(max_length=200, schema_extra={"pattern": f"^({CURSOR.pattern})?$"})]


@get(
    "/api/entries",
    operation_id="entries",
    tags=["records"],
    include_in_schema=True,
    responses={
        200: ResponseSpec(Entries, description="A page of entries", generate_examples=False),
        **documented(401),
    },
)
async def entries(
    read_db: NamedDependency[ReadSession],
    kind: OfKind = "",
    source: Typed = "",
    from_: Begin = "",
    to: End = "",
    q: Typed = "",
    cursor: Cursor = "",
) -> Response[bytes]:
    """Entries by kind, source, period (`from` and `to` are days, both included) and words."""
    wanted, errors = wanted_by(Filter(kind=kind, source=source, from_=from_, to=to, q=q), cursor)
    if errors:
        return problem(400, "invalid_parameter", [error.field for error in errors])
    answer = await queries.lines_of(read_db, wanted)
    # Lines are JSON since they were projected: a list is put together, not encoded.
    body = b'{"entries":[%b],"next":"%b"}' % (b",".join(answer.lines), str(answer.cursor or "").encode())
    return Response(body, media_type=MediaType.JSON)
