"""Bulk Data over HTTP: order an export, wait for it, read its files, and tell the server that we are done.

http://hl7.org/fhir/uv/bulkdata/export.html. For a first load and for reconciling: changes come by the sequence feed.
"""

from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import count
from typing import Any

import httpx

from innsyn.journal.bulk import BATCH
from innsyn.journal.bulk_asking import MOST_MANIFEST_BYTES, Answered, Asking, shown
from innsyn.journal.bulk_manifest import MOST_TEXT_BYTES, Listed, Manifest, Role, entries_of, manifest_in
from innsyn.journal.bundles import Load, instant_of
from innsyn.journal.port import Entry, Source, Unusable
from innsyn.journal.sequence import FeedBroken, FeedFailed, FeedUnavailable
from innsyn.journal.unpacking import Lines

_MOST_PAGES = 10_000
_LARGEST_CLOCK_ERROR = timedelta(minutes=5)
_FORMAT = "application/fhir+ndjson"
_OF_LINES = ("application/fhir+ndjson", "application/ndjson", "application/x-ndjson")
_GONE = {httpx.codes.FORBIDDEN, httpx.codes.NOT_FOUND, httpx.codes.GONE}


@dataclass(frozen=True, slots=True)
class Order:
    """What to export: the group at this address, said to come from `source`.

    `since` leaves out what has not changed after that instant; `patients` (ids) leaves out everybody else, and
    `elements` all else than these top-level fields.
    """

    group: str
    source: str
    since: str = ""
    patients: tuple[str, ...] = ()
    elements: tuple[str, ...] = ()


class NotSoExported(FeedBroken):
    """The server does not take an order of this kind."""


