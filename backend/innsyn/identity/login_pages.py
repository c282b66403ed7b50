"""Logging in and out: three addresses, and the page for a login that came to nothing."""

import re
import secrets
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

import asyncpg
import structlog
from litestar import Request, Response, Router, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER

from innsyn.db.sessions import WriteSession, write_session
from innsyn.identity import oidc_attempts
from innsyn.identity.oidc import RelyingParty
from innsyn.identity.oidc_attempts import ATTEMPT_LIVES
from innsyn.identity.oidc_refusals import (
    LevelTooLow,
    LoginNotRecognised,
    LoginRefused,
    NationalIdentityRefused,
    NoNationalIdentity,
    ProviderNotTrusted,
)
from innsyn.identity.sessions import Login, cookie_name, end_session, start_session, token_of
from innsyn.web.pages import html, locale_of

_log = structlog.get_logger()

# Whatever the provider lacks, it passes over.
_UI_LOCALES: Final = {"nb": "nb", "nn": "nn nb", "en": "en nb"}
# Pages of ours that a login may lead to. A pattern and not a rule of what to keep out: an address that a browser
# reads otherwise than we do cannot be written in these letters.
_ONWARD: Final = re.compile(r"/(?:(?:journal|settings)(?:/[A-Za-z0-9_-]+)*)?(?:\?[A-Za-z0-9_.~%=&+-]*)?")
_LONGEST_ONWARD: Final = 500


@dataclass(frozen=True, slots=True)
class Logins:
    """What the pages need: the provider, the database, and how long a session lives."""

    relying_party: RelyingParty
    pool: asyncpg.Pool
    issuer: str
    production: bool
    idle: timedelta
    lifetime: timedelta

    def transaction(self) -> AbstractAsyncContextManager[WriteSession]:
        """A transaction of its own, and not one for the whole request.

        None is held while the provider is asked, which may take seconds; and an attempt that has been taken
        stays taken when the login is refused afterwards.
        """
        return write_session(self.pool)


@dataclass(frozen=True, slots=True)
class RefusedPage:
    """Why there was no login, and where to try again."""

    text_key: str
    login: str


@get("/login")
async def login(
    request: Request[Any, Any, Any],
    logins: NamedDependency[Logins],
    onward: Annotated[str, QueryParameter(name="next")] = "/",
    prompt: FromQuery[str] = "",
    login_hint: FromQuery[str] = "",
) -> Redirect:
    """Send the browser to the provider, and remember where it wants to go afterwards.

    `prompt=login`: the citizen is asked anew, also when the provider knows somebody already.
    """
    url, attempt = await logins.relying_party.begin(
        onward_path(onward),
        now=datetime.now(UTC),
        ui_locales=_UI_LOCALES[locale_of(request)],
        prompt="login" if prompt == "login" else "",
        # How a test or a demo says who logs in; in production nobody says that but the citizen, at the provider.
        login_hint="" if logins.production else login_hint,
    )
    # One for all tabs of a browser, or a second login would spoil the first.
    browser = request.cookies.get(_browser_cookie(logins)) or secrets.token_urlsafe(32)
    async with logins.transaction() as db:
        await oidc_attempts.remember(db, attempt, browser)
    return _redirect(url, _cookie(logins, _browser_cookie(logins), browser, ATTEMPT_LIVES))


def onward_path(asked: str) -> str:
    """`asked`, if it is the path of a page of ours; otherwise the first page."""
    return asked if len(asked) <= _LONGEST_ONWARD and _ONWARD.fullmatch(asked) else "/"


