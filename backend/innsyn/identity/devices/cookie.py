"""The cookie by which a device is recognised: set beside every new session cookie, whichever way one has logged in."""

import base64
import secrets
from collections.abc import Iterable
from datetime import timedelta
from http.cookies import CookieError, SimpleCookie
from typing import Any, Final

import structlog
from litestar import Request
from litestar.datastructures import Cookie
from litestar.types import BeforeMessageSendHookHandler, Message, Scope

from innsyn.db.pool import LOST
from innsyn.identity.devices.commands import meet_device
from innsyn.identity.devices.rules import browser_of
from innsyn.identity.sessions import cookie_name, token_of
from innsyn.settings import Settings

# As long as browsers keep a cookie at all. Logging out takes it along (Clear-Site-Data): a machine that others use too
# is not recognised again.
_LIVES: Final = timedelta(days=400)
_log = structlog.get_logger()


def device_cookie_name(*, production: bool) -> str:
    """As the session's cookie: bound to this host and to https in production."""
    return "__Host-innsyn-device" if production else "innsyn-device"


def remembering_devices(settings: Settings) -> BeforeMessageSendHookHandler:
    """For Litestar's before_send: an answer with a new session cookie gets a device cookie as well.

    Here and not in each of the ways to log in, so that none can be forgotten.
    """
    session_cookie = cookie_name(production=settings.production)

    async def remember(message: Message, scope: Scope) -> None:
        if message["type"] == "http.response.start":
            token = _token_given(message["headers"], session_cookie)
            if token is not None:
                kept = await _remembered(Request(scope), token, settings)
                message["headers"] = [*message["headers"], kept.to_encoded_header()]

    return remember


def _token_given(headers: Iterable[tuple[bytes, bytes]], name: str) -> bytes | None:
    start = f"{name}=".encode()
    given = [value for header, value in headers if header == b"set-cookie" and value.startswith(start)]
    if not given:
        return None
    try:
        return token_of(SimpleCookie(given[0].decode("latin-1"))[name].value)
    except CookieError:
        return None


async def _remembered(request: Request[Any, Any, Any], token: bytes, settings: Settings) -> Cookie:
    name = device_cookie_name(production=settings.production)
    secret = token_of(request.cookies.get(name)) or secrets.token_bytes(32)
    browser = browser_of(request.headers.get("user-agent", ""))
    try:
        async with request.app.state.logins.transaction() as db:
            await meet_device(db, token=token, cookie=secret, browser=browser, keep=settings.login_history)
    except LOST as failed:
        # Whoever has logged in is logged in; the list of devices is not worth turning them away.
        _log.warning("identity:device:not-remembered", error=type(failed).__name__)
    return Cookie(
        key=name,
        value=base64.urlsafe_b64encode(secret).rstrip(b"=").decode(),
        path="/",
        httponly=True,
        secure=settings.production,
        samesite="lax",
        max_age=int(_LIVES.total_seconds()),
    )
