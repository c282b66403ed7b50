"""One's own sessions; staying in this one; and what was written, sent again after a new login."""

import re
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from innsyn.access.acting import Acts
from innsyn.access.capability import Capability
from innsyn.access.live.queries import how_it_is
from innsyn.access.opening import NotLoggedIn, ReadSession, who_is_here
from innsyn.access.sessions import commands, queries
from innsyn.access.sessions.forms import OtherPerson
from innsyn.access.sessions.rules import is_own_form
from innsyn.access.sessions.views import BackPage, sessions_page
from innsyn.access.views import who
from innsyn.db.sessions import WriteSession
from innsyn.identity.sessions import token_of
from innsyn.settings import Settings
from innsyn.web.pages import html, locale_of

SEND: Final = "/session/send/"
# Whoever is logged in may end the own sessions, whatever else they may do.
_NOTHING: Final = Capability(0)
_FEW, _ALL = 20, 1000
_PATH: Final = re.compile(r"/[A-Za-z0-9_/-]*")


@get("/settings/sessions")
async def own_sessions(
    request: Request[Any, Any, Any],
    read_db: NamedDependency[ReadSession],
    settings: NamedDependency[Settings],
    history: FromQuery[str] = "",
    done: FromQuery[str] = "",
) -> Response[str]:
    """Where one is logged in, the devices that are known, and the logins of the last months."""
    most = _ALL if history == "all" else _FEW
    # Open ones come first, and few have more of them than they see.
    reader, logins, devices = await queries.sessions_of(read_db, most + _FEW)
    locale = locale_of(request, reader.locale)
    page = sessions_page(
        who(reader, locale),
        logins,
        devices,
        most=most,
        months=round(settings.login_history.days / 30.4),
        done=done,
    )
    return html(locale, "identity/sessions.html", page)


@post("/settings/sessions/{session_id:uuid}/end", status_code=303)
async def end_session(acts: NamedDependency[Acts], session_id: FromPath[UUID]) -> Redirect:
    """End one of one's own sessions; ending this one is logging out."""
    async with acts.begin("sessions.end", needs=_NOTHING) as act:
        if session_id == act.author.session_id:
            return _log_out()
        if not await commands.end_session(act, session_id):
            raise NotFoundException
    return Redirect("/settings/sessions?done=ended", status_code=303)


@post("/settings/sessions/end-others", status_code=303)
async def end_others(acts: NamedDependency[Acts]) -> Redirect:
    """End all of one's sessions but this one."""
    async with acts.begin("sessions.end_others", needs=_NOTHING) as act:
        await commands.end_other_sessions(act)
    return Redirect("/settings/sessions?done=others", status_code=303)


@post("/settings/sessions/end-all", status_code=303)
async def end_all(acts: NamedDependency[Acts]) -> Redirect:
    """End all of one's sessions, and this one by logging out, at ID-porten too."""
    async with acts.begin("sessions.end_all", needs=_NOTHING) as act:
        await commands.end_other_sessions(act)
    return _log_out()


def _log_out() -> Redirect:
    # 307: the form goes on to the address that logs out, and what a logout does is done there alone.
    return Redirect("/logout", status_code=307)


@post("/session/renew", status_code=303)
async def renew(request: Request[Any, Any, Any], write_db: NamedDependency[WriteSession]) -> Redirect:
    """Yes, I am still here. Leads back to the page that asked."""
    token = token_of(request.cookies.get(request.app.state.session_cookie))
    if token is None or not await commands.stay(write_db, token):
        raise NotLoggedIn
    page = urlsplit(request.headers.get("referer", "")).path
    return Redirect(page if _PATH.fullmatch(page) and "//" not in page else "/", status_code=303)


@get("/session/back")
async def back(request: Request[Any, Any, Any], read_db: NamedDependency[ReadSession]) -> Response[str]:
    """Logged in again beside a page that waits: this one may be closed."""
    reader, _ = await read_db.ask(who_is_here)
    locale = locale_of(request, reader.locale)
    return html(locale, "identity/session_back.html", BackPage(reader=who(reader, locale)))


@post("/session/send/{mark:str}/{path:path}", status_code=307)
async def send_again(request: Request[Any, Any, Any], mark: FromPath[str], path: FromPath[str]) -> Redirect:
    """Pass on what was written before the session ended, if it is the same person who is logged in now.

    307: the browser sends the same fields on to the form's own address, and nothing is kept here. Like every write it
    comes from a page of ours (web/gate.py), and the address is one that our forms post to.
    """
    query = request.url.query
    address = f"/{path.lstrip('/')}" + (f"?{query}" if query else "")
    if not is_own_form(address):
        raise NotFoundException
    state = request.app.state
    token = token_of(request.cookies.get(state.session_cookie))
    how = await how_it_is(state.pool, token) if token else None
    if how is None or how.why:
        raise NotLoggedIn
    if how.mark != mark:
        raise OtherPerson
    return Redirect(address, status_code=307)


routes = [own_sessions, end_session, end_others, end_all, renew, back, send_again]
