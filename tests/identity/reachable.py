"""An address that is there before the application is: whoever is registered elsewhere must know its own."""

from litestar.types import ASGIApp, Receive, Scope, Send


class Reachable:
    """Give `at` to `listening`, and `app` when it is made."""

    def __init__(self) -> None:
        self.address = ""
        self.app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        assert self.app
        await self.app(scope, receive, send)

    def at(self, address: str) -> ASGIApp:
        """Where it is."""
        self.address = address
        return self
