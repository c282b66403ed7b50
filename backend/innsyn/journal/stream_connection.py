"""A connection to NATS, and what can go wrong with it.

One that breaks is not mended but made anew: whoever uses it stands in a loop that begins from what is committed.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Final

import nats.errors
import structlog
from nats.aio.client import Client

from innsyn.journal.stream_layout import LEAST_PAYLOAD

log = structlog.get_logger()

# What a call raises when NATS is gone, without a leader, or says no. (A timeout is an OSError.)
LOST: Final = (OSError, TimeoutError, nats.errors.Error)
_HELLO_SECONDS: Final = 2.0
_GOODBYE_SECONDS: Final = 1.0
# A line that is cut says nothing: it is asked, and twice without an answer it is broken.
_ASK_SECONDS: Final = 1


class TooSmall(Exception):
    """The server takes in smaller messages than a journal has. The text says what to set."""


@contextlib.asynccontextmanager
async def connected(addresses: str, name: str) -> AsyncIterator[Client]:
    """A client of one of the servers at `addresses` (with commas between). Raises one of LOST, or TooSmall."""
    client = Client()
    try:
        await _connect(client, addresses, name)
        if client.max_payload < LEAST_PAYLOAD:
            raise TooSmall(f"Set max_payload to 8MB in nats-server: it takes in {client.max_payload} bytes.")
        yield client
    finally:
        # A goodbye to a server that is not there would wait for it; one that was never met has no queue to empty.
        with contextlib.suppress(*LOST, AssertionError):
            await asyncio.wait_for(client.close(), _GOODBYE_SECONDS)


async def _connect(client: Client, addresses: str, name: str) -> None:
    async with asyncio.timeout(2 * _HELLO_SECONDS):
        await client.connect(
            [each.strip() for each in addresses.split(",")],
            name=name,
            # Answers come to an address of our own, so that nobody needs to be allowed to listen to all of them.
            inbox_prefix=f"_INBOX.{name}".encode(),
            allow_reconnect=False,
            connect_timeout=int(_HELLO_SECONDS),
            ping_interval=_ASK_SECONDS,
            max_outstanding_pings=2,
            error_cb=_failed,
        )


async def _failed(error: Exception) -> None:
    log.warning("nats_failed", error=type(error).__name__)
