"""Errors for programs: application/problem+json (RFC 9457)."""

from collections.abc import Sequence
from http import HTTPStatus

import msgspec
from litestar import Response
from litestar.openapi.datastructures import ResponseSpec
from litestar.types import HTTPScope, Send

MEDIA_TYPE = "application/problem+json"


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """`type` is a stable name for programs to act on; `parameters` are the names of those that were wrong."""

    type: str
    title: str
    status: int
    parameters: Sequence[str] = ()


_TITLES = {
    "invalid_parameter": "A parameter can not be understood",
    "not_logged_in": "Log in first",
    "forbidden": "This can only be done from our own pages",
    "not_found": "There is no such thing, or it is not for you",
    "taken_back": "This was here, and has been taken back",
    "method_not_allowed": "This address does not take that method",
    "too_large": "This is more than can be taken",
    "unsupported_media_type": "This address does not take that kind of content",
    "too_many_requests": "Too many requests: wait a little",
    "refused": "This can not be done",
    "failure": "Something failed here; nothing was changed",
    "unavailable": "Not available just now: try again in a while",
}
_NAMES = {
    400: "invalid_parameter",
    401: "not_logged_in",
    403: "forbidden",
    404: "not_found",
    410: "taken_back",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_media_type",
    429: "too_many_requests",
    503: "unavailable",
}


def name_of(status: int) -> str:
    """The name of the problem that a status without a reason of its own tells of."""
    return _NAMES.get(status, "failure" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "refused")


def problem(status: int, name: str, parameters: Sequence[str] = ()) -> Response[bytes]:
    """The answer to a program whose request can not be met. It repeats nothing that was sent."""
    return Response(_encoded(status, name, parameters), status_code=status, media_type=MEDIA_TYPE)


async def send_bare(scope: HTTPScope, send: Send, status: int, name: str) -> None:
    """Answer from outside the router: a problem under /api/, elsewhere the status alone."""
    for_a_program = scope["path"].startswith("/api/")
    body = _encoded(status, name, ()) if for_a_program else b""
    headers = [(b"content-length", str(len(body)).encode())]
    if for_a_program:
        headers.append((b"content-type", MEDIA_TYPE.encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


def documented(*statuses: int) -> dict[int, ResponseSpec]:
    """These answers for the OpenAPI document. Any address can also be asked wrongly (400), or at a bad time (503)."""
    return {
        status: ResponseSpec(
            Problem,
            description=_TITLES[name_of(status)],
            generate_examples=False,
            media_type=MEDIA_TYPE,
        )
        for status in sorted({400, 503, *statuses})
    }


def _encoded(status: int, name: str, parameters: Sequence[str]) -> bytes:
    title = _TITLES.get(name, name)
    return msgspec.json.encode(Problem(f"urn:innsyn:problem:{name}", title, status, tuple(parameters)))
