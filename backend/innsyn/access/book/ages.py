"""Ages and years, as the law counts them: by the day, in Norway."""

from datetime import UTC, date, datetime, time
from functools import lru_cache

from innsyn.journal.fhir.reading import OSLO

_FEBRUARY, _LEAP_DAY = 2, 29


def birthday(born: date, years: int) -> date:
    """The day on which somebody turns so many years.

    An age is reached when the years have passed whole, on the day itself and not at the hour of birth. Born on
    29 February, one has lived a whole year when 28 February is over: in other years the day is 1 March. (No Norwegian
    text was found that says it; it is the general rule of counting time by years, which German law has in writing,
    BGB § 188.)
    """
    year = born.year + years
    if born.month == _FEBRUARY and born.day == _LEAP_DAY and not _is_leap(year):
        return date(year, 3, 1)
    return born.replace(year=year)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def midnight(day: date) -> datetime:
    """The moment that the day begins in Norway, as UTC."""
    return datetime.combine(day, time(), OSLO).astimezone(UTC)


@lru_cache(maxsize=50_000)
def turning(born: date, years: int) -> datetime:
    """The moment that somebody turns so many years: the beginning of the birthday in Norway, as UTC."""
    return midnight(birthday(born, years))


def later(at: datetime, years: int) -> datetime:
    """The same clock in Norway so many years later."""
    local = at.astimezone(OSLO)
    return datetime.combine(birthday(local.date(), years), local.time(), OSLO).astimezone(UTC)
