"""The ways out: from here, and from the provider, which tells in a frame (front channel) or by itself (back)."""

import asyncio
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final

import structlog
from litestar import MediaType, Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromQuery, QueryParameter
from litestar.response import Redirect

from innsyn.identity import logout_commands, oidc_sessions
from innsyn.identity.login_pages import Logins, browser_cookie, cookie, form_targets, redirect, session_token
from innsyn.identity.oidc_refusals import LoginRefused, ProviderNotTrusted
from innsyn.identity.sessions import cookie_name, end_session
from innsyn.web.pages import html, locale_of

_log = structlog.get_logger()

_DONE: Final = "/logout/done"
# ID-porten waits five seconds for an answer, and asks once. Only reading its keys anew can take that long.
_LONGEST_WAIT: Final = 4.0
_LONGEST_SID: Final = 500
_IN_A_FRAME: Final = "<!doctype html><title>Innsyn</title>"


@dataclass(frozen=True, slots=True)
class LoggedOutPage:
    """`everywhere`: the provider has been there as well, and sent the browser back."""

    everywhere: bool


@post("/logout")
async def logout(request: Request[Any, Any, Any], logins: NamedDependency[Logins]) -> Redirect:
    """End the session here, empty the browser, and go on to end it at the provider."""
    token = session_token(request, logins)
    # Its script has thrown away what is theirs, and says that answers of somebody else's wait there (decision 31).
    spares = "others" in await request.form()
    if token:
        async with logins.transaction() as db:
            await end_session(db, token)
    response = redirect(await _where_after(logins))
    for name in (cookie_name(production=logins.production), browser_cookie(logins)):
        # Deleted by name as well: Clear-Site-Data is for browsers that know it.
        response.set_cookie(cookie(logins, name, "", timedelta(0)))
    response.headers["clear-site-data"] = '"cache", "cookies"' if spares else '"cache", "cookies", "storage"'
    return response


async def _where_after(logins: Logins) -> str:
    state, now = secrets.token_urlsafe(32), datetime.now(UTC)
    try:
        url = await logins.relying_party.end_session_url(state, now=now)
    except LoginRefused as refused:
        # Logged out here is what counts; the provider's own session ends by itself.
        _log.warning("identity:logout:provider-not-reached", reason=refused.reason)
        return _DONE
    async with logins.transaction() as db:
        await logout_commands.remember(db, state, now)
    return url


@get(_DONE)
async def done(
    request: Request[Any, Any, Any],
    logins: NamedDependency[Logins],
    given: Annotated[str, QueryParameter(name="state")] = "",
) -> Response[Any]:
    """Where the provider sends the browser back to. Without the state that we gave it, it may not have been there."""
    if session_token(request, logins):
        # Somebody has logged in again since; whether that session lives, the first page finds out.
        return redirect("/")
    async with logins.transaction() as db:
        everywhere = await logout_commands.is_known(db, given, datetime.now(UTC))
    return html(locale_of(request), "identity/logout-done.html", LoggedOutPage(everywhere))


@get("/logout/front")
async def front(
    logins: NamedDependency[Logins], iss: FromQuery[str] = "", sid: FromQuery[str] = ""
) -> Response[str]:
    """Front-channel logout: the provider's page opens this in a frame, where no cookie comes along.

    The answer is the same whatever was asked: it tells nobody which sessions there are.
    """
    if iss == logins.issuer and 0 < len(sid) <= _LONGEST_SID:
        async with logins.transaction() as db:
            ended = await oidc_sessions.end_by_provider(db, iss, sid=sid)
        _log.info("identity:logout:front", sessions=ended)
    return Response(_IN_A_FRAME, media_type=MediaType.HTML, headers=_in_a_frame_of(logins.issuer))


def _in_a_frame_of(issuer: str) -> dict[str, str]:
    return {
        # The one page of ours that others may frame, and none but the provider. It has nothing on it.
        "content-security-policy": f"default-src 'none'; frame-ancestors {' '.join(form_targets(issuer))}",
        "cross-origin-resource-policy": "cross-origin",
        "cache-control": "no-store",
    }


@post("/logout/back", status_code=200)
async def back(
    logins: NamedDependency[Logins],
    data: Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Response[Any]:
    """Back-channel logout: the provider itself says who has logged out. 200 when it is done, 400 when it is not."""
    try:
        async with asyncio.timeout(_LONGEST_WAIT):
            ended = await _end_as_told(logins, data.get("logout_token", ""))
    except (LoginRefused, TimeoutError) as refused:
        _log.warning("identity:logout:refused", reason=getattr(refused, "reason", "too slow"))
        return _answer(400, {"error": "invalid_request"})
    _log.info("identity:logout:back", sessions=ended)
    return _answer(200, None)


async def _end_as_told(logins: Logins, token: str) -> int:
    now = datetime.now(UTC)
    told = await logins.relying_party.logout_told(token, now=now)
    async with logins.transaction() as db:
        if not await logout_commands.use(db, told.token, told.good_until, now):
            raise ProviderNotTrusted("logout_token: used before")
        return await oidc_sessions.end_by_provider(db, logins.issuer, sid=told.sid, sub=told.sub)


def _answer(status: int, body: dict[str, str] | None) -> Response[Any]:
    return Response(
        body, status_code=status, media_type=MediaType.JSON, headers={"cache-control": "no-store"}
    )


logout_routes = Router(path="/", route_handlers=[logout, done, front, back])