class BulkExport:
    """An export as a feed. `asking` makes the conversation with its server; the rest is what its reader wants to hear.

    Each reading orders a new export and numbers what it finds from `first` + 1 on. Afterwards `transaction_time` is the
    `since` of the next one. A patient new in the group can come without older data: load such a one without `since`.
    """

    def __init__(
        self,
        name: str,
        order: Order,
        asking: Callable[[], Asking],
        *,
        first: int = 0,
        on_read: Callable[[int], None] = lambda _: None,
        on_progress: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.name = name
        self.transaction_time = ""
        self._ordered_at: datetime | None = None
        self._order, self._asking, self._first = order, asking, first
        self._on_read, self._on_progress = on_read, on_progress

    async def after(self, position: int) -> AsyncGenerator[list[Entry | Unusable]]:
        """Batches of what the export holds. Raises a FeedFailed."""
        self._ordered_at = datetime.now(UTC)
        load = Load(self._order.source, self._ordered_at, count(self._first + 1))
        async with aclosing(self._found(load)) as everything:
            batch: list[Entry | Unusable] = []
            async for found in everything:
                if found.position > position:
                    batch.append(found)
                if len(batch) == BATCH:
                    yield batch
                    batch = []
            if batch:
                yield batch

    async def texts(self) -> AsyncGenerator[tuple[bytes, Role]]:
        """The lines of the export's files as they are, each with what its file is. Raises a FeedFailed."""
        asking = self._asking()
        status = await self._take_order(asking)
        try:
            async with aclosing(self._manifests(asking, status)) as manifests:
                async for manifest, expires in manifests:
                    for listed, role in manifest.files():
                        _must_not_be_over(expires)
                        place = asking.place(status, listed.url)
                        lines = self._lines(asking, place, listed, with_token=manifest.requires_access_token)
                        async with aclosing(lines):
                            async for text in lines:
                                yield text, role
        finally:
            await _done(asking, status)

    async def sources(self) -> list[Source]:
        """The one source that the export is said to come from."""
        return [Source(source=self._order.source, name=self._order.source, contact=self._ordered_at)]

    async def _found(self, load: Load) -> AsyncGenerator[Entry | Unusable]:
        async with aclosing(self.texts()) as texts:
            async for text, role in texts:
                for found in entries_of(text, role, load):
                    yield found

    async def _take_order(self, asking: Asking) -> str:
        order, address = self._order, f"{self._order.group.rstrip('/')}/$export"
        headers = {"accept": "application/fhir+json", "prefer": "respond-async"}
        if order.patients:
            answer = await asking.insist(
                "POST", address, json=_parameters(order), headers=headers | {"content-type": _JSON}
            )
        else:
            answer = await asking.insist("GET", address, params=dict(_asked(order)), headers=headers)
        told = answer.headers.get("content-location", "")
        if answer.status == httpx.codes.ACCEPTED and told:
            return asking.place(answer.place, told)
        raise (NotSoExported if order.patients else FeedBroken)(
            f"{address} answers {answer.status} instead of taking the order."
        )

    async def _manifests(
        self, asking: Asking, status: str
    ) -> AsyncGenerator[tuple[Manifest, datetime | None]]:
        address, read = status, set[str]()
        while address:
            if address in read or len(read) == _MOST_PAGES:
                raise FeedBroken(f"{shown(address)}: the pages of the manifest never end.")
            read.add(address)
            answer = await asking.finished(address, self._on_progress)
            manifest = _manifest_of(answer)
            self.transaction_time = self.transaction_time or _checked(manifest.transaction_time, answer)
            yield manifest, _expires(answer)
            more = manifest.next_page()
            address = asking.place(answer.place, more) if more else ""

    async def _lines(
        self, asking: Asking, place: str, listed: Listed, *, with_token: bool
    ) -> AsyncGenerator[bytes]:
        lines, read = Lines(MOST_TEXT_BYTES), 0
        async with asking.stream(place, with_token=with_token) as answer:
            _must_be_lines(answer, place)
            async for piece in answer.aiter_raw():
                asking.must_be_in_time()
                self._on_read(len(piece))
                for line in lines.feed(piece):
                    read += bool(line.strip())
                    yield line
        # Only now: the last line of a file that was cut off is no line, and must not stay in quarantine for ever.
        last = lines.last()
        read += bool(last.strip())
        if listed.count is not None and read != listed.count:
            raise FeedBroken(f"{shown(place)} has {read} lines instead of {listed.count}.")
        yield last


_JSON = "application/fhir+json"


def _asked(order: Order) -> Iterator[tuple[str, str]]:
    yield "_outputFormat", _FORMAT
    if order.since:
        yield "_since", order.since
    if order.elements:
        yield "_elements", ",".join(order.elements)


def _parameters(order: Order) -> dict[str, Any]:
    """A list of patients is ordered in a body: http://hl7.org/fhir/uv/bulkdata/export.html#query-parameters."""
    told: list[dict[str, Any]] = [
        {"name": name, "valueInstant" if name == "_since" else "valueString": value}
        for name, value in _asked(order)
    ]
    told += [
        {"name": "patient", "valueReference": {"reference": f"Patient/{patient}"}}
        for patient in order.patients
    ]
    return {"resourceType": "Parameters", "parameter": told}


def _manifest_of(answer: Answered) -> Manifest:
    is_json = answer.headers.get("content-type", "").startswith(("application/json", _JSON))
    fits = is_json and len(answer.content) <= MOST_MANIFEST_BYTES
    manifest = manifest_in(answer.content) if fits else None
    if manifest is None:
        raise FeedBroken(f"{shown(answer.place)} is no manifest of an export.")
    return manifest


def _checked(transaction_time: str, answer: Answered) -> str:
    """What is to be the next `since`. One that lies ahead would leave out what is written until then."""
    at = instant_of(transaction_time)
    if at is None or at > datetime.now(UTC) + _LARGEST_CLOCK_ERROR:
        raise FeedBroken(f"{shown(answer.place)} tells no time of the export, or one that has not come.")
    return transaction_time


def _expires(answer: Answered) -> datetime | None:
    """When the files go. One that lies behind already only says that nobody is to keep the manifest."""
    try:
        read = parsedate_to_datetime(answer.headers.get("expires", ""))
    except (ValueError, TypeError, OverflowError):
        return None
    expires = read if read.tzinfo else read.replace(tzinfo=UTC)
    return expires if expires > datetime.now(UTC) else None


def _must_not_be_over(expires: datetime | None) -> None:
    if expires is not None and expires < datetime.now(UTC):
        raise FeedUnavailable("The files of the export have expired: order it again.")


def _must_be_lines(answer: httpx.Response, place: str) -> None:
    if answer.status_code in _GONE:
        raise FeedBroken(
            f"{shown(place)} answers {answer.status_code}: the file has expired, or was never for us."
        )
    if answer.status_code == httpx.codes.TOO_MANY_REQUESTS or answer.is_server_error:
        raise FeedUnavailable(f"{shown(place)} answers {answer.status_code}.")
    if answer.status_code != httpx.codes.OK:
        raise FeedBroken(f"{shown(place)} answers {answer.status_code}.")
    if not answer.headers.get("content-type", "").startswith(_OF_LINES):
        raise FeedBroken(f"{shown(place)} is something else than lines of JSON.")
    if answer.headers.get("content-encoding", "identity") != "identity":
        raise FeedBroken(f"{shown(place)} is packed, which was not asked for.")


async def _done(asking: Asking, status: str) -> None:
    """The files hold records: they need not lie there longer. A server that cannot forget is no reason to fail."""
    try:
        await asking.ask("DELETE", status)
    except FeedFailed:
        return
