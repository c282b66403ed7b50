"""A page as an answer: rendered in the citizen's language, kept by nobody."""

from typing import Any

from litestar import MediaType, Request, Response

from innsyn.web.locale import negotiate
from innsyn.web.templates import render

LOCALE_COOKIE = "innsyn_locale"


def locale_of(request: Request[Any, Any, Any], chosen: str = "") -> str:
    """The language to answer in: the person's own choice, else this browser's, else what it asks for."""
    return negotiate(chosen, request.cookies.get(LOCALE_COOKIE), request.headers.get("accept-language"))


def html(locale: str, template: str, page: object, status: int = 200) -> Response[str]:
    """The template with its page. What is common to all answers (headers) is added on the way out."""
    return Response(
        render(locale, template, page),
        media_type=MediaType.HTML,
        status_code=status,
        headers={"content-language": locale},
    )
