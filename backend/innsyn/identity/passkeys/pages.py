"""Unlocking: a page that asks the device for a passkey, and the answer. Both are absent where passkeys are off."""

import secrets
from datetime import timedelta
from typing import Annotated, Any, Final

import msgspec
import structlog
from litestar import Request, Response, Router, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency, Provide
from litestar.enums import RequestEncodingType
from litestar.params import Body, QueryParameter
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler

from innsyn.identity.login_pages import onward_path
from innsyn.identity.passkeys import commands, views
from innsyn.identity.passkeys.commands import Here, Limits
from innsyn.identity.passkeys.rules import PasskeyRefused, Site, shown_in, site_of
from innsyn.identity.sessions import cookie_name, token_of
from innsyn.settings import Settings
from innsyn.web.pages import html, locale_of

_log = structlog.get_logger()

UNLOCK: Final = "/unlock"
# As long as a challenge lives.
_LIVES: Final = timedelta(minutes=5)


class UnlockPage(msgspec.Struct, frozen=True):
    """`options` is for the page's script; `refused` is the key of why it did not go ('' the first time)."""

    options: str
    next: str
    refused: str


class UnlockForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the page's script fills in."""

    credential: str
    next: str = "/"


@get(UNLOCK)
async def unlock_page(
    request: Request[Any, Any, Any],
    settings: NamedDependency[Settings],
    site: NamedDependency[Site],
    onward: Annotated[str, QueryParameter(name="next")] = "/",
) -> Response[str]:
    """Ask this device for a passkey. It says nothing of who has one, or whether anybody has."""
    return await _asked(request, settings, site, onward)


@post(UNLOCK, status_code=303)
async def unlock(
    request: Request[Any, Any, Any],
    settings: NamedDependency[Settings],
    site: NamedDependency[Site],
    data: Annotated[UnlockForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Response[Any]:
    """Let in whoever has shown a passkey of theirs. Everybody else gets the same page again."""
    before = token_of(request.cookies.get(cookie_name(production=settings.production)))
    limits = Limits(timedelta(days=settings.passkey_days), settings.idle, settings.lifetime)
    pool = request.app.state.logins.pool
    try:
        here = Here(_secret_of(request, settings) or b"", before, "")
        value = await commands.unlock(pool, shown_in(data.credential), here, site, limits)
    except PasskeyRefused as refused:
        _log.info("identity:passkey:refused", refusal=type(refused).__name__, reason=refused.reason)
        return await _asked(request, settings, site, data.next, refused)
    cookies = [
        _cookie(settings, cookie_name(production=settings.production), value, None),
        _cookie(settings, _cookie_name(settings), "", timedelta(0)),
    ]
    return Redirect(onward_path(data.next), status_code=303, cookies=cookies)


async def _asked(
    request: Request[Any, Any, Any],
    settings: Settings,
    site: Site,
    onward: str,
    refused: PasskeyRefused | None = None,
) -> Response[str]:
    # One for all tabs of a browser, or a second page would spoil the first.
    secret = _secret_of(request, settings) or secrets.token_bytes(32)
    async with request.app.state.logins.transaction() as db:
        challenge = await commands.give_challenge(db, "unlock", secret)
    page = UnlockPage(
        views.to_unlock(challenge, site), onward_path(onward), refused.text_key if refused else ""
    )
    answer = html(locale_of(request), "identity/unlock.html", page, refused.status_code if refused else 200)
    answer.set_cookie(_cookie(settings, _cookie_name(settings), secret.hex(), _LIVES))
    return answer


def _secret_of(request: Request[Any, Any, Any], settings: Settings) -> bytes | None:
    try:
        return bytes.fromhex(request.cookies.get(_cookie_name(settings), "")) or None
    except ValueError:
        return None


def _cookie_name(settings: Settings) -> str:
    return "__Host-innsyn-unlock" if settings.production else "innsyn-unlock"


def _cookie(settings: Settings, name: str, value: str, lives: timedelta | None) -> Cookie:
    return Cookie(
        key=name,
        value=value,
        path="/",
        httponly=True,
        secure=settings.production,
        samesite="lax",
        max_age=None if lives is None else int(lives.total_seconds()),
    )


def routes(settings: Settings, *more: ControllerRouterHandler) -> list[ControllerRouterHandler]:
    """The addresses of passkeys, with those that need a Reader; none where the installation has them off."""
    if not settings.passkeys:
        return []
    site = site_of(settings.base_url)
    given = {"site": Provide(lambda: site, sync_to_thread=False, use_cache=True)}
    return [Router(path="/", route_handlers=[unlock_page, unlock, *more], dependencies=given)]
