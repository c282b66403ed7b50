"""The journal in memory: an ordered list of entries, each encoded once, numbered without gaps."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

import msgspec

from standins.journal.taken import Resource, Taken

_encode = msgspec.json.Encoder(decimal_format="number").encode


@dataclass(frozen=True)
class Entry:
    """One line of the sequence; `body` is the entry as the feed sends it, so re-reading is identical."""

    seq: int
    version: int
    taken: Taken
    resource: Resource | None
    body: bytes

    @property
    def key(self) -> tuple[str, str, str]:
        """What a version counts: one resource of one source."""
        return self.taken.source, self.taken.kind, self.taken.id


class Journal:
    """Everything the journal has taken in. Entries are only added; a change is a new version."""

    def __init__(self, history: Iterable[Taken]) -> None:
        self.entries: list[Entry] = []
        self._versions: dict[tuple[str, str, str], int] = {}
        # A stable sort: what was taken in at the same second keeps the order in which it was written.
        for taken in sorted(history, key=lambda taken: taken.recorded):
            self._append(taken)

    @property
    def last(self) -> int:
        """The newest sequence number; 0 in an empty journal."""
        return len(self.entries)

    @property
    def newest(self) -> datetime:
        """When the newest entry was taken in."""
        return self.entries[-1].taken.recorded if self.entries else datetime.fromtimestamp(0, UTC)

    def publish(self, taken: Taken) -> Entry:
        """Take in something new, moved forward in time if needed: `_since` relies on a growing order."""
        after_all_others = max(taken.recorded, self.newest + timedelta(milliseconds=1))
        return self._append(replace(taken, recorded=after_all_others))

    def page(self, seq: int, limit: int, times: Callable[[Entry], int] | None = None) -> tuple[bytes, str]:
        """The entries from `seq` on, at most `limit`, as the JSON body of the feed and its ETag.

        `times`: how often the page says an entry, where it is not once.
        """
        listed = self.entries[max(seq, 1) - 1 : max(seq, 1) - 1 + limit]
        bodies = (entry.body for entry in listed for _ in range(times(entry) if times else 1))
        body = b'{"entries":[' + b",".join(bodies) + b'],"last":' + str(self.last).encode() + b"}"
        return body, f'"{blake2b(body, digest_size=12).hexdigest()}"'

    def current(self, until: int) -> Iterator[Entry]:
        """The newest version of each resource as of sequence number `until`, in the order of the sequence."""
        newest = {entry.key: entry.seq for entry in self.entries[:until]}
        return (entry for entry in self.entries[:until] if newest[entry.key] == entry.seq)

    def position_at(self, instant: datetime) -> int:
        """The last sequence number taken in at `instant` or before."""
        return bisect_right(self.entries, instant, key=lambda entry: entry.taken.recorded)

    def _append(self, taken: Taken) -> Entry:
        key = (taken.source, taken.kind, taken.id)
        self._versions[key] = self._versions.get(key, 0) + 1
        entry = _entry(self.last + 1, self._versions[key], taken)
        self.entries.append(entry)
        return entry


def instant(moment: datetime) -> str:
    """A FHIR instant in UTC, with milliseconds only where there are any."""
    precision = "milliseconds" if moment.microsecond else "seconds"
    return moment.astimezone(UTC).isoformat(timespec=precision).replace("+00:00", "Z")


def _entry(seq: int, version: int, taken: Taken) -> Entry:
    head: dict[str, object] = {"seq": seq, "source": taken.source, "kind": taken.kind, "id": taken.id}
    head |= {"version": version, "recorded": instant(taken.recorded), "subject": taken.subject}
    if taken.resource is None:
        return Entry(seq, version, taken, None, _encode(head | {"deleted": True}))
    resource = _stamped(taken, version)
    return Entry(seq, version, taken, resource, _encode(head | {"resource": resource}))


def _stamped(taken: Taken, version: int) -> Resource:
    resource = dict(taken.resource or {})
    stamp = {
        "versionId": str(version),
        "lastUpdated": instant(taken.recorded),
        "source": f"urn:innsyn:source:{taken.source}",
    }
    # meta stands right after the id, where a reader of raw JSON looks for it.
    front = {"resourceType": resource.pop("resourceType"), "id": resource.pop("id")}
    return front | {"meta": stamp | resource.pop("meta", {}) | stamp} | resource
