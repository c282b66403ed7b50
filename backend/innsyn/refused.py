"""How a "no" is said: a page for a person, problem+json for a program.

Nothing that was sent is repeated, with one exception: what somebody wrote in a form before the session ended is given
back to them, in the page that tells it.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import msgspec
import structlog
from asyncpg import (
    InsufficientResourcesError,
    InterfaceError,
    InternalClientError,
    LockNotAvailableError,
    OperatorInterventionError,
    PostgresConnectionError,
    ReadOnlySQLTransactionError,
    TransactionRollbackError,
)
from litestar import Litestar, Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.response import Redirect
from litestar.types import ASGIApp, Receive, Scope, Send

from innsyn.access.acting import StepUpNeeded
from innsyn.access.book.refusals import may_be_told, refused_by
from innsyn.access.book.views import RefusedPage
from innsyn.access.live.queries import HowItIs, how_it_is
from innsyn.access.opening import NoAccess, NotLoggedIn, ReadSession, TermsFirst, who_is_here
from innsyn.access.sessions.pages import SEND
from innsyn.access.sessions.rules import fits, is_own_form
from innsyn.access.views import Who, who
from innsyn.identity.passkeys.pages import UNLOCK
from innsyn.identity.sessions import token_of
from innsyn.logs import what_failed
from innsyn.measures import DATABASE_ERRORS
from innsyn.refusal import Refusal
from innsyn.web.pages import html, locale_of
from innsyn.web.problems import name_of, problem
from innsyn.web.whose import base_of

log = structlog.get_logger()

# Long enough for a queue to empty, short enough to be there when a database has come back.
_AGAIN_IN_SECONDS = "5"
# PostgreSQL is stopping, starting, full, another machine by now, or let somebody else go first: all of it passes.
_NOT_JUST_NOW = (
    PostgresConnectionError,
    OperatorInterventionError,
    InsufficientResourcesError,
    TransactionRollbackError,
    LockNotAvailableError,
    ReadOnlySQLTransactionError,
    InterfaceError,
    # asyncpg says so of a statement between the server's last word and the end of the connection.
    InternalClientError,
    OSError,
    TimeoutError,
)


class Kept(msgspec.Struct, frozen=True):
    """What was written in a form: it stands in the page and nowhere else. `action` takes it to the form's address."""

    action: str
    fields: list[tuple[str, str]]


class ExpiredPage(msgspec.Struct, frozen=True):
    """One has to log in (again). `reason` is a word; `login` leads back to where they were.

    `unlock`: where a passkey is asked for instead ('' nowhere).
    """

    login: str
    reason: str
    kept: Kept | None
    unlock: str


class ErrorPage(msgspec.Struct, frozen=True):
    """`code` is for support: it stands in the log beside what happened."""

    reader: Who | None
    text_key: str
    code: str


class _Later(Response[Any]):
    """An answer for which the database is asked first: Litestar's handlers of exceptions can not wait themselves."""

    def __init__(self, found: Callable[[], Awaitable[Response[Any]]]) -> None:
        super().__init__(None)
        self._found = found

    def to_asgi_response(  # type: ignore[override]  # an application is all that Litestar calls
        self,
        app: Litestar | None,
        request: Request[Any, Any, Any],
        **more: Any,  # noqa: ANN401 - as Litestar's own
    ) -> ASGIApp:
        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            found = await self._found()
            # Which methods an address takes, for one.
            found.headers.update(self.headers)
            await found.to_asgi_response(app, request, **more)(scope, receive, send)

        return answer


