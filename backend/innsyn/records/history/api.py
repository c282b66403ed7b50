"""What an entry said before, for programs."""

from uuid import UUID

import msgspec
from litestar import MediaType, Response, get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath

from innsyn.access.opening import ReadSession
from innsyn.records.entries import Line
from innsyn.records.history import queries
from innsyn.records.history.queries import TakenBackEntry, Version
from innsyn.web.dates import as_utc
from innsyn.web.problems import documented, problem


class EntryVersion(msgspec.Struct, frozen=True):
    """A version of an entry: its number, the UTC instant when it came, and what it said. `detail` is of its kind."""

    version: int
    landed: str
    entry: Line
    detail: dict[str, object]


class EntryVersions(msgspec.Struct, frozen=True):
    """The newest version first. `more`: there are older ones than these."""

    versions: list[EntryVersion]
    more: bool


@get(
    "/api/entries/{entry_id:uuid}/versions",
    operation_id="entry_versions",
    tags=["records"],
    include_in_schema=True,
    responses={
        200: ResponseSpec(
            EntryVersions, description="The entry as it is and as it was", generate_examples=False
        ),
        **documented(401, 404, 410),
    },
)
async def entry_versions(read_db: NamedDependency[ReadSession], entry_id: FromPath[UUID]) -> Response[bytes]:
    """What an entry said before, as far as this reader may see it. 410: it has been taken back."""
    found = await queries.versions_of(read_db, None, entry_id)
    if isinstance(found, TakenBackEntry):
        return problem(410, "taken_back")
    all_versions = b",".join(map(_as_json, [found.now, *found.earlier]))
    body = b'{"versions":[%b],"more":%b}' % (all_versions, b"true" if found.more else b"false")
    return Response(body, media_type=MediaType.JSON)


def _as_json(version: Version) -> bytes:
    return b'{"version":%d,"landed":"%b","entry":%b,"detail":%b}' % (
        version.number,
        as_utc(version.landed).encode(),
        version.line,
        version.detail,
    )
