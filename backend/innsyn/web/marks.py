"""The mark of a form: for whom the page was made that it stood on.

Somebody fills in a form, somebody else logs in in another tab of the same browser, and the first tab is sent: the
browser sends it with the other one's cookie. So every form of a page for somebody carries a few letters that are the
same for the same person and nobody else's. They are no secret and keep no attacker out (web/gate.py does): they tell
people apart.
"""

from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any, Final, cast
from uuid import UUID

from litestar import Request
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPReceiveMessage, HTTPScope, Receive, Scope, Send

_KEY: Final = "innsyn_form_mark"
_LETTERS: Final = 6
_FIELD: Final = b"m="
MULTIPART: Final = b"multipart/form-data"


def mark_of(person: UUID) -> str:
    """What the forms of this person's pages carry: 36 bits, which tell nothing of whose they are."""
    return urlsafe_b64encode(sha256(b"form" + person.bytes).digest()).decode()[:_LETTERS]


class Marks:
    """Takes the mark out of a form that is sent, before anybody reads what was filled in, and remembers it."""

    def __init__(self, app: ASGIApp, longest: int) -> None:
        self._app = app
        self._longest = longest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] == ScopeType.HTTP and scope["method"] == "POST" and not has_files(scope):
            receive = _without_mark(scope, receive, self._longest)
        await self._app(scope, receive, send)


def has_files(scope: HTTPScope) -> bool:
    """Is the body multipart/form-data? It is read part by part, and the mark is one of them (`m`)."""
    sent = next((value for name, value in scope["headers"] if name == b"content-type"), b"")
    return sent.partition(b";")[0].strip().lower() == MULTIPART


def mark_sent_with(request: Request[Any, Any, Any]) -> str:
    """The mark of the form that was sent, once its body has been read; '' where it carried none."""
    found: str = request.scope.get("state", {}).get(_KEY, "")
    return found


def _without_mark(scope: HTTPScope, receive: Receive, longest: int) -> Receive:
    begun = False

    async def taken_out() -> HTTPReceiveMessage:
        nonlocal begun
        message = cast("HTTPReceiveMessage", await receive())
        if begun or message["type"] != "http.request":
            return message
        begun = True
        body, more = message["body"], message["more_body"]
        # What is longer is refused by whoever reads it.
        while more and len(body) <= longest:
            following = cast("HTTPReceiveMessage", await receive())
            if following["type"] != "http.request":
                return following
            body, more = body + following["body"], following["more_body"]
        fields = body.split(b"&")
        marks = [field for field in fields if field.startswith(_FIELD)]
        if marks:
            scope.setdefault("state", {})[_KEY] = marks[0].removeprefix(_FIELD).decode("latin-1")
            body = b"&".join(field for field in fields if not field.startswith(_FIELD))
        return {"type": "http.request", "body": body, "more_body": more}

    return taken_out