def say_no(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """The answer to any exception that leaves a handler."""
    status, text_key, code = _understood(request, error)
    answer = _said(request, error, status, text_key, code)
    if isinstance(error, HTTPException):
        # Which methods an address takes, for one.
        answer.headers.update(error.headers or {})
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        answer.headers["retry-after"] = _AGAIN_IN_SECONDS
    return answer


def _said(
    request: Request[Any, Any, Any], error: Exception, status: int, text_key: str, code: str
) -> Response[Any]:
    if request.url.path.startswith("/api/"):
        return problem(status, name_of(status), _parameters(error))
    if isinstance(error, TermsFirst):
        return Redirect(f"/start?next={quote(_address(request), safe='/')}", status_code=303)
    if isinstance(error, NotLoggedIn | StepUpNeeded):
        return _Later(partial(_log_in_page, request, status, step_up=isinstance(error, StepUpNeeded)))
    if isinstance(error, NoAccess) and may_be_told(error.rule):
        return _Later(partial(_rule_page, request, error.rule))
    if status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return _Later(partial(_page_with_reader, request, status, text_key))
    return _error_page(locale_of(request), None, status, text_key, code)


def _error_page(locale: str, reader: Who | None, status: int, text_key: str, code: str) -> Response[str]:
    template = "errors/not-found.html" if status == HTTPStatus.NOT_FOUND else "errors/failure.html"
    return html(locale, template, ErrorPage(reader, text_key, code), status)


async def _page_with_reader(request: Request[Any, Any, Any], status: int, text_key: str) -> Response[str]:
    """With the menu, for whoever is logged in: of their own pages, whatever address it was."""
    locale, reader = await _here(request)
    return _error_page(locale, reader, status, text_key, "")


async def _rule_page(request: Request[Any, Any, Any], rule: str) -> Response[str]:
    """Which rule says no, in words; the status is the one of what is not there."""
    locale, reader = await _here(request)
    refused = refused_by(rule, locale)
    assert refused is not None  # noqa: S101 - only rules of the book may be told
    page = RefusedPage(reader=reader, refused=refused, own=not base_of(request))
    return html(locale, "access/rules-refused.html", page, NoAccess.status_code)


async def _here(request: Request[Any, Any, Any]) -> tuple[str, Who | None]:
    """The language, and who is logged in with an own record to be led back to."""
    try:
        reader, _ = await ReadSession(request.app.state.pool, _token(request)).ask(who_is_here)
    except (Refusal, *_NOT_JUST_NOW):
        return locale_of(request), None
    locale = locale_of(request, reader.locale)
    return locale, who(reader, locale)


async def _log_in_page(request: Request[Any, Any, Any], status: int, *, step_up: bool) -> Response[str]:
    """Why one has to log in, as far as the browser's own cookie tells, and what was written, kept in the page."""
    how = await _how(request)
    reason = "step_up" if step_up else how.why if how and how.why else "none"
    kept = await _kept(request, how.mark) if how else None
    onward = "/session/back" if kept else _address(request) if request.method == "GET" else "/"
    login = f"/login?{'prompt=login&' if step_up else ''}next={quote(onward, safe='/')}"
    locale = locale_of(request, how.locale if how else "")
    unlock = _unlock(request, onward, step_up=step_up)
    return html(locale, "identity/expired.html", ExpiredPage(login, reason, kept, unlock), status)


def _unlock(request: Request[Any, Any, Any], onward: str, *, step_up: bool) -> str:
    # A passkey reminds of a login at ID-porten: it is no answer to whoever is asked for a new one.
    return "" if step_up or not request.app.state.passkeys else f"{UNLOCK}?next={quote(onward, safe='/')}"


async def _how(request: Request[Any, Any, Any]) -> HowItIs | None:
    token = _token(request)
    try:
        return await how_it_is(request.app.state.pool, token) if token else None
    except _NOT_JUST_NOW:
        return None


async def _kept(request: Request[Any, Any, Any], mark: str) -> Kept | None:
    """None where nothing was written, or nothing that a form of ours sends."""
    if request.method != "POST":
        return None
    address = _address(request)
    if address.startswith(SEND):
        # Sent again too early: it stays the form, and the words of the person, that it was.
        mark, _, path = address.removeprefix(SEND).partition("/")
        address = f"/{path}"
    if not mark or not is_own_form(address):
        return None
    try:
        form = await request.form()
    except HTTPException:
        return None
    fields = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
    return Kept(f"{SEND}{mark}{address}", fields) if fields and fits(fields) else None


def _address(request: Request[Any, Any, Any]) -> str:
    """The path and query as the browser has them, with what stands for somebody else's record."""
    query = request.url.query
    return f"{base_of(request)}{request.url.path}" + (f"?{query}" if query else "")


def _token(request: Request[Any, Any, Any]) -> bytes | None:
    return token_of(request.cookies.get(request.app.state.session_cookie))


def _parameters(error: Exception) -> list[str]:
    """The names of ours that the values did not fit; what Litestar says about the values is left out."""
    extra = error.extra if isinstance(error, ValidationException) else None
    # `from` is `from_` to Python.
    return [
        str(each["key"]).removesuffix("_") for each in extra or () if isinstance(each, dict) and "key" in each
    ]


def _understood(request: Request[Any, Any, Any], error: Exception) -> tuple[int, str, str]:
    """(status, text key, code for support)."""
    if isinstance(error, Refusal):
        return error.status_code, error.text_key, ""
    if isinstance(error, HTTPException) and error.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
        # An unknown kind in the address is an address that does not exist.
        missing = error.status_code == HTTPStatus.BAD_REQUEST and request.path_params.keys() & _parameters(
            error
        )
        return (HTTPStatus.NOT_FOUND if missing else error.status_code), "", ""
    code = uuid4().hex[:8]
    # The address can hold what somebody searched for, so only the route is logged.
    route = request.scope.get("path_template", "")
    if isinstance(error, _NOT_JUST_NOW):
        DATABASE_ERRORS.inc()
        log.error("not_just_now", code=code, route=route, error=type(error).__name__)
        return HTTPStatus.SERVICE_UNAVAILABLE, "refusal.unavailable", code
    log.error("failure", code=code, route=route, failed=what_failed(error))
    return HTTPStatus.INTERNAL_SERVER_ERROR, "", code
