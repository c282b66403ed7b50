"""Two persons for the rules to be asked about."""

from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from innsyn.access.book.facts import Bond, Pair, Span, Standing, Tie

OSLO = ZoneInfo("Europe/Oslo")
CHILD, ADULT = UUID(int=1), UUID(int=2)
ORIGIN = UUID(int=9)


def at(day: date, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    """A clock in Norway."""
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=OSLO)


def turned(born: date, years: int) -> date:
    """The day somebody turns so many years, worked out another way than the rules do: by counting days."""
    return (
        date(born.year + years, born.month, born.day)
        if (born.month, born.day) != (2, 29)
        else _leap(born, years)
    )


def _leap(born: date, years: int) -> date:
    try:
        return date(born.year + years, 2, 29)
    except ValueError:
        return date(born.year + years, 3, 1)


def child(born: date = date(2013, 3, 2), **more: Any) -> Standing:  # noqa: ANN401
    """The person whose record it is."""
    return Standing(person_id=CHILD, born=born, **more)


def adult(born: date | None = date(1985, 6, 19), **more: Any) -> Standing:  # noqa: ANN401
    """The one who wants to see it."""
    return Standing(person_id=ADULT, born=born, **more)


def bond(tie: Tie, **more: Any) -> Bond:  # noqa: ANN401
    """A relation of the adult to the child."""
    return Bond(tie=tie, origin=ORIGIN, **more)


def parent_pair(
    subject: Standing, *, responsibility: bool = True, at_home: bool = True, own_home: bool = True
) -> Pair:
    """A parent and a child; `at_home`: some parent lives with the child, `own_home`: this one does."""
    tie = bond(Tie.PARENT, responsibility=responsibility, lives_with=own_home)
    return Pair(subject=subject, actor=adult(), bonds=(tie,), at_home=(Span(),) if at_home else ())
