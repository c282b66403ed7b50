"""Errors for programs: application/problem+json (RFC 9457)."""

from collections.abc import Sequence

import msgspec
from litestar import Response


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """`type` is a stable name for programs to act on; `parameters` are the names of those that were wrong."""

    type: str
    title: str
    status: int
    parameters: Sequence[str] = ()


_TITLES = {
    "invalid_parameter": "A parameter can not be understood",
    "not_logged_in": "Log in first",
    "not_found": "There is no such thing, or it is not for you",
    "method_not_allowed": "This address does not take that method",
    "too_many_requests": "Too many requests: wait a little",
    "failure": "Something failed here; nothing was changed",
    "unavailable": "Not available just now: try again in a while",
}


def problem(status: int, name: str, parameters: Sequence[str] = ()) -> Response[bytes]:
    """The answer to a program whose request can not be met. It repeats nothing that was sent."""
    body = Problem(f"urn:innsyn:problem:{name}", _TITLES.get(name, name), status, tuple(parameters))
    return Response(msgspec.json.encode(body), status_code=status, media_type="application/problem+json")
