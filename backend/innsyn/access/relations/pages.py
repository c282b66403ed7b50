"""What changes, and when: the bridge between a teenager and the parents."""

from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency

from innsyn.access.book.versions import version
from innsyn.access.opening import ReadSession
from innsyn.access.relations import queries
from innsyn.access.relations.views import changes_page
from innsyn.access.views import who
from innsyn.settings import Settings
from innsyn.web.pages import html, locale_of


@get("/access/changes")
async def changes(
    request: Request[Any, Any, Any],
    read_db: NamedDependency[ReadSession],
    settings: NamedDependency[Settings],
) -> Response[str]:
    """What opens and closes on a day that is known already."""
    reader, permits = await queries.permits_ahead(read_db)
    locale = locale_of(request, reader.locale)
    page = changes_page(who(reader, locale), permits, version(settings.rule_book))
    return html(locale, "access/changes.html", page)


routes = [changes]
