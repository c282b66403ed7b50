"""Dates seen from `today`, so that appointments lie ahead and the latest results are recent."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")
_SATURDAY, _SUNDAY = 5, 6


class Days:
    """A calendar around `today`. Clinics keep office days: `ago` and `ahead` move away from weekends."""

    def __init__(self, today: date) -> None:
        self.today = today

    def ago(self, days: int, clock: str = "09:00") -> datetime:
        """An office day that many days back; a weekend becomes the Friday before, never the future."""
        day = self.today - timedelta(days)
        return _at(day - timedelta(max(0, day.weekday() - 4)), clock)

    def ahead(self, days: int, clock: str = "09:00") -> datetime:
        """An office day that many days ahead; a weekend becomes the Monday after."""
        day = self.today + timedelta(days)
        return _at(day + timedelta({_SATURDAY: 2, _SUNDAY: 1}.get(day.weekday(), 0)), clock)

    def exactly(self, days: int, clock: str = "09:00") -> datetime:
        """That day whatever weekday it is: births, emergencies, home care. Negative is ahead."""
        return _at(self.today - timedelta(days), clock)

    def last(self, month: int, day: int, years: int = 0, clock: str = "10:00") -> datetime:
        """The latest such date before today, or so many years before: vaccines that have a season."""
        this_year = date(self.today.year, month, day)
        year = self.today.year - years - (0 if this_year < self.today else 1)
        return _at(date(year, month, day), clock)


def on(day: date, clock: str = "12:00") -> datetime:
    """A clock time in Norway on a fixed day."""
    return _at(day, clock)


def _at(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), OSLO)
