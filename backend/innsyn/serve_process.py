"""The web process: the application behind a server that lets people finish before it ends."""

import time
from types import FrameType
from typing import Any

import uvicorn

from innsyn.app import create_app
from innsyn.operations.tracing import trace
from innsyn.settings import Settings

_GRACE_SECONDS = 10


def run(settings: Settings, host: str) -> None:
    """Serve until told to stop. Raises SettingMissing for what it cannot do without."""
    trace("web")
    app: Any = create_app(settings)
    config = uvicorn.Config(
        app,
        host=host,
        port=settings.port,
        # Addresses can hold what was searched for: requests are counted, not written down.
        access_log=False,
        # Its loggers are heard where all others are (innsyn.logs).
        log_config=None,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    server = Leaving(config, settings.leaving_seconds)
    server.run()


class Leaving(uvicorn.Server):
    """Told to stop, it goes on for some seconds: whoever sends people here must have heard that it is not ready.

    The application hears of it at once (innsyn.web.leaving). Told twice, it stops at once.
    """

    def __init__(self, config: uvicorn.Config, seconds: float) -> None:
        super().__init__(config)
        self._seconds = seconds
        self._told: tuple[int, float] | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self._told is None and self._seconds:
            self._told = sig, time.monotonic() + self._seconds
        else:
            super().handle_exit(sig, frame)

    async def on_tick(self, counter: int) -> bool:
        if self._told and not self.should_exit and time.monotonic() >= self._told[1]:
            super().handle_exit(self._told[0], None)
        return await super().on_tick(counter)
