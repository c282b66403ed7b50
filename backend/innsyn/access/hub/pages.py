"""The first page of access."""

from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency

from innsyn.access.hub import queries
from innsyn.access.hub.views import hub_of
from innsyn.access.opening import ReadSession
from innsyn.access.views import who
from innsyn.web.pages import html, locale_of


@get("/access")
async def hub(request: Request[Any, Any, Any], read_db: NamedDependency[ReadSession]) -> Response[str]:
    """Who may see my journal, and whose journals are open to me."""
    reader, seen = await queries.overview_of(read_db)
    locale = locale_of(request, reader.locale)
    return html(locale, "access/hub.html", hub_of(reader, seen, who(reader, locale)))


routes = (hub,)
