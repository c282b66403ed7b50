"""The form for whoever has got a code. Whatever is wrong with it, the answer is the same."""

from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect

from innsyn.access.acting import Acts
from innsyn.access.book.versions import version
from innsyn.access.fullmakt import codes, commands
from innsyn.access.fullmakt.forms import ClaimForm, claim_errors
from innsyn.access.fullmakt.pages import address_of
from innsyn.access.fullmakt.views import FieldError, InvitationPage
from innsyn.access.opening import ReadSession, who_is_here
from innsyn.access.reader import Reader
from innsyn.access.views import who
from innsyn.settings import Settings
from innsyn.web.pages import html, locale_of


@get("/access/invitation")
async def invitation_page(
    request: Request[Any, Any, Any], read_db: NamedDependency[ReadSession]
) -> Response[str]:
    """Where the code is typed in."""
    reader, _ = await read_db.ask(who_is_here)
    return _form(request, reader)


@post("/access/invitation", status_code=200)
async def claim(
    request: Request[Any, Any, Any],
    acts: NamedDependency[Acts],
    read_db: NamedDependency[ReadSession],
    settings: NamedDependency[Settings],
    data: Annotated[ClaimForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Response[Any]:
    """Take what somebody gives. What was typed is not repeated: the answer tells nothing of it."""
    reader, _ = await read_db.ask(who_is_here)
    code, errors = codes.read(data.code), claim_errors(data)
    if code is None or errors:
        return _form(request, reader, errors=errors)
    async with acts.begin("fullmakt.claim") as act:
        claimed = await commands.claim(act, code, data.name, version(settings.rule_book))
    if claimed is None:
        return _form(request, reader, refused=True)
    return Redirect(address_of(claimed), status_code=303)


def _form(
    request: Request[Any, Any, Any],
    reader: Reader,
    *,
    errors: tuple[FieldError, ...] = (),
    refused: bool = False,
) -> Response[str]:
    locale = locale_of(request, reader.locale)
    page = InvitationPage(reader=who(reader, locale), errors=errors, refused=refused)
    return html(locale, "access/invitation.html", page, 400 if errors or refused else 200)


routes = (invitation_page, claim)
