"""Dates and numbers the way a person would say them, in their own precision and language.

A date of the journal is a FHIR date or time as text: "2026", "2026-11", "2026-11-22" or
"2026-11-22T10:15:00+01:00". What it does not say is not shown: "mars 2019" never becomes a day.
Rows of a list repeat the same few dates and numbers, so every answer is remembered (bounded).
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from babel.dates import format_date

from innsyn.web.locale import catalogue

ZONE: Final = ZoneInfo("Europe/Oslo")
# Babel's plain "en" writes month before day; readers here are in Norway.
_BABEL: Final = {"nb": "nb", "nn": "nn", "en": "en_GB"}
_DAY_DOT: Final = {"nb": "d.", "nn": "d.", "en": "d"}
_AT: Final = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(T.+)?)?)?")
_NUMBER: Final = re.compile(r"[<>≤≥~]?\s*[-+]?\d+(?:\.\d+)?(?:\s*[-\N{EN DASH}/]\s*\d+(?:\.\d+)?)*")
_DIGITS: Final = re.compile(r"(\d+)(?:\.(\d+))?")
_GROUPED_FROM: Final = 5  # 1234 is read at a glance, 12 345 is not


class _Moment(NamedTuple):
    day: date
    precision: str  # year, month, day or time
    clock: time | None


@lru_cache(4096)
def _moment(at: str) -> _Moment | None:
    match = _AT.fullmatch(at)
    if not match:
        return None
    year, month, day, clock = match.groups()
    try:
        if clock:
            return _timed(at)
        precision = "day" if day else "month" if month else "year"
        return _Moment(date(int(year), int(month or 1), int(day or 1)), precision, None)
    except ValueError:
        return None


def _timed(at: str) -> _Moment:
    moment = datetime.fromisoformat(at)
    local = (moment if moment.tzinfo else moment.replace(tzinfo=ZONE)).astimezone(ZONE)
    return _Moment(local.date(), "time", local.timetz().replace(tzinfo=None))


@lru_cache(4096)
def short_day(at: str, today: date, locale: str) -> str:
    """The day for a row of a list: "i dag", "i går", "22. nov.", "22. nov. 2024", "mars 2019", "2019"."""
    moment = _moment(at)
    if not moment:
        return at
    if moment.precision in {"year", "month"}:
        return _rough(moment, locale)
    near = _near(moment.day, today, locale)
    year = "" if moment.day.year == today.year else " y"
    return near or _pattern(moment.day, f"{_DAY_DOT[locale]} MMM{year}", locale)


@lru_cache(4096)
def long_day(at: str, locale: str) -> str:
    """The day written out: "22. november 2026", "mars 2019", "2019"; the time of day is left out."""
    moment = _moment(at)
    if not moment:
        return at
    if moment.precision in {"year", "month"}:
        return _rough(moment, locale)
    return _pattern(moment.day, f"{_DAY_DOT[locale]} MMMM y", locale)


@lru_cache(4096)
def day_and_time(at: str, locale: str) -> str:
    """The day written out, and the time where the journal gives one: "22. november 2026 kl. 10.15"."""
    moment = _moment(at)
    if not moment or not moment.clock:
        return long_day(at, locale)
    return catalogue(locale).text(
        "dates.day_and_time", day=long_day(at, locale), clock=clock(moment.clock, locale)
    )


@lru_cache(1024)
def appointment(at: str, today: date, locale: str) -> str:
    """When one should be there: "torsdag 26. november kl. 10.15", with the year when it is another one."""
    moment = _moment(at)
    if not moment or moment.precision in {"year", "month"}:
        return long_day(at, locale)
    year = "" if moment.day.year == today.year else " y"
    day = _pattern(moment.day, f"EEEE {_DAY_DOT[locale]} MMMM{year}", locale)
    if not moment.clock:
        return day
    return catalogue(locale).text("dates.day_and_time", day=day, clock=clock(moment.clock, locale))


def ahead(at: str, now: datetime) -> bool:
    """Whether a time of the journal is still to come; a day without a clock is so until it is over."""
    moment = _moment(at)
    if not moment:
        return False
    return (instant(at) or now) > now if moment.clock else moment.day >= today_of(now)


@lru_cache(1024)
def month(at: str, locale: str) -> str:
    """The heading over a month of a timeline: "november 2026"; the year where no month is known."""
    moment = _moment(at)
    if not moment:
        return ""
    return str(moment.day.year) if moment.precision == "year" else _pattern(moment.day, "LLLL y", locale)


def ago(moment: datetime, now: datetime, locale: str) -> str:
    """How long since: "nettopp", "for 3 minutter siden", "i dag kl. 08.41", "21. nov. kl. 08.41"."""
    texts = catalogue(locale)
    minutes = int((now - moment).total_seconds() // 60)
    if minutes < 1:
        return texts.text("dates.just_now")
    if minutes < 60:  # noqa: PLR2004 — an hour
        return texts.text("dates.minutes_ago", n=minutes)
    return at_clock(moment, now, locale)


def near_day(moment: datetime, now: datetime, locale: str) -> str:
    """A day not long ago, written out: "i går", "19. november", with the year when it is another one."""
    day, today = today_of(moment), today_of(now)
    year = "" if day.year == today.year else " y"
    return _near(day, today, locale) or _pattern(day, f"{_DAY_DOT[locale]} MMMM{year}", locale)


def at_clock(moment: datetime, now: datetime, locale: str) -> str:
    """Day and clock of a moment near to now: "i dag kl. 08.41", "21. nov. kl. 08.41"."""
    local = moment.astimezone(ZONE)
    day = short_day(local.date().isoformat(), now.astimezone(ZONE).date(), locale)
    return catalogue(locale).text("dates.day_and_time", day=day, clock=clock(local.time(), locale))


def clock(of: time, locale: str) -> str:
    """The time of day: 10.15 in Norwegian, 10:15 in English."""
    return f"{of.hour:02}{':' if locale == 'en' else '.'}{of.minute:02}"


def today_of(now: datetime) -> date:
    """The date in Norway at this moment."""
    return now.astimezone(ZONE).date()


@lru_cache(4096)
def number(text: str, locale: str) -> str:
    """A value as the language writes it: "5.4" is 5,4 in Norwegian. Precision stays, and so do words."""
    if not _NUMBER.fullmatch(text):
        return text
    return _DIGITS.sub(lambda match: _written(match[1], match[2], locale), text)


def _written(whole: str, decimals: str | None, locale: str) -> str:
    thousands, point = (",", ".") if locale == "en" else ("\N{NO-BREAK SPACE}", ",")
    if len(whole) >= _GROUPED_FROM:
        whole = f"{int(whole):,}".replace(",", thousands)
    return f"{whole}{point}{decimals}" if decimals else whole


def as_utc(moment: datetime) -> str:
    """A moment as the ISO text that entries carry, so that the two can be compared."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@lru_cache(4096)
def instant(text: str) -> datetime | None:
    """An ISO moment of an entry, or None where there is none."""
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _near(day: date, today: date, locale: str) -> str:
    names = {0: "dates.today", -1: "dates.yesterday", 1: "dates.tomorrow"}
    key = names.get((day - today) // timedelta(days=1))
    return catalogue(locale).text(key) if key else ""


def _rough(moment: _Moment, locale: str) -> str:
    return str(moment.day.year) if moment.precision == "year" else _pattern(moment.day, "LLLL y", locale)


def _pattern(day: date, pattern: str, locale: str) -> str:
    return format_date(day, pattern, _BABEL[locale])
