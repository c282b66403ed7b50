"""Bulk Data over HTTP: order an export, wait for it, read its files, and tell the server that we are done.

http://hl7.org/fhir/uv/bulkdata/export.html. For a first load and for reconciling: changes come by the sequence feed.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import count

import httpx

from innsyn.journal.bulk import BATCH
from innsyn.journal.bulk_manifest import MOST_TEXT_BYTES, Manifest, entries_of, manifest_in
from innsyn.journal.bundles import Load
from innsyn.journal.port import Entry, Source, Unusable
from innsyn.journal.sequence import TIMEOUT, FeedBroken, FeedUnavailable
from innsyn.journal.unpacking import Lines

_MOST_POLLS = 1000
_SHORTEST_PAUSE_SECONDS = 0.1
_LONGEST_PAUSE_SECONDS = 60.0
_FIRST_PAUSE_SECONDS = 1.0
_MOST_MANIFEST_BYTES = 4 * 1024 * 1024


class BulkExport:
    """An export of a group of patients as a feed; `since` leaves out what has not changed after that instant.

    Each reading orders a new export and numbers what it finds from `first` + 1 on. Afterwards `transaction_time` is the
    `since` of the next one. A patient new in the group can come without older data: load such a one without `since`.
    """

    def __init__(
        self,
        name: str,
        group: str,
        source: str,
        http: httpx.AsyncClient,
        *,
        since: str = "",
        first: int = 0,
        on_read: Callable[[int], None] = lambda _: None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.name = name
        self.transaction_time = ""
        self._ordered_at: datetime | None = None
        self._group, self._source, self._http = group.rstrip("/"), source, http
        self._since, self._first, self._on_read, self._sleep = since, first, on_read, sleep

    async def after(self, position: int) -> AsyncIterator[list[Entry | Unusable]]:
        """Batches of what the export holds. Raises a FeedFailed."""
        self._ordered_at = datetime.now(UTC)
        load = Load(self._source, self._ordered_at, count(self._first + 1))
        status = await self._order()
        batch: list[Entry | Unusable] = []
        try:
            async for manifest in self._manifests(status):
                for address, role in manifest.files():
                    async for text in self._texts(address):
                        batch += [
                            found for found in entries_of(text, role, load) if found.position > position
                        ]
                        while len(batch) >= BATCH:
                            yield batch[:BATCH]
                            batch = batch[BATCH:]
        finally:
            await self._done(status)
        if batch:
            yield batch

    async def sources(self) -> list[Source]:
        """The one source that the export is said to come from."""
        return [Source(source=self._source, name=self._source, contact=self._ordered_at)]

    async def _order(self) -> str:
        headers = {"accept": "application/fhir+json", "prefer": "respond-async"}
        query = {"_outputFormat": "application/fhir+ndjson"} | (
            {"_since": self._since} if self._since else {}
        )
        answer = await self._ask("GET", f"{self._group}/$export", headers=headers, params=query)
        status = answer.headers.get("content-location", "")
        if answer.status_code != httpx.codes.ACCEPTED or not status:
            raise FeedBroken(
                f"{self._group}/$export answers {answer.status_code} instead of taking the order."
            )
        return str(answer.url.join(status))

    async def _manifests(self, status: str) -> AsyncIterator[Manifest]:
        address = status
        while address:
            answer = await self._finished(address)
            manifest = manifest_in(answer.content) if len(answer.content) <= _MOST_MANIFEST_BYTES else None
            if manifest is None:
                raise FeedBroken(f"{address} is no manifest of an export.")
            self.transaction_time = self.transaction_time or manifest.transaction_time
            yield manifest
            address = manifest.next_page()

    async def _finished(self, address: str) -> httpx.Response:
        pause = _FIRST_PAUSE_SECONDS
        for _ in range(_MOST_POLLS):
            answer = await self._ask("GET", address, headers={"accept": "application/json"})
            if answer.status_code == httpx.codes.OK:
                return answer
            if answer.status_code != httpx.codes.ACCEPTED:
                raise FeedBroken(f"{address} answers {answer.status_code}.")
            told = _told_pause(answer, datetime.now(UTC))
            await self._sleep(pause if told is None else told)
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)
        raise FeedUnavailable(f"{address} never finishes.")

    async def _texts(self, address: str) -> AsyncIterator[bytes]:
        lines = Lines(MOST_TEXT_BYTES)
        headers = {"accept": "application/fhir+ndjson"}
        try:
            async with self._http.stream("GET", address, headers=headers, timeout=TIMEOUT) as answer:
                if answer.status_code != httpx.codes.OK:
                    raise FeedBroken(f"{address} answers {answer.status_code}.")
                async for piece in answer.aiter_bytes():
                    self._on_read(len(piece))
                    for line in lines.feed(piece):
                        yield line
        except httpx.HTTPError as failed:
            raise FeedUnavailable(f"{address} broke off ({type(failed).__name__}).") from None
        yield lines.last()

    async def _done(self, status: str) -> None:
        """The files hold records: they need not lie there longer. A server that cannot forget is no reason to fail."""
        try:
            await self._http.delete(status, timeout=TIMEOUT)
        except httpx.HTTPError:
            return

    async def _ask(
        self, method: str, address: str, headers: dict[str, str], params: dict[str, str] | None = None
    ) -> httpx.Response:
        try:
            answer = await self._http.request(
                method, address, headers=headers, params=params, timeout=TIMEOUT
            )
        except httpx.HTTPError as failed:
            raise FeedUnavailable(f"{address} cannot be reached ({type(failed).__name__}).") from None
        if answer.status_code == httpx.codes.TOO_MANY_REQUESTS or answer.is_server_error:
            raise FeedUnavailable(f"{address} answers {answer.status_code}.")
        return answer


def _told_pause(answer: httpx.Response, now: datetime) -> float | None:
    """Seconds out of Retry-After, which is a number or a date; None where it says nothing."""
    told = answer.headers.get("retry-after", "")
    try:
        seconds = float(told) if told.isdecimal() else (parsedate_to_datetime(told) - now).total_seconds()
    except (ValueError, TypeError):
        return None
    return max(_SHORTEST_PAUSE_SECONDS, min(seconds, _LONGEST_PAUSE_SECONDS))
