"""Which forms can be filled in here, for anyone to read."""

from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from innsyn.access.opening import NoAccess, NotLoggedIn, ReadSession, TermsFirst, who_is_here
from innsyn.access.views import Who, who
from innsyn.forms.standard.views import standard_page
from innsyn.web.locale import LOCALES
from innsyn.web.pages import html, locale_of


@get("/forms/standard")
async def standard(
    request: Request[Any, Any, Any], read_db: NamedDependency[ReadSession], locale: FromQuery[str] = ""
) -> Response[str]:
    """Item types, extensions and limits, from the code itself. Of whoever reads, only the menu is shown."""
    here: Who | None = None
    language = locale_of(request, locale if locale in LOCALES else "")
    try:
        reader, _ = await read_db.ask(who_is_here)
    except (NotLoggedIn, NoAccess, TermsFirst):
        pass
    else:
        language = locale_of(request, reader.locale)
        here = who(reader, language)
    return html(language, "forms/standard.html", standard_page(language, here))


routes = [standard]
