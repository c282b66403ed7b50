"""Logging in, and proving oneself anew: two addresses, and the page for a login that came to nothing."""

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
from litestar import Request, Response, Router, get
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER

from innsyn.db.sessions import WriteSession, write_session
from innsyn.identity import oidc_attempts, oidc_sessions
from innsyn.identity.devices.commands import refuse_login
from innsyn.identity.devices.rules import browser_of
from innsyn.identity.oidc import Citizen, RelyingParty
from innsyn.identity.oidc_attempts import ATTEMPT_LIVES
from innsyn.identity.oidc_refusals import (
    LevelTooLow,
    LoginNotRecognised,
    LoginRefused,
    NationalIdentityRefused,
    NoNationalIdentity,
    ProviderNotTrusted,
)
from innsyn.identity.oidc_sessions import Begun, Proved
from innsyn.identity.sessions import cookie_name, token_of
from innsyn.web.pages import html, locale_of

_log = structlog.get_logger()

# Whatever the provider lacks, it passes over.
_UI_LOCALES: Final = {"nb": "nb", "nn": "nn nb", "en": "en nb"}
# Pages of ours that a login may lead to. A pattern and not a rule of what to keep out: an address that a browser
# reads otherwise than we do cannot be written in these letters.
_ONWARD: Final = re.compile(
    r"(?:/for/[A-Za-z0-9_-]{16})?"
    r"/(?:(?:journal|settings|access|people|rules|start|unlock|session/back)(?:/[A-Za-z0-9_-]+)*)?"
    r"(?:\?[A-Za-z0-9_.~%=&+-]*)?"
)
_LONGEST_ONWARD: Final = 500


@dataclass(frozen=True, slots=True)
class Logins:
    """What the pages need: the provider, the database as the role of logins, and how long a session lives."""

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
    """Why there was no login, and where to try again.

    `known`: the provider knows who it is, and goes on doing so until they log out there too.
    """

    text_key: str
    login: str
    known: bool


@get("/login")
async def login(
    request: Request[Any, Any, Any],
    logins: NamedDependency[Logins],
    onward: Annotated[str, QueryParameter(name="next")] = "/",
    prompt: FromQuery[str] = "",
    login_hint: FromQuery[str] = "",
) -> Redirect:
    """Send the browser to the provider, and remember where it wants to go afterwards.

    `prompt=login` (step-up): the citizen is asked anew, also when the provider knows somebody already.
    """
    url, attempt = await logins.relying_party.begin(
        onward_path(onward),
        now=datetime.now(UTC),
        ui_locales=_UI_LOCALES[locale_of(request, await _chosen_locale(request, logins))],
        prompt="login" if prompt == "login" else "",
        # How a test or a demo says who logs in; in production nobody says that but the citizen, at the provider.
        login_hint="" if logins.production else login_hint,
    )
    # One for all tabs of a browser, or a second login would spoil the first.
    browser = request.cookies.get(browser_cookie(logins)) or secrets.token_urlsafe(32)
    async with logins.transaction() as db:
        await oidc_attempts.remember(db, attempt, browser)
    return redirect(url, cookie(logins, browser_cookie(logins), browser, ATTEMPT_LIVES))


async def _chosen_locale(request: Request[Any, Any, Any], logins: Logins) -> str:
    token = session_token(request, logins)
    if not token:
        return ""
    async with logins.transaction() as db:
        return await oidc_sessions.locale_of(db, token)


def onward_path(asked: str) -> str:
    """`asked`, if it is the path of a page of ours; otherwise the first page."""
    return asked if len(asked) <= _LONGEST_ONWARD and _ONWARD.fullmatch(asked) else "/"


@get("/login/callback")
async def callback(request: Request[Any, Any, Any], logins: NamedDependency[Logins]) -> Redirect:
    """Take the provider's answer, and begin a session if it holds, or renew the one that there is."""
    answer = _answer_in(request)
    now = datetime.now(UTC)
    browser = request.cookies.get(browser_cookie(logins), "")
    async with logins.transaction() as db:
        attempt = await oidc_attempts.take(db, answer.get("state", ""), browser, now)
    if attempt is None:
        raise LoginNotRecognised("no such attempt in this browser")
    try:
        citizen = await logins.relying_party.finish(attempt, answer, now=now)
    except LevelTooLow as refused:
        await _tell_whose_it_was(request, logins, refused)
        raise
    begun = await _begin_session(request, logins, citizen, renews=attempt.fresh)
    # The page that somebody else was on is not a stranger's.
    onward = "/" if begun.stranger else attempt.next
    return redirect(onward, cookie(logins, cookie_name(production=logins.production), begun.cookie))


