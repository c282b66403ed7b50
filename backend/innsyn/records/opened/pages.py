"""What the page of one entry shows of it (home/entry puts beside it what has been written about it), and its files."""

from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, PathParameter

from innsyn.access.opening import ReadSession
from innsyn.access.views import Who
from innsyn.records.details import DETAILS
from innsyn.records.entries import read_line
from innsyn.records.kinds import Kind
from innsyn.records.opened import queries
from innsyn.records.opened.queries import Opened
from innsyn.records.opened.views import DocumentLink, EntryPage, own_source_first

# A file came from outside: whatever it holds, it runs nothing, loads nothing and knows nothing of this site.
_SANDBOX = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"
)
_SHOWN_IN_PLACE = frozenset({"image/png", "image/jpeg"})


def entry_page(reader: Who, kind: Kind, opened: Opened, *, asked: Sequence[Any] = ()) -> EntryPage:
    """The page of an entry. `asked`: what has been written to the care services about it."""
    line = read_line(opened.line)
    return EntryPage(
        reader=reader,
        line=line,
        detail=msgspec.json.decode(opened.detail, type=DETAILS[kind]) if opened.detail else None,
        members=list(map(read_line, opened.members)),
        trend=list(map(read_line, opened.trend)) if len(opened.trend) > 1 else [],
        belongs_to=read_line(opened.belongs_to) if opened.belongs_to else None,
        documents=[DocumentLink(each.n, each.title, each.type, each.size) for each in opened.documents],
        sources=own_source_first(opened.sources, line.source),
        has_earlier=opened.has_earlier,
        asked=list(asked),
    )


@get("/journal/{kind:str}/{entry_id:uuid}/documents/{number:int}")
async def document(
    read_db: NamedDependency[ReadSession],
    kind: FromPath[Kind],
    entry_id: FromPath[UUID],
    number: Annotated[int, PathParameter(ge=1, le=1000)],
) -> Response[bytes]:
    """A file of the entry, in a sandbox. A PDF is saved: browsers show none in a sandbox."""
    file = await queries.document_of(read_db, kind, entry_id, number)
    place = "inline" if file.media_type in _SHOWN_IN_PLACE else "attachment"
    ending = f".{file.media_type.rpartition('/')[2]}"
    name = quote((file.title or "dokument").removesuffix(ending) + ending, safe="")
    return Response(
        file.body,
        media_type=file.media_type,
        headers={
            "content-security-policy": _SANDBOX,
            "content-disposition": f"{place}; filename*=UTF-8''{name}",
        },
    )


routes = [document]
