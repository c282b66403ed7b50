"""What is told to an operator, decided from values: how far behind, ready or not, and in which words."""

import re
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

import msgspec

# What may stand as a reason in a metric. A reason comes with the entry over a stream: anything else is `other`.
REASONS: Final = frozenset(
    """
    another_person another_resource bad_envelope cannot_be_kept duplicate_key export_error form_refused illegal_id
    list_too_long lone_surrogate missing moved_to_another_person no_id no_patient no_resource not_a_resource
    not_an_entry not_json not_r4 not_text nul_character number_out_of_range projection_failed replaced_by_another
    text_too_long too_deep too_large two_patients unfit unknown_patient
    """.split()
)
OTHER: Final = "other"

# An answer older than this says nothing of now.
STALE_SECONDS: Final = 30.0
# Something to read, and the position has not moved for this long: whoever follows the feed does not get through it.
STUCK_SECONDS: Final = 60.0
_REMEMBERED: Final = 720

_ELEVEN_DIGITS: Final = re.compile(r"(?<!\d)\d{11}(?!\d)")
_KEY: Final = re.compile(r"([A-Za-z]{1,64})/.+", re.DOTALL)


class Part(msgspec.Struct, frozen=True):
    """How far a part of a feed is read."""

    feed: str
    part: str
    position: int
    moved_at: datetime


class Outgoing(msgspec.Struct, frozen=True):
    """What is in the outbox and not received: how much of a state, since when the oldest."""

    state: str
    count: int
    oldest: datetime


class Waiting(msgspec.Struct, frozen=True):
    """What is in quarantine for a reason, and since when the oldest."""

    reason: str
    count: int
    oldest: datetime


class Lag(msgspec.Struct, frozen=True):
    """How far behind the newest of its feed a part is. `seconds`: since when there has been something unread."""

    entries: int
    seconds: float


class Watching:
    """Remembers what was newest when, and so knows for how long something later than a position has been there."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque(maxlen=_REMEMBERED)

    def newest(self, position: int, at: float) -> None:
        """At this moment (any clock that does not go back, in seconds) this was the newest."""
        if not self._seen or self._seen[-1][1] != position:
            self._seen.append((at, position))

    def lag(self, position: int, at: float, counting: Callable[[int], int]) -> Lag:
        """How far behind somebody is who has read up to `position`; `counting` is how much there is up to one."""
        later = [(seen, newest) for seen, newest in self._seen if newest > position]
        if not later:
            return Lag(0, 0.0)
        return Lag(max(1, counting(later[-1][1]) - counting(position)), at - later[0][0])


def counted_by_reason(waiting: Iterable[Waiting]) -> Mapping[str, int]:
    """How many for each reason that may stand in a metric."""
    counted: dict[str, int] = {}
    for each in waiting:
        reason = reason_of(each.reason)
        counted[reason] = counted.get(reason, 0) + each.count
    return counted


def reason_of(told: str) -> str:
    """A reason out of REASONS, or `other`."""
    return told if told in REASONS else OTHER


def feed_of(told: str) -> str:
    """The name of a feed as it may stand in a metric: what comes after a colon is what an operator typed."""
    return told.partition(":")[0] if told.partition(":")[0] in {"journal", "files"} else OTHER


def without_numbers(entry: str) -> str:
    """The key of an entry for a page: its kind, and an id only where no number of a person can stand in it."""
    kind = _KEY.fullmatch(entry)
    if kind is not None:
        return entry if _is_harmless(entry) else f"{kind[1]}/·"
    return entry[:12] if re.fullmatch(r"[0-9a-f]{64}", entry) else "·"


def _is_harmless(entry: str) -> bool:
    # A uuid, a short number or a word of the source's own: not eleven digits in any spelling.
    return len(re.sub(r"\D", "", entry)) < 11 or bool(  # noqa: PLR2004 - as many as a national number has
        re.fullmatch(r"[A-Za-z]+/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", entry)
    )


def masked(text: str) -> str:
    """An explanation for a page: eleven digits in a row may be somebody's identity number."""
    return _ELEVEN_DIGITS.sub("···········", text)


def not_ready(
    *, database: bool, stream: bool | None, lags: Sequence[Lag], position_age: float, schema: bool
) -> list[str]:
    """Why a process is not ready, in words; empty when it is. `stream` is None where none is followed."""
    reasons = []
    if not database:
        reasons.append("the database does not answer")
    elif not schema:
        reasons.append("the database is not at the version of this code: innsyn migrate")
    if stream is False:
        reasons.append("the feed does not answer")
    if any(lag.entries for lag in lags) and position_age > STUCK_SECONDS:
        reasons.append(f"there is something to read, and no position has moved for {position_age:.0f} s")
    return reasons
