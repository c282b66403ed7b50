"""The citizen's own settings: the language. (Here and not in identity/, because a page shows who is reading.)"""

from typing import Annotated, Any, Literal

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromQuery
from litestar.response import Redirect

from innsyn.access.opening import NotLoggedIn, ReadSession, who_is_here
from innsyn.access.views import Who, who
from innsyn.db.sessions import WriteSession
from innsyn.identity import sessions
from innsyn.settings import Settings
from innsyn.web.pages import html, locale_of


class SettingsPage(msgspec.Struct, frozen=True, kw_only=True):
    """`language` is the stored choice, '' for none; `saved` right after saving; `passkeys`: they are on here."""

    reader: Who
    language: str
    saved: bool
    passkeys: bool


class LanguageForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The form on the settings page."""

    locale: Literal["nb", "nn", "en"]


@get("/settings")
async def settings_page(
    request: Request[Any, Any, Any],
    read_db: NamedDependency[ReadSession],
    settings: NamedDependency[Settings],
    saved: FromQuery[str] = "",
) -> Response[str]:
    """What the citizen has chosen."""
    reader, _ = await read_db.ask(who_is_here)
    locale = locale_of(request, reader.locale)
    page = SettingsPage(
        reader=who(reader, locale),
        language=reader.locale,
        saved=saved == "1",
        passkeys=settings.passkeys,
    )
    return html(locale, "identity/settings.html", page)


@post("/settings", status_code=303)
async def save_settings(
    request: Request[Any, Any, Any],
    write_db: NamedDependency[WriteSession],
    settings: NamedDependency[Settings],
    data: Annotated[LanguageForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Redirect:
    """Keep the language."""
    token = sessions.token_of(request.cookies.get(sessions.cookie_name(production=settings.production)))
    if token is None or not await sessions.choose_locale(write_db, token, data.locale):
        raise NotLoggedIn
    return Redirect("/settings?saved=1", status_code=303)
