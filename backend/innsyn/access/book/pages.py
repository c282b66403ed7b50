"""The rule book, for anyone to read."""

from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from innsyn.access.book.versions import version
from innsyn.access.book.views import rules_page
from innsyn.access.opening import NoAccess, NotLoggedIn, ReadSession, TermsFirst, who_is_here
from innsyn.access.views import Who, who
from innsyn.settings import Settings
from innsyn.web.locale import LOCALES
from innsyn.web.pages import html, locale_of


@get("/rules")
async def rules(
    request: Request[Any, Any, Any],
    read_db: NamedDependency[ReadSession],
    settings: NamedDependency[Settings],
    locale: FromQuery[str] = "",
) -> Response[str]:
    """Every rule with what it means, whom it is for, and where it is from. Of whoever reads, only the menu is shown."""
    here: Who | None = None
    language = locale_of(request, locale if locale in LOCALES else "")
    try:
        reader, _ = await read_db.ask(who_is_here)
    except (NotLoggedIn, NoAccess, TermsFirst):
        pass
    else:
        language = locale_of(request, reader.locale)
        here = who(reader, language)
    return html(language, "access/rules.html", rules_page(version(settings.rule_book), here))


routes = [rules]