async def _tell_whose_it_was(request: Request[Any, Any, Any], logins: Logins, refused: LevelTooLow) -> None:
    """The person sees it in the own list of logins."""
    if refused.whose:
        kind, number = refused.whose
        browser = browser_of(request.headers.get("user-agent", ""))
        async with logins.transaction() as db:
            await refuse_login(db, system=kind, number=number, why="level_too_low", browser=browser)


async def _begin_session(
    request: Request[Any, Any, Any], logins: Logins, citizen: Citizen, *, renews: bool
) -> Begun:
    proved = Proved(
        system=citizen.kind,
        value=citizen.pid,
        acr=citizen.acr,
        issuer=logins.issuer,
        sid=citizen.sid,
        sub=citizen.sub,
        auth_time=citizen.auth_time,
    )
    async with logins.transaction() as db:
        return await oidc_sessions.log_in(
            db,
            proved,
            before=session_token(request, logins),
            renews=renews,
            idle=logins.idle,
            lifetime=logins.lifetime,
        )


def _answer_in(request: Request[Any, Any, Any]) -> Mapping[str, str]:
    given = list(request.query_params.multi_items())
    answer = dict(given)
    if len(answer) != len(given):
        raise ProviderNotTrusted("answer: a parameter twice")
    return answer


@get("/login/keys")
async def keys(logins: NamedDependency[Logins]) -> Response[bytes]:
    """Our public keys, by which the provider knows us: the newest, and those that are on their way out."""
    return Response(logins.relying_party.published_keys(), media_type="application/jwk-set+json")


def refused_page(request: Request[Any, Any, Any], refused: LoginRefused) -> Response[str]:
    """The page that says why, and how to try again."""
    _log.info("identity:login:refused", refusal=type(refused).__name__, reason=refused.reason)
    # Whoever came the whole way and was not let in would be sent straight back by the provider, which remembers them.
    known = isinstance(refused, LevelTooLow | NoNationalIdentity | NationalIdentityRefused)
    page = RefusedPage(refused.text_key, "/login?prompt=login" if known else "/login", known)
    return html(locale_of(request), "identity/refused.html", page, refused.status_code)


def session_token(request: Request[Any, Any, Any], logins: Logins) -> bytes | None:
    """What this browser's session is known by, whether it lives or not."""
    return token_of(request.cookies.get(cookie_name(production=logins.production)))


def browser_cookie(logins: Logins) -> str:
    """The name of the cookie that ties a login to the browser that began it."""
    return "__Host-innsyn-login" if logins.production else "innsyn-login"


def cookie(logins: Logins, name: str, value: str, lives: timedelta | None = None) -> Cookie:
    """A cookie of ours; without `lives` it goes when the browser is closed."""
    return Cookie(
        key=name,
        value=value,
        path="/",
        httponly=True,
        secure=logins.production,
        samesite="lax",  # strict would not come along on the way back from the provider
        max_age=None if lives is None else int(lives.total_seconds()),
    )


def redirect(url: str, *cookies: Cookie) -> Redirect:
    """On to `url`, with GET."""
    return Redirect(url, status_code=HTTP_303_SEE_OTHER, cookies=list(cookies))


def form_targets(issuer: str) -> tuple[str, ...]:
    """The provider's origins: the form for logging out may lead there, and they may tell us of a logout in a frame.

    Browsers count the redirect after a form. ID-porten's pages are at `login.` before its issuer's name, and
    those of a stand-in on this machine are not.
    """
    parts = urlsplit(issuer)
    pages = (f"https://login.{parts.netloc}",) if parts.scheme == "https" else ()
    return f"{parts.scheme}://{parts.netloc}", *pages


login_routes = Router(
    path="/", route_handlers=[login, callback, keys], exception_handlers={LoginRefused: refused_page}
)
