"""Which versions are news: the numbers of a feed that counts, the content of one that does not."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from innsyn.journal.lookup import Key
from innsyn.journal.port import Entry


class Known(msgspec.Struct, frozen=True):
    """What was here of a resource before this batch."""

    version: int
    person_id: UUID | None
    first_landed_at: datetime
    digests: frozenset[bytes]
    source_version: int | None = None

    @property
    def at_source(self) -> int:
        """How far the source itself has counted."""
        return self.version if self.source_version is None else self.source_version


class Landed(msgspec.Struct, frozen=True, kw_only=True):
    """A version to keep. `newest`: the one to show. `first_landed_at` is when the first version came to us."""

    kind: str
    id: str
    version: int
    source: str
    position: int
    recorded_at: datetime
    landed_at: datetime
    first_landed_at: datetime
    digest: bytes
    body: bytes | None
    aliases: tuple[str, ...] = ()
    newest: bool = True
    known_person: UUID | None = None
    # There was a version before this one, here or earlier in the same batch.
    follows: bool = False
    # The source's own number, where it is kept under another.
    source_version: int | None = None

    @property
    def key(self) -> Key:
        """(kind, id)."""
        return self.kind, self.id


def sort_out(batch: Sequence[Entry], before: Mapping[Key, Known], now: datetime) -> list[Landed]:
    """The versions of a batch that are new, in order, the last of each resource marked as newest.

    A feed without versions says the same thing twice in the same words: bytes that were here before are no news. (If
    the journal ever went back to an earlier wording, `meta.lastUpdated` makes the bytes others.) A version number that
    comes again with other bytes is a correction that forgot to count. After a number that is ours and not the source's,
    what the source counts on to from its own number comes next, however low it is.
    """
    state = dict(before)
    landed: list[Landed] = []
    for entry in batch:
        key = (entry.kind, entry.id)
        digest = hashlib.sha256(entry.resource or b"").digest()
        seen = state.get(key)
        version = _version(entry, digest, seen)
        if version is None:
            continue
        landed.append(_landed(entry, version, digest, seen, now))
        state[key] = Known(
            version=max(version, seen.version) if seen else version,
            person_id=seen.person_id if seen else None,
            first_landed_at=landed[-1].first_landed_at,
            digests=(seen.digests if seen else frozenset()) | {digest},
            source_version=landed[-1].source_version
            if landed[-1].newest or not seen
            else seen.source_version,
        )
    return _only_last_is_newest(landed)


def _landed(entry: Entry, version: int, digest: bytes, seen: Known | None, now: datetime) -> Landed:
    return Landed(
        kind=entry.kind,
        id=entry.id,
        version=version,
        source=entry.source,
        position=entry.position,
        recorded_at=entry.recorded or now,
        landed_at=now,
        first_landed_at=seen.first_landed_at if seen else now,
        digest=digest,
        body=entry.resource,
        aliases=entry.aliases,
        newest=seen is None or version > seen.version,
        known_person=seen.person_id if seen else None,
        follows=seen is not None,
        source_version=_own(entry) if _own(entry) != version else None,
    )


def _own(entry: Entry) -> int | None:
    return entry.version if entry.source_version is None else entry.source_version


def _version(entry: Entry, digest: bytes, seen: Known | None) -> int | None:
    """The number to keep this entry under; None when it says nothing new."""
    if seen is None:
        return entry.version or 1
    if entry.version is not None and entry.version > seen.version:
        return entry.version
    if digest in seen.digests:
        return None
    own = _own(entry)
    return seen.version + 1 if own is None or own >= seen.at_source else entry.version


def _only_last_is_newest(landed: list[Landed]) -> list[Landed]:
    last = {each.key: each.version for each in landed if each.newest}
    return [
        msgspec.structs.replace(each, newest=False)
        if each.newest and each.version != last[each.key]
        else each
        for each in landed
    ]
