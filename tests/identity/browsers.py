"""Browsers at our login pages in this process; the provider is on the network."""

from typing import Any, Final

import httpx
from litestar import Litestar
from litestar.di import Provide

from innsyn.identity.login_pages import Logins, login_routes
from innsyn.identity.logout_pages import logout_routes
from innsyn.web.gate import Gate

OURS: Final = "http://localhost:8000"
Browser = httpx.AsyncClient


def browser_at(logins: Logins, base_url: str = OURS) -> Browser:
    """A browser with cookies of its own, which follows no redirect by itself."""
    return Browser(
        base_url=base_url,
        mounts={base_url: httpx.ASGITransport(pages_of(logins, base_url))},
        headers={"sec-fetch-site": "same-origin"},
        trust_env=False,
    )


def program_at(logins: Logins) -> Browser:
    """Another server, which says nothing that a browser says."""
    return Browser(base_url=OURS, transport=httpx.ASGITransport(pages_of(logins)))


def pages_of(logins: Logins, base_url: str = OURS) -> Any:  # noqa: ANN401 - an application
    """The login and logout pages behind the gate."""
    app = Litestar(
        [login_routes, logout_routes],
        dependencies={"logins": Provide(lambda: logins, sync_to_thread=False)},
    )
    return Gate(app, base_url)
