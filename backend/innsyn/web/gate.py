"""What is turned away before any of our code reads it.

Other sites' forms, undeclared content, bytes nobody can store.
"""

from typing import Final

from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
# A form of another site can send these three without asking first, and text/plain can look like JSON (CVE-2021-32677).
_FORM: Final = b"application/x-www-form-urlencoded"
_LONGEST_QUERY: Final = 2000


class Gate:
    """Refuses with a bare status: these are not mistakes that a person makes.

    A write must come from our own pages: `Sec-Fetch-Site: same-origin`, or where a browser is too old to tell, an
    `Origin` that is ours. The session cookie is SameSite=Lax as well.
    """

    def __init__(self, app: ASGIApp, origin: str) -> None:
        self._app = app
        self._origin = origin.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] == ScopeType.HTTP and (status := self._refusal(scope)):
            await send({"type": "http.response.start", "status": status, "headers": []})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
            return
        await self._app(scope, receive, send)

    def _refusal(self, scope: HTTPScope) -> int:
        # PostgreSQL stores no NUL, and nobody types one.
        if b"%00" in scope["raw_path"] + scope["query_string"] or len(scope["query_string"]) > _LONGEST_QUERY:
            return 400
        if scope["method"] in _SAFE:
            return 0
        headers = dict(scope["headers"])
        site = headers.get(b"sec-fetch-site")
        ours = site == b"same-origin" if site is not None else headers.get(b"origin") == self._origin
        if not ours:
            return 403
        declared = headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
        return 0 if declared == _FORM or headers.get(b"content-length", b"0") == b"0" else 415
