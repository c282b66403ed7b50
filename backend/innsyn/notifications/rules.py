"""By which ways somebody hears of what, and when, decided from values."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Final

import msgspec

from innsyn.access.telling.kinds import Told
from innsyn.journal.fhir.reading import OSLO
from innsyn.notifications.channels.port import Way

# Where nothing is chosen. An SMS costs the service money and is asked for; what is only an addition to the journal
# stands in the list.
STANDARD: Final[Mapping[Told, frozenset[Way]]] = {
    kind: frozenset() if kind is Told.OTHER else frozenset({Way.PUSH, Way.EMAIL}) for kind in Told
}
_DAY: Final = timedelta(days=1)


class Chosen(msgspec.Struct, frozen=True):
    """Of one kind, of the own record or (`of_others`) of those one helps with."""

    kind: Told
    of_others: bool
    ways: frozenset[Way]


class Hours(msgspec.Struct, frozen=True):
    """Local times in Norway.

    `quiet_from` and `quiet_until` None: no quiet hours; they may go over midnight. `digest_at`: once a day then;
    None: at once.
    """

    quiet_from: time | None = None
    quiet_until: time | None = None
    digest_at: time | None = None


def ways_for(
    kind: Told, chosen: Mapping[tuple[Told, bool], frozenset[Way]], *, of_others: bool
) -> frozenset[Way]:
    """By which ways somebody with these choices hears of this."""
    return chosen.get((kind, of_others), STANDARD[kind])


def goes_at(hours: Hours, due: datetime, now: datetime) -> datetime:
    """When what was due at `due` goes out: `now` or earlier means now.

    A digest gathers what has come since the last one; quiet hours hold back whatever it is.
    """
    at = due if hours.digest_at is None else _next(hours.digest_at, due)
    # What has waited is not for the hours that are past, but for those that it would go out in.
    return _after_quiet(hours, max(at, now))


def quiet_until(hours: Hours, now: datetime) -> datetime:
    """When something that has waited may go out: `now`, or when the quiet hours are over."""
    return _after_quiet(hours, now)


def _next(at: time, after: datetime) -> datetime:
    """The first such time of day in Norway, at or after a moment."""
    local = after.astimezone(OSLO)
    today = _moment(local.date(), at)
    return today if today >= after else _moment(local.date() + _DAY, at)


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, OSLO)


def _after_quiet(hours: Hours, at: datetime) -> datetime:
    begin, end = hours.quiet_from, hours.quiet_until
    if begin is None or end is None or begin == end:
        return at
    local = at.astimezone(OSLO).time()
    is_quiet = begin <= local < end if begin < end else local >= begin or local < end
    return _next(end, at) if is_quiet else at


def locale_for(chosen: str, language: str) -> str:
    """The language of a letter: the person's own choice here, else what the contact register says, else bokmål.

    ID-porten and the register know se as well; there are no texts in it yet, and nobody is guessed to read another.
    """
    known = ("nb", "nn", "en")
    return next((each for each in (chosen, language) if each in known), "nb")


# How often a letter is tried, and how long is waited before the next time.
_MOST_TRIES: Final = 6
_FIRST_WAIT: Final = timedelta(minutes=1)
_LONGEST_WAIT: Final = timedelta(hours=4)


def again_at(tries: int, asked_for: timedelta | None, now: datetime, until: datetime) -> datetime | None:
    """When a letter that was not taken is tried again after so many tries; None: it is given up."""
    wait = max(_FIRST_WAIT * 4 ** (tries - 1), asked_for or timedelta())
    at = now + min(wait, max(_LONGEST_WAIT, asked_for or timedelta()))
    return None if tries >= _MOST_TRIES or at > until else at
