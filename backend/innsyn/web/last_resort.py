"""What no handler caught stops here: a bare "something failed", and a line in the log without anybody's words.

The server would print the whole of it, with what was sent and what a record says.
"""

import structlog
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from innsyn.logs import what_failed
from innsyn.web.problems import send_bare

log = structlog.get_logger()


class LastResort:
    """Stands outside everything that can fail, inside what adds the headers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        begun = False

        async def send_and_know(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, send_and_know)
        except Exception as error:  # noqa: BLE001 - this is the last place
            log.error("failure", failed=what_failed(error))  # noqa: TRY400 - without the words of the error
            # An answer that was begun stays unfinished: the server ends the connection, and the browser sees that.
            if not begun:
                await send_bare(scope, send, 500, "failure")
