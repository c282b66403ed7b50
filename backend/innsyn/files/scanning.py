"""ClamAV's daemon says of bytes whether it knows them as harmful.

https://docs.clamav.net/manual/Usage/Scanning.html: INSTREAM takes pieces with their length before
them, and an empty one at the end. What does not say in so many words that they are clean has not said so.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, Literal, final

import structlog

from innsyn.measures import FILE_SCANS

Scan = Literal["clean", "infected", "unknown"]

_PIECE: Final = 64 * 1024
_HELLO_SECONDS: Final = 2.0
_LONGEST_ANSWER: Final = 1024
_log = structlog.get_logger()


@final
class Scanner:
    """The daemon at `address` ('/run/clamav/clamd.ctl' or 'host:port'); '' where there is none.

    Where there is none nothing is scanned, everything counts as clean, and the pages say so (`is_there`).
    """

    def __init__(self, address: str, seconds: float = 15.0) -> None:
        self._address = address
        self._seconds = seconds

    @property
    def is_there(self) -> bool:
        """Is a daemon configured? It may still be down."""
        return bool(self._address)

    async def scan(self, body: bytes) -> Scan:
        """What the daemon says of them; 'unknown' when it is down, too slow, or cannot say."""
        if not self._address:
            return "clean"
        try:
            async with asyncio.timeout(self._seconds):
                answer = await self._asked(body)
        except (OSError, EOFError, TimeoutError, ValueError, asyncio.LimitOverrunError) as failed:
            _log.warning("scanner_does_not_answer", error=type(failed).__name__, size=len(body))
            answer = b""
        found = _read(answer)
        FILE_SCANS.labels(found).inc()
        return found

    async def _asked(self, body: bytes) -> bytes:
        async with self._connected() as (reader, writer):
            try:
                writer.write(b"zINSTREAM\0")
                for start in range(0, len(body), _PIECE):
                    piece = body[start : start + _PIECE]
                    writer.write(len(piece).to_bytes(4) + piece)
                    await writer.drain()
                writer.write(bytes(4))
                await writer.drain()
            except ConnectionError:
                # It hangs up on what is longer than it takes, and may have said so before.
                _log.warning("scanner_hung_up", size=len(body))
            return await reader.readuntil(b"\0")

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        async with asyncio.timeout(_HELLO_SECONDS):
            if self._address.startswith("/"):
                reader, writer = await asyncio.open_unix_connection(self._address, limit=_LONGEST_ANSWER)
            else:
                host, _, port = self._address.rpartition(":")
                reader, writer = await asyncio.open_connection(host, int(port), limit=_LONGEST_ANSWER)
        try:
            yield reader, writer
        finally:
            # To close it in order would wait for a daemon that hangs.
            writer.transport.abort()


def _read(answer: bytes) -> Scan:
    if answer == b"stream: OK\0":
        return "clean"
    if answer.startswith(b"stream: ") and answer.endswith(b" FOUND\0"):
        return "infected"
    if answer:
        # Its own words: a limit, a lack of memory. They tell nothing of the file.
        _log.warning("scanner_cannot_say", answer=answer.rstrip(b"\0").decode("ascii", "replace")[:80])
    return "unknown"
