"""The page that is kept on the device for when there is no network. It is the same for everybody."""

from typing import Any

from litestar import Request, Response, get

from innsyn.web.pages import html, locale_of


@get("/offline", sync_to_thread=False, include_in_schema=False)
def offline(request: Request[Any, Any, Any]) -> Response[str]:
    """No network: what that means, and what can be done."""
    answer = html(locale_of(request), "errors/offline.html", None)
    answer.headers["cache-control"] = "no-cache"
    return answer
