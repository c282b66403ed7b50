"""One entry for programs."""

from uuid import UUID

import msgspec
from litestar import MediaType, Response, get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath

from innsyn.access.opening import ReadSession
from innsyn.records.entries import Line
from innsyn.records.history.queries import TakenBackEntry
from innsyn.records.opened import queries
from innsyn.records.opened.queries import Document
from innsyn.web.problems import documented, problem


class OpenedEntry(msgspec.Struct, frozen=True):
    """An entry with what stands around it. `detail` has the fields of its kind; null for a placeholder.

    `members` are the results of a panel, `trend` the same thing measured over time (oldest first), `documents` are at
    /journal/{kind}/{id}/documents/{n}.
    """

    entry: Line
    detail: dict[str, object] | None
    members: list[Line]
    trend: list[Line]
    documents: list[Document]


@get(
    "/api/entries/{entry_id:uuid}",
    operation_id="entry",
    tags=["records"],
    include_in_schema=True,
    responses={
        200: ResponseSpec(OpenedEntry, description="The entry", generate_examples=False),
        **documented(401, 404, 410),
    },
)
async def entry(read_db: NamedDependency[ReadSession], entry_id: FromPath[UUID]) -> Response[bytes]:
    """One entry, if this reader may know of it."""
    opened = await queries.entry_of(read_db, None, entry_id)
    if isinstance(opened, TakenBackEntry):
        return problem(410, "taken_back")
    body = b'{"entry":%b,"detail":%b,"members":[%b],"trend":[%b],"documents":%b}' % (
        opened.line,
        opened.detail or b"null",
        b",".join(opened.members),
        b",".join(opened.trend),
        msgspec.json.encode(opened.documents),
    )
    return Response(body, media_type=MediaType.JSON)
