"""Choosing whom to write to, and writing to them."""

from typing import Any
from uuid import UUID, uuid4

import msgspec
from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from innsyn.access.opening import NoAccess, ReadSession
from innsyn.access.views import who
from innsyn.messages.new import queries, views
from innsyn.messages.pages import writes
from innsyn.messages.views import Writing, files_of
from innsyn.web.pages import html, locale_of


@get("/messages/new")
async def units(request: Request[Any, Any, Any], read_db: NamedDependency[ReadSession]) -> Response[str]:
    """Whom one can write to, and about what."""
    reader, found, unread = await queries.units_of(read_db)
    if not writes(reader):
        raise NoAccess
    locale = locale_of(request, reader.locale)
    return html(locale, "messages/new.html", views.units_page(who(reader, locale), reader, found, unread))


@get("/messages/new/{unit_id:uuid}")
async def new(
    request: Request[Any, Any, Any], read_db: NamedDependency[ReadSession], unit_id: FromPath[UUID]
) -> Response[str]:
    """What to know before writing to this unit, and where to write."""
    return await compose_page(request, read_db, unit_id, Writing(draft_id=uuid4()))


async def compose_page(
    request: Request[Any, Any, Any],
    read_db: ReadSession,
    unit_id: UUID | None,
    writing: Writing,
    kind: str = "",
    status: int = 200,
) -> Response[str]:
    """The page with what is being written. Raises NoAccess."""
    reader, found = await queries.composed(read_db, unit_id, writing.draft_id)
    if found.unit is None or not writes(reader):
        raise NoAccess
    if found.draft is not None:
        writing = msgspec.structs.replace(writing, files=files_of(found.draft.files))
    locale = locale_of(request, reader.locale)
    page = views.compose_page(who(reader, locale), reader, found.unit, writing, kind, found.unread)
    return html(locale, "messages/compose.html", page, status)


routes = [units, new]