@get("/login/callback")
async def callback(request: Request[Any, Any, Any], logins: NamedDependency[Logins]) -> Redirect:
    """Take the provider's answer, and begin a session if it holds."""
    answer = _answer_in(request)
    now = datetime.now(UTC)
    browser = request.cookies.get(_browser_cookie(logins), "")
    async with logins.transaction() as db:
        attempt = await oidc_attempts.take(db, answer.get("state", ""), browser, now)
    if attempt is None:
        raise LoginNotRecognised("no such attempt in this browser")
    citizen = await logins.relying_party.finish(attempt, answer, now=now)
    async with logins.transaction() as db:
        before = await _end_earlier(db, request, logins)
        proved = Login(
            system=citizen.kind,
            number=citizen.pid,
            acr=citizen.acr,
            issuer=logins.issuer,
            sid=citizen.sid,
            auth_time=citizen.auth_time,
        )
        _, cookie = await start_session(db, proved, idle=logins.idle, lifetime=logins.lifetime, before=before)
    return _redirect(attempt.next, _cookie(logins, cookie_name(production=logins.production), cookie))


def _answer_in(request: Request[Any, Any, Any]) -> Mapping[str, str]:
    given = list(request.query_params.multi_items())
    answer = dict(given)
    if len(answer) != len(given):
        raise ProviderNotTrusted("answer: a parameter twice")
    return answer


async def _end_earlier(db: WriteSession, request: Request[Any, Any, Any], logins: Logins) -> bytes | None:
    token = token_of(request.cookies.get(cookie_name(production=logins.production)))
    if token:
        await end_session(db, token)
    return token


@post("/logout")
async def logout(request: Request[Any, Any, Any], logins: NamedDependency[Logins]) -> Redirect:
    """End the session here, empty the browser, and go on to end it at the provider."""
    async with logins.transaction() as db:
        await _end_earlier(db, request, logins)
    response = _redirect(await _where_after(logins))
    for name in (cookie_name(production=logins.production), _browser_cookie(logins)):
        # Deleted by name as well: Clear-Site-Data is for browsers that know it.
        response.set_cookie(_cookie(logins, name, "", timedelta(0)))
    response.headers["clear-site-data"] = '"cache", "cookies", "storage"'
    return response


async def _where_after(logins: Logins) -> str:
    try:
        return await logins.relying_party.end_session_url(now=datetime.now(UTC))
    except LoginRefused as refused:
        # Logged out here is what counts; the provider's own session ends by itself.
        _log.warning("identity:logout:provider-not-reached", reason=refused.reason)
        return "/"


def refused_page(request: Request[Any, Any, Any], refused: LoginRefused) -> Response[str]:
    """The page that says why, and how to try again."""
    _log.info("identity:login:refused", refusal=type(refused).__name__, reason=refused.reason)
    # Whoever came the whole way and was not let in would be sent straight back by the provider, which remembers them.
    known = isinstance(refused, LevelTooLow | NoNationalIdentity | NationalIdentityRefused)
    page = RefusedPage(refused.text_key, "/login?prompt=login" if known else "/login")
    return html(locale_of(request), "identity/refused.html", page, refused.status_code)


def _browser_cookie(logins: Logins) -> str:
    return "__Host-innsyn-login" if logins.production else "innsyn-login"


def _cookie(logins: Logins, name: str, value: str, lives: timedelta | None = None) -> Cookie:
    return Cookie(
        key=name,
        value=value,
        path="/",
        httponly=True,
        secure=logins.production,
        samesite="lax",  # strict would not come along on the way back from the provider
        max_age=None if lives is None else int(lives.total_seconds()),
    )


def _redirect(url: str, *cookies: Cookie) -> Redirect:
    return Redirect(url, status_code=HTTP_303_SEE_OTHER, cookies=list(cookies))


def form_targets(issuer: str) -> tuple[str, ...]:
    """Origins that the form for logging out may lead to, for the policy of the pages that have it.

    Browsers count the redirect after a form. ID-porten's pages are at `login.` before its issuer's name, and
    those of a stand-in on this machine are not.
    """
    parts = urlsplit(issuer)
    pages = (f"https://login.{parts.netloc}",) if parts.scheme == "https" else ()
    return f"{parts.scheme}://{parts.netloc}", *pages


login_routes = Router(
    path="/", route_handlers=[login, callback, logout], exception_handlers={LoginRefused: refused_page}
)
