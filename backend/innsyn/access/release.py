"""When a result opens for the citizen.

Sources: pbrl § 5-1; HelsaMi's release classes, helseplattformen.no/en/helsami/proveresultater.
"""

from datetime import UTC, datetime, timedelta

import msgspec

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
