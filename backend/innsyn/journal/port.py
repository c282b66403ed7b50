"""The port to the shared journal: what every adapter of the feed gives, whatever it speaks."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Protocol, runtime_checkable

import msgspec


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One thing the journal says: this version of this resource, or that it is gone.

    `position` orders the entries of one feed (opaque to us, larger is later). `source` is the service that wrote it.
    `version` is None where the feed has none: then content decides what is new. `resource` is the bytes as received,
    None for a deletion. `source_version` is the source's own number, where comparing gave it another (0: it has none).
    `aliases` are other names that references use for it (a bundle's fullUrl).
    """

    position: int
    source: str
    kind: str
    id: str
    resource: bytes | None
    version: int | None = None
    source_version: int | None = None
    recorded: datetime | None = None
    subject: str = ""
    aliases: tuple[str, ...] = ()


class Unusable(msgspec.Struct, frozen=True, kw_only=True):
    """Something in the feed that is no entry at all (broken JSON, over a limit): kept whole, with the reason.

    `subject` is whom the feed says it is about, which decides with whose entries it goes and nothing else.
    """

    position: int
    source: str
    reason: str
    explanation: str
    body: bytes
    kind: str = ""
    id: str = ""
    subject: str = ""


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """A service that writes in the journal. `contact` is when the journal last heard from it."""

    source: str
    name: str
    service: str = ""
    since: str = ""
    contact: datetime | None = None
    delayed_since: datetime | None = None


class Feed(Protocol):
    """What an adapter gives. Entries come at least once, in any order; the effect is ours to make exactly once."""

    name: str

    def after(self, position: int) -> AsyncIterator[list[Entry | Unusable]]:
        """Batches of everything later than `position`, until the feed has no more just now."""
        ...

    async def sources(self) -> list[Source]:
        """The services behind this feed, with how fresh each is."""
        ...


@runtime_checkable
class ConfirmedFeed(Feed, Protocol):
    """A feed that can be told what has been committed: after the commit, and never before."""

    async def committed(self, position: int) -> None:
        """Everything up to `position` is committed."""
        ...
