"""What a source gives so that it can be compared with: the newest version of everything, and any of them again."""

from collections.abc import AsyncGenerator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

import msgspec

from innsyn.journal.port import Entry, Unusable

SETTLED_AFTER = timedelta(minutes=5)


class Difference(StrEnum):
    """What can be wrong with a resource. The last two are no fault: they are counted, and left alone."""

    MISSING = "missing"  # at the source, and never landed
    OLDER = "older"  # landed, but not its newest version
    OTHER = "other"  # landed in this version or a later one, with other words, or deleted at one end alone
    EXTRA = "extra"  # landed, and not at the source
    HELD = "held"  # not landed, because it stands in quarantine
    LATER = "later"  # too new to say: on its way, changed while we looked, or without a number and maybe in the stream


FAULTS = (Difference.MISSING, Difference.OLDER, Difference.OTHER, Difference.EXTRA)


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """The newest version of a resource at its source. Without `digest` (SHA-256 of the bytes) its number alone counts.

    `position` is where it can be read again.
    """

    kind: str
    id: str
    position: int
    source: str = ""
    version: int | None = None
    digest: bytes | None = None
    is_gone: bool = False
    recorded: datetime | None = None


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Something to read again: this resource, which stands at `position` of the source."""

    kind: str
    id: str
    position: int
    source: str
    difference: Difference
    version: int | None
    landed_version: int | None


class Versions(Protocol):
    """An adapter. `last` is the source's newest position once all has been told; None where it counts anew each time.

    `tells_all`: what is not told is not there. (A group's export leaves out who has left the group.)
    """

    tells_all: bool
    last: int | None

    def told(self) -> AsyncGenerator[list[Told]]:
        """The newest version of everything, in batches. Raises a FeedFailed also when the list is cut off."""
        ...

    def entries(self, wanted: Sequence[Wanted]) -> AsyncGenerator[list[Entry | Unusable]]:
        """These again, in batches; what is not there any more is left out. Raises a FeedFailed."""
        ...


class AlreadyComparing(Exception):
    """Somebody else compares this feed just now."""


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What to do. `now` is when the source is asked; what has changed within `settled_after` of it is left alone.

    `take_back`: believe the source also when it lacks much of what is here, tells of nothing as new as what is here
    (a copy that lags behind, or one that was restored), never claimed to tell everything, or gives no version numbers
    to what may lie unread in a stream.
    """

    now: datetime
    settled_after: timedelta = SETTLED_AFTER
    repair: bool = False
    take_back: bool = False


class Reconciled(msgspec.Struct, frozen=True, kw_only=True):
    """`told` resources at the source, `landed` here; what differed by kind, and what still does (`left`).

    `rotten` are versions whose bytes were others than those that had landed, `unhealed` those that still are.
    `kept` is how many were left alone, because the source lacks suspiciously many, or `is_behind` what has landed.
    """

    feed: str
    told: int
    landed: int
    kinds: dict[str, dict[str, int]]
    left: int
    rotten: int
    unhealed: int
    kept: int = 0
    is_behind: bool = False
    gaps_closed: int = 0
    renumbered: bool = False

    @property
    def differences(self) -> int:
        """Resources that were not as the source says."""
        return sum(number for kind in self.kinds.values() for name, number in kind.items() if name in FAULTS)

    @property
    def agrees(self) -> bool:
        """Is everything here as the source says that it is, now?"""
        return not self.left and not self.unhealed
