"""Sources that can be compared with: the sequence feed's list of versions, and an export of everything."""

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from datetime import UTC, datetime
from hashlib import sha256

import httpx
import msgspec

from innsyn.journal.bulk_export import BulkExport
from innsyn.journal.bundles import instant_of
from innsyn.journal.limits import legal_id, legal_kind
from innsyn.journal.port import Entry, Unusable
from innsyn.journal.reconcile_port import Told, Wanted
from innsyn.journal.sequence import TIMEOUT, FeedBroken, FeedUnavailable, SequenceFeed
from innsyn.journal.unpacking import Lines

_BATCH = 2000
_LONGEST_LINE = 4096
_MOST_NUMBER = 2**63 - 1
_LINES = ("application/x-ndjson", "application/ndjson", "application/fhir+ndjson")


class _Line(msgspec.Struct, frozen=True):
    kind: str = ""
    id: str = ""
    seq: int = 0
    source: str = ""
    version: int | None = None
    digest: str = ""
    deleted: bool = False
    recorded: str | None = None
    last: int | None = None
    count: int | None = None


_decode = msgspec.json.Decoder(_Line).decode


class SequenceVersions:
    """`GET {base}/feed/versions`: a line for the newest version of each resource, then one with `last` and `count`."""

    tells_all = True

    def __init__(self, base: str, http: httpx.AsyncClient) -> None:
        self.last: int | None = None
        self._address, self._http = f"{base.rstrip('/')}/feed/versions", http
        self._feed = SequenceFeed("journal", base, http)

    async def told(self) -> AsyncGenerator[list[Told]]:
        """The newest version of everything, in batches. Raises a FeedFailed also when the list is cut off."""
        self.last, batch = None, list[Told]()
        async with aclosing(self._whole_list()) as lines:
            async for line in lines:
                if _is_legal(line):
                    batch.append(_told(line))
                if len(batch) == _BATCH:
                    yield batch
                    batch = []
        if batch:
            yield batch

    async def _whole_list(self) -> AsyncGenerator[_Line]:
        """The lines before the last one, which has to come, and to have counted them."""
        count = 0
        async with aclosing(self._lines()) as lines:
            async for line in lines:
                if self.last is not None:
                    raise FeedBroken(f"{self._address} goes on after its end.")
                self.last = line.last
                if line.last is None:
                    count += 1
                    yield line
                elif line.count != count:
                    raise FeedBroken(f"{self._address} has {count} lines instead of {line.count}.")
        if self.last is None:
            raise FeedUnavailable(f"{self._address} broke off: its end is missing.")

    async def entries(self, wanted: Sequence[Wanted]) -> AsyncGenerator[list[Entry | Unusable]]:
        """These again, at most one page of the feed for each. Raises a FeedFailed."""
        at = {each.position: each for each in wanted}
        left = sorted(at, reverse=True)
        while left:
            found = await self._page_from(left[-1])
            reached = max((each.position for each in found), default=left[-1])
            if these := [each for each in found if _is_wanted(each, at.get(each.position))]:
                yield these
            while left and left[-1] <= reached:
                left.pop()

    async def _page_from(self, position: int) -> list[Entry | Unusable]:
        async with aclosing(self._feed.after(position - 1)) as pages:  # type: ignore[type-var]
            return await anext(pages, [])

    async def _lines(self) -> AsyncGenerator[_Line]:
        lines = Lines(_LONGEST_LINE)
        headers = {"accept": "application/x-ndjson", "accept-encoding": "identity"}
        try:
            async with self._http.stream("GET", self._address, headers=headers, timeout=TIMEOUT) as answer:
                if answer.status_code == httpx.codes.TOO_MANY_REQUESTS or answer.is_server_error:
                    raise FeedUnavailable(f"{self._address} answers {answer.status_code}.")
                is_list = answer.headers.get("content-type", "").startswith(_LINES)
                if answer.status_code != httpx.codes.OK or not is_list:
                    raise FeedBroken(f"{self._address} answers {answer.status_code}, and no list.")
                async for piece in answer.aiter_raw():
                    for line in lines.feed(piece):
                        yield self._read(line)
        except httpx.HTTPError as failed:
            raise FeedUnavailable(f"{self._address} broke off ({type(failed).__name__}).") from None
        if last := lines.last():
            yield self._read(last)

    def _read(self, line: bytes) -> _Line:
        try:
            return _decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise FeedBroken(f"{self._address} has a line that cannot be read.") from None


def _is_legal(line: _Line) -> bool:
    """What has no legal name cannot have landed either."""
    numbers = (line.seq, line.version or 1)
    return legal_kind(line.kind) and legal_id(line.id) and all(0 < each <= _MOST_NUMBER for each in numbers)


def _told(line: _Line) -> Told:
    try:
        digest = bytes.fromhex(line.digest) or None
    except ValueError:
        digest = None
    return Told(
        kind=line.kind,
        id=line.id,
        position=line.seq,
        source=line.source,
        version=line.version,
        digest=digest,
        is_gone=line.deleted,
        recorded=instant_of(line.recorded or ""),
    )


def _is_wanted(found: Entry | Unusable, wanted: Wanted | None) -> bool:
    """The position alone says nothing when the feed has begun to count anew since the list was told."""
    return wanted is not None and (found.kind, found.id) in {(wanted.kind, wanted.id), ("", "")}


class _Meta(msgspec.Struct, frozen=True, rename="camel"):
    version_id: str = ""


class _Stamped(msgspec.Struct, frozen=True):
    meta: _Meta = _Meta()


class ExportVersions:
    """An export of everything, compared by content; or by meta.versionId, where `listed` orders no more than that.

    A group's export holds no deletions, and nothing of who has left the group: what it lacks may well be there.
    """

    tells_all = False
    last: int | None = None

    def __init__(
        self, whole: Callable[[], BulkExport], listed: Callable[[], BulkExport] | None = None
    ) -> None:
        self._whole, self._listed = whole, listed

    async def told(self) -> AsyncGenerator[list[Told]]:
        """The newest version of everything, in batches. Raises a FeedFailed."""
        began = datetime.now(UTC)
        async with aclosing((self._listed or self._whole)().after(0)) as batches:
            async for batch in batches:
                yield [self._of(each, began) for each in batch if isinstance(each, Entry) and each.resource]

    async def entries(self, wanted: Sequence[Wanted]) -> AsyncGenerator[list[Entry | Unusable]]:
        """These again, out of another export. Raises a FeedFailed."""
        keys = {(each.kind, each.id) for each in wanted}
        async with aclosing(self._whole().after(0)) as batches:
            async for batch in batches:
                if these := [each for each in batch if (each.kind, each.id) in keys]:
                    yield these

    def _of(self, entry: Entry, began: datetime) -> Told:
        body = entry.resource or b""
        return Told(
            kind=entry.kind,
            id=entry.id,
            position=entry.position,
            source=entry.source,
            version=_version_in(body) if self._listed else None,
            digest=None if self._listed else sha256(body).digest(),
            # What tells no time of its own has that of the export.
            recorded=entry.recorded if entry.recorded and entry.recorded < began else None,
        )


def _version_in(body: bytes) -> int | None:
    try:
        told = msgspec.json.decode(body, type=_Stamped).meta.version_id
    except msgspec.ValidationError:
        return None
    return int(told) if told.isdecimal() and 0 < int(told) <= _MOST_NUMBER else None
