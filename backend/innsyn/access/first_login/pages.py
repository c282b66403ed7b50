"""The first login: /start until the terms in force are agreed to, then the nearest relative, then on."""

from typing import Annotated, Any, Literal
from urllib.parse import quote
from uuid import UUID, uuid4

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromQuery, QueryParameter
from litestar.response import Redirect

from innsyn.access.acting import Acts
from innsyn.access.capability import Capability
from innsyn.access.first_login import commands, queries
from innsyn.access.first_login.commands import Answer
from innsyn.access.first_login.queries import Terms
from innsyn.access.first_login.views import Relative, Section, relatives_in, sections_of
from innsyn.access.opening import ReadSession
from innsyn.access.views import Who, who
from innsyn.identity.login_pages import onward_path
from innsyn.identity.sessions import choose_locale, token_of
from innsyn.web.dates import today_of
from innsyn.web.locale import LOCALES
from innsyn.web.marks import mark_of
from innsyn.web.pages import html, locale_of

_LONGEST_TEXT = 500


class StartPage(msgspec.Struct, frozen=True, kw_only=True):
    """What has to be agreed to before anything else is shown. `mark`: what the form carries."""

    name: str
    mark: str
    terms: Terms
    sections: list[Section]
    next: str


class AcceptForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The version that was read, and the language that it was read in."""

    version: str
    locale: Literal["nb", "nn", "en"]
    next: str = "/"


class KinPage(msgspec.Struct, frozen=True, kw_only=True):
    """`answer` is what was said the last time; `key` lets a form that is sent twice be one answer."""

    reader: Who
    relatives: list[Relative]
    answer: str
    next: str
    key: UUID


class KinForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the citizen says of it."""

    answer: Answer
    key: UUID
    text: Annotated[str, msgspec.Meta(max_length=_LONGEST_TEXT)] = ""
    next: str = "/"


class AgreedTerms(msgspec.Struct, frozen=True):
    """A version that has been agreed to, in words."""

    terms: Terms
    sections: list[Section]


class TermsPage(msgspec.Struct, frozen=True, kw_only=True):
    """What has been agreed to, newest first."""

    reader: Who
    agreed: list[AgreedTerms]


@get("/start")
async def start_page(
    request: Request[Any, Any, Any],
    read_db: NamedDependency[ReadSession],
    onward: Annotated[str, QueryParameter(name="next")] = "/",
    locale: FromQuery[str] = "",
) -> Response[Any]:
    """The terms, in the language that the citizen chooses on the way."""
    reader, terms = await queries.terms_to_agree_to(read_db)
    if terms.accepted is not None:
        return Redirect(onward_path(onward), status_code=303)
    language = locale if locale in LOCALES else locale_of(request, reader.locale)
    page = StartPage(
        name=reader.given_name or reader.name,
        mark=mark_of(reader.actor_id),
        terms=terms,
        sections=sections_of(terms.version, language),
        next=onward_path(onward),
    )
    return html(language, "identity/first_login.html", page)


@post("/start", status_code=303)
async def accept_terms(
    request: Request[Any, Any, Any],
    acts: NamedDependency[Acts],
    data: Annotated[AcceptForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Redirect:
    """Agree, keep the language, and go on to the nearest relative."""
    onward = quote(onward_path(data.next))
    async with acts.begin("start.accept", needs=Capability.SEE) as act:
        if not await commands.accept(act, data.version):
            return Redirect(f"/start?next={onward}", status_code=303)
        token = token_of(request.cookies.get(request.app.state.session_cookie))
        if token is not None:
            await choose_locale(act.db, token, data.locale)
    return Redirect(f"/start/kin?next={onward}", status_code=303)


@get("/start/kin")
async def kin_page(
    request: Request[Any, Any, Any],
    read_db: NamedDependency[ReadSession],
    onward: Annotated[str, QueryParameter(name="next")] = "/",
) -> Response[str]:
    """Whom the journal holds as the citizen's own people."""
    reader, landed, answer = await queries.kin_of(read_db)
    locale = locale_of(request, reader.locale)
    page = KinPage(
        reader=who(reader, locale),
        relatives=relatives_in(landed, today_of(reader.at)),
        answer=answer,
        next=onward_path(onward),
        key=uuid4(),
    )
    return html(locale, "identity/first_login_kin.html", page)


@post("/start/kin", status_code=303)
async def say_of_kin(
    acts: NamedDependency[Acts],
    data: Annotated[KinForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Redirect:
    """Right, not right, or later."""
    async with acts.begin("kin.say", needs=Capability.SEE) as act:
        await commands.say_of_kin(act, data.answer, data.text.strip(), data.key)
    return Redirect(onward_path(data.next), status_code=303)


@get("/settings/terms")
async def terms_page(request: Request[Any, Any, Any], read_db: NamedDependency[ReadSession]) -> Response[str]:
    """What has been agreed to, and when."""
    reader, agreed = await queries.agreed_terms_of(read_db)
    locale = locale_of(request, reader.locale)
    told = [AgreedTerms(terms, sections_of(terms.version, locale)) for terms in agreed]
    return html(locale, "identity/terms.html", TermsPage(reader=who(reader, locale), agreed=told))


routes = (start_page, accept_terms, kin_page, say_of_kin, terms_page)
