"""The page of one entry."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from innsyn.access.opening import ReadSession
from innsyn.access.views import who
from innsyn.home.entry import queries
from innsyn.messages.views import rows_of
from innsyn.records.history.pages import taken_back
from innsyn.records.history.queries import TakenBackEntry
from innsyn.records.kinds import Kind
from innsyn.records.opened.pages import entry_page
from innsyn.web.pages import html, locale_of


@get("/journal/{kind:str}/{entry_id:uuid}")
async def entry(
    request: Request[Any, Any, Any],
    read_db: NamedDependency[ReadSession],
    kind: FromPath[Kind],
    entry_id: FromPath[UUID],
) -> Response[str]:
    """One entry, with what it is part of, how it has developed, and what has been written about it."""
    opened, asked = await queries.entry_of(read_db, kind, entry_id)
    if isinstance(opened, TakenBackEntry):
        return taken_back(request, opened.reader, opened.told)
    locale = locale_of(request, opened.reader.locale)
    page = entry_page(who(opened.reader, locale), kind, opened, asked=rows_of(asked))
    return html(locale, f"records/{kind}/entry.html", page)


routes = [entry]
