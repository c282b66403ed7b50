"""How a "no" is said: a page for a person, problem+json for a program. Nothing that was sent is repeated."""

from http import HTTPStatus
from typing import Any
from uuid import uuid4

import msgspec
import structlog
from asyncpg import InterfaceError, PostgresConnectionError, QueryCanceledError, TooManyConnectionsError
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException

from innsyn.access.opening import NotLoggedIn
from innsyn.logs import what_failed
from innsyn.refusal import Refusal
from innsyn.web.pages import html, locale_of
from innsyn.web.problems import name_of, problem

log = structlog.get_logger()

_NOT_JUST_NOW = (
    PostgresConnectionError,
    QueryCanceledError,
    TooManyConnectionsError,
    InterfaceError,
    OSError,
    TimeoutError,
)


class ExpiredPage(msgspec.Struct, frozen=True):
    """Nobody is logged in; `login` leads back to where they were."""

    login: str
    reason: str


class ErrorPage(msgspec.Struct, frozen=True):
    """`code` is for support: it stands in the log beside what happened."""

    reader: None
    text_key: str
    code: str


def say_no(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """The answer to any exception that leaves a handler."""
    status, text_key, code = _understood(request, error)
    answer = _said(request, error, status, text_key, code)
    if isinstance(error, HTTPException):
        # Which methods an address takes, for one.
        answer.headers.update(error.headers or {})
    return answer


def _said(
    request: Request[Any, Any, Any], error: Exception, status: int, text_key: str, code: str
) -> Response[Any]:
    if request.url.path.startswith("/api/"):
        return problem(status, name_of(status), _parameters(error))
    locale = locale_of(request)
    if isinstance(error, NotLoggedIn):
        here = request.url.path if request.method == "GET" else "/"
        return html(locale, "identity/expired.html", ExpiredPage(f"/login?next={here}", "none"), 401)
    template = "errors/not-found.html" if status == HTTPStatus.NOT_FOUND else "errors/failure.html"
    return html(locale, template, ErrorPage(None, text_key, code), status)


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
        log.error("not_just_now", code=code, route=route, error=type(error).__name__)
        return HTTPStatus.SERVICE_UNAVAILABLE, "refusal.unavailable", code
    log.error("failure", code=code, route=route, failed=what_failed(error))
    return HTTPStatus.INTERNAL_SERVER_ERROR, "", code
