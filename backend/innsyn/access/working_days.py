"""Norwegian working days: when there is somebody to call about what one has read."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

OSLO: Final = ZoneInfo("Europe/Oslo")
OPENS: Final = time(8)
CLOSES: Final = time(15)
_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5
# Days from Easter Sunday: Maundy Thursday, Good Friday, Easter Monday, Ascension Day, Whit Monday.
_AROUND_EASTER: Final = (-3, -2, 1, 39, 50)
_FIXED: Final = ((1, 1), (5, 1), (5, 17), (12, 25), (12, 26))


def easter_sunday(year: int) -> date:
    """Easter Sunday of a year of the Gregorian calendar (the anonymous algorithm of Nature, 1876)."""
    a, (b, c) = year % 19, divmod(year, 100)
    (d, e), (i, k) = divmod(b, 4), divmod(c, 4)
    g = (b - (b + 8) // 25 + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    ell = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * ell) // 451
    month, day = divmod(h + ell - 7 * m + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=64)
def holidays(year: int) -> frozenset[date]:
    """The days off that can fall on a weekday.

    Source: lov 24. februar 1995 nr. 12 om helligdager og helligdagsfred § 2; lov 26. april 1947 nr. 1 (1 and 17 May).
    """
    easter = easter_sunday(year)
    moving = (easter + days * _DAY for days in _AROUND_EASTER)
    return frozenset({*moving, *(date(year, *each) for each in _FIXED)})


def is_working_day(day: date) -> bool:
    """Monday to Friday, and no holiday."""
    return day.weekday() < _SATURDAY and day not in holidays(day.year)


def outside_days_off(at: datetime) -> datetime:
    """`at` itself, or, within days off, when the next working day opens (UTC).

    Days off last from 15:00 on the last working day before them until 08:00 on the first one after: a weekend from
    Friday 15:00 to Monday 08:00, in the time of Norway.
    """
    local = at.astimezone(OSLO)
    day, clock = local.date(), local.time()
    works = is_working_day(day)
    if works and OPENS <= clock < CLOSES:
        return at
    if works and is_working_day(day + _DAY if clock >= CLOSES else day - _DAY):
        return at
    if not (works and clock < OPENS):
        day += _DAY
        while not is_working_day(day):
            day += _DAY
    return datetime.combine(day, OPENS, OSLO).astimezone(UTC)
