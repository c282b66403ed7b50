"""When a result opens for the citizen: the class that its source gave it, and then the citizen's own wish.

Sources: pbrl § 5-1; HelsaMi's release classes, helseplattformen.no/en/helsami/proveresultater. The wish is ours: it
can only delay.
"""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

import msgspec

from innsyn.access.working_days import outside_days_off

LONGEST_WAIT = timedelta(days=14)
# Not the very first day: asyncpg takes that for -infinity, and gives it back without a time zone.
OPEN = datetime(1, 1, 2, tzinfo=UTC)
NEVER = datetime(9999, 1, 1, tzinfo=UTC)


class Release(msgspec.Struct, frozen=True):
    """Opens at `at`. `withheld` is why a placeholder is shown until then; empty where nothing may be shown."""

    at: datetime = OPEN
    withheld: str = ""


def release_of(release_class: str, recorded: datetime, source_says: datetime | None) -> Release:
    """When an entry of this class opens.

    1 at once; 2 when the doctor has seen it, at the latest 14 days after it was recorded; 3 only by the doctor;
    4 never, and no placeholder (genetics of several persons, law). A time that the source itself has set wins, within
    class 2 it can only be earlier. An unknown class waits for the doctor: to withhold by mistake can be mended, to show
    by mistake can not.
    """
    if release_class in {"", "1"}:
        return Release()
    if release_class == "2":
        latest = recorded + LONGEST_WAIT
        return Release(min(latest, source_says or latest), "doctor_first")
    if release_class == "4":
        return Release(NEVER)
    return Release(source_says or NEVER, "doctor_only")


class Wish(StrEnum):
    """When the citizen wants to see new entries of a kind."""

    AT_ONCE = "at_once"
    COMMENTED = "commented"
    NOT_WEEKEND = "not_weekend"
    ASKED = "asked"


# What can be wished of each kind (named as records.kinds.Kind). A note is the doctor's own word: it waits for no other.
WISHES: Final = {
    "lab_results": tuple(Wish),
    "imaging": tuple(Wish),
    "notes": (Wish.AT_ONCE, Wish.NOT_WEEKEND, Wish.ASKED),
}
# A placeholder says so, followed by which wish it was.
OWN_WISH: Final = "own_wish_"


class Coming(msgspec.Struct, frozen=True, kw_only=True):
    """What a wish asks about an entry.

    `recorded`: when the journal took its newest version in; `landed`: when that came to us. `commented`: it has a
    doctor's comment or conclusion. `within`: it is part of a whole of the same kind. `asked_for`: the citizen has asked
    to see it (or its whole) now.
    """

    recorded: datetime
    landed: datetime
    commented: bool = False
    within: bool = False
    asked_for: bool = False


def release_wished(source: Release, wish: Wish, since: datetime, entry: Coming) -> Release:
    """The later of what the source says and what the citizen has wished since `since`.

    The wish is about what comes after it: nothing that was here already disappears, and what was more than LONGEST_WAIT
    old by then is history that a new source has brought, and no news. Where nothing at all may be shown, there is no
    wish to tell of either.
    """
    tells = source.at < NEVER or source.withheld
    new = entry.landed >= since and entry.recorded >= since - LONGEST_WAIT
    if entry.asked_for or not tells or not new:
        return source
    at = _wished(source, wish, entry)
    return Release(at, OWN_WISH + wish) if at > source.at else source


def _wished(source: Release, wish: Wish, entry: Coming) -> datetime:
    if wish is Wish.NOT_WEEKEND:
        base = max(source.at, entry.recorded)
        opens = outside_days_off(base) if base < NEVER else base
        return opens if opens > base else OPEN
    # A part opens with its whole: the comment stands there, and there it is asked for.
    if wish is Wish.AT_ONCE or entry.within:
        return OPEN
    if wish is Wish.ASKED:
        return NEVER
    # So that nothing is forgotten when nobody comments.
    return OPEN if entry.commented else entry.recorded + LONGEST_WAIT
