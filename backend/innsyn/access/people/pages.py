"""Changing person: two taps from every page."""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect

from innsyn.access.opening import NotLoggedIn, ReadSession
from innsyn.access.people import queries
from innsyn.access.people.views import PeoplePage
from innsyn.access.views import who
from innsyn.identity import sessions
from innsyn.identity.login_pages import Logins
from innsyn.settings import Settings
from innsyn.web.pages import html, locale_of
from innsyn.web.whose import base_for


class ChoiceForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose record to open; '' is one's own."""

    handle: Annotated[str, msgspec.Meta(pattern=r"^([A-Za-z0-9_-]{16})?$")] = ""


@get("/people")
async def people(request: Request[Any, Any, Any], read_db: NamedDependency[ReadSession]) -> Response[str]:
    """Whose records are open to the person here."""
    reader, found = await queries.people_of(read_db)
    locale = locale_of(request, reader.locale)
    return html(locale, "access/people.html", PeoplePage(reader=who(reader, locale), people=found))


@post("/people", status_code=303)
async def choose_person(
    request: Request[Any, Any, Any],
    logins: NamedDependency[Logins],
    settings: NamedDependency[Settings],
    data: Annotated[ChoiceForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Redirect:
    """Go on in another record, with a new cookie: the one from before the change is worth nothing afterwards.

    Whether the record is open is asked where it is opened, as for every address.
    """
    name = sessions.cookie_name(production=settings.production)
    token = sessions.token_of(request.cookies.get(name))
    async with logins.transaction() as db:
        renewed = await sessions.renew_session(db, token) if token else None
    if renewed is None:
        raise NotLoggedIn
    cookie = Cookie(
        key=name, value=renewed, path="/", httponly=True, secure=settings.production, samesite="lax"
    )
    return Redirect(f"{base_for(data.handle)}/", status_code=303, cookies=[cookie])


routes = [people, choose_person]
