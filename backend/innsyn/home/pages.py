"""The first page, for those who are logged in and for those who are not."""

from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Redirect

from innsyn.access.opening import NotLoggedIn, ReadSession
from innsyn.access.views import who
from innsyn.forms.tasks.queries import sees_forms
from innsyn.forms.tasks.views import rows_of
from innsyn.home import queries
from innsyn.home.queries import Overview
from innsyn.home.views import AreaTile, HomePage, WelcomePage, gone_of, in_order, names, stopped
from innsyn.identity.passkeys.pages import UNLOCK
from innsyn.messages.queries import sees_messages
from innsyn.records.entries import read_line
from innsyn.records.history.reading import read_told
from innsyn.records.kinds import Kind
from innsyn.settings import Settings
from innsyn.web.locale import LOCALES
from innsyn.web.pages import LOCALE_COOKIE, html, locale_of
from innsyn.web.whose import base_of, handle_of


@get("/")
async def home(
    request: Request[Any, Any, Any],
    read_db: NamedDependency[ReadSession],
    settings: NamedDependency[Settings],
    locale: FromQuery[str] = "",
) -> Response[Any]:
    """What is next, new and to be found; or what this is and how to log in."""
    try:
        found = await queries.overview_of(read_db)
    except NotLoggedIn:
        if handle_of(request):
            raise
        return _welcome(request, settings, locale)
    if found.reader.only_forms:
        # There is nothing else, and what is not open is not to look as if it were empty.
        return Redirect(f"{base_of(request)}/forms", status_code=303)
    language = locale_of(request, found.reader.locale)
    here = who(found.reader, language)
    page = HomePage(
        reader=here,
        to_do=rows_of(found.to_do, found.reader.at),
        to_do_count=found.to_do_count,
        has_forms=sees_forms(found.reader),
        unread=found.unread if sees_messages(found.reader) else 0,
        notices=found.notices if found.reader.own else 0,
        next=read_line(found.next) if found.next else None,
        news=[read_line(line) for line in found.news],
        news_count=found.news_count + found.taken_count,
        taken=gone_of(map(read_told, found.taken), here.base, found.reader.at, language),
        areas=in_order(_tiles(found)),
        sources=found.sources,
        undelivered=stopped(found.undelivered, own=not handle_of(request)),
    )
    return html(language, "home.html", page)


def _tiles(found: Overview) -> list[AreaTile]:
    return [
        AreaTile(
            kind=area.kind,
            count=area.count,
            active=area.active,
            since=area.since,
            note=names(map(read_line, found.allergies)) if area.kind == Kind.ALLERGIES else "",
        )
        for area in found.areas
    ]


def _welcome(request: Request[Any, Any, Any], settings: Settings, asked: str) -> Response[str]:
    chosen = asked if asked in LOCALES else ""
    language = locale_of(request, chosen)
    page = WelcomePage("/login", demo=not settings.production, unlock=UNLOCK if settings.passkeys else "")
    answer = html(language, "welcome.html", page)
    if chosen:
        answer.set_cookie(
            LOCALE_COOKIE,
            chosen,
            max_age=31_536_000,
            httponly=True,
            samesite="lax",
            secure=settings.production,
        )
    return answer
