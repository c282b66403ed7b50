"""One line of the record in words: what a row of a list and the head of a page say about an entry."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Final, NamedTuple, Protocol

from innsyn.web import dates
from innsyn.web.locale import catalogue

# What needs care is never told by colour alone; "" says nothing, because the source said nothing.
CARE: Final = frozenset({"low", "high", "abnormal", "critical_low", "critical_high", "critical"})


_ROOM_FOR_NOTE: Final = 80  # letters: two lines of a phone


class Line(Protocol):
    """One entry as the lists know it; text fields are "" when the source says nothing."""

    @property
    def id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def at(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def flag(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def note(self) -> str: ...
    @property
    def organisation(self) -> str: ...
    @property
    def recorded(self) -> str: ...
    @property
    def corrected(self) -> str: ...
    @property
    def changed(self) -> str: ...
    @property
    def parts(self) -> int: ...
    @property
    def withheld(self) -> str: ...
    @property
    def opens(self) -> str: ...
    @property
    def opened(self) -> str: ...


class Reader(Protocol):
    @property
    def new_since(self) -> datetime | None: ...
    @property
    def now(self) -> datetime: ...
    @property
    def base(self) -> str: ...


class Row(NamedTuple):
    """A line as its row shows it. `news` is "", "new", "corrected" or "changed"; `tone` is "", "care" or "withheld".

    `judged` is the value with its judgement, or why the entry is closed; `rest` what else is worth a word.
    """

    href: str
    kind: str
    at: str
    title: str
    news: str
    tone: str
    when: str
    judged: str
    rest: str
    month: str


def rows(lines: Iterable[Line], reader: Reader, locale: str) -> list[Row]:
    """The rows of a list. Hot: every formatted date, number and phrase is remembered between requests."""
    today = dates.today_of(reader.now)
    since = dates.as_utc(reader.new_since) if reader.new_since else ""
    return [_row(line, reader.base, since, today, locale) for line in lines]


def _row(line: Line, base: str, since: str, today: date, locale: str) -> Row:
    kind, at = line.kind, line.at
    withheld = line.withheld
    if withheld:
        judged, rest = withheld_words(withheld, line.opens, locale).rstrip("."), line.organisation
    else:
        judged = measured(line.value, line.unit, line.flag, locale)
        said = (_size(line, locale), _noteworthy(line, locale), _shortened(line.note), line.organisation)
        rest = " · ".join(filter(None, said))
    if not judged:
        rest = rest[:1].upper() + rest[1:]
    return Row(
        f"{base}/journal/{kind}/{line.id}",
        kind,
        at[:10],  # the day is enough for programs that read the page, and half the bytes
        line.title or catalogue(locale).text(f"kind.{kind}"),
        news_of(line, since),
        "withheld" if withheld else "care" if line.flag in CARE else "",
        dates.appointment(at, today, locale) if _ahead(line, today) else dates.short_day(at, today, locale),
        judged,
        rest,
        dates.month(at, locale),
    )


def _size(line: Line, locale: str) -> str:
    panel = line.parts and not line.value and line.kind in {"lab_results", "measurements"}
    return catalogue(locale).text("lines.parts", n=line.parts) if panel else ""


def _noteworthy(line: Line, locale: str) -> str:
    # What is in force stands under a heading that says so; only a referral's way is worth a word.
    if line.status == "active" and line.kind != "referrals":
        return ""
    words = status_words(line.kind, line.status, locale)
    return "" if words and line.note.lower().startswith(words) else words


def _shortened(note: str) -> str:
    if len(note) <= _ROOM_FOR_NOTE:
        return note
    return note[:_ROOM_FOR_NOTE].rpartition(" ")[0].rstrip(" .,;:") + "…"


def _ahead(line: Line, today: date) -> bool:
    return line.kind == "encounters" and line.at[:10] >= today.isoformat()


def news_of(line: Line, since: str) -> str:
    """What an entry is to this person: "new", "corrected" or "changed" after `since` (UTC, ISO), "" when met before."""
    if not since:
        return ""
    if _later(line.recorded, since) or (line.opened and _later(line.opened, since)):
        return "new"
    if line.corrected and _later(line.corrected, since):
        return "corrected"
    return "changed" if line.changed and _later(line.changed, since) else ""


def news_to(line: Line, reader: Reader) -> str:
    """The same of an entry by itself, to this reader."""
    return news_of(line, dates.as_utc(reader.new_since)) if reader.new_since else ""


@lru_cache(4096)
def _later(moment: str, since: str) -> bool:
    # Both are usually UTC with a Z, and then their order is that of their letters.
    if moment.endswith("Z"):
        return moment > since
    known, other = dates.instant(moment), dates.instant(since)
    return bool(known and other and known > other)


@lru_cache(4096)
def measured(value: str, unit: str, flag: str, locale: str) -> str:
    """A value with its unit and its judgement: "41 mmol/mol, innenfor referanseområdet"."""
    words = flag_words(flag, locale)
    amount = with_unit(value, unit, locale)
    return f"{amount}, {words}" if amount and words else amount or words


@lru_cache(4096)
def with_unit(value: str, unit: str, locale: str) -> str:
    """A value with its unit: "5,4 mmol/L", "98 %"."""
    shown = dates.number(value, locale)
    return f"{shown}\N{NO-BREAK SPACE}{unit_words(unit)}" if shown and unit else shown


def unit_words(unit: str) -> str:
    """A unit as people write it; UCUM's own spelling where there is no other."""
    return _UNITS.get(unit, unit)


_UNITS: Final = {
    "10*9/L": "10⁹/L",
    "10*12/L": "10¹²/L",
    "10*3/uL": "10³/µL",
    "10*6/uL": "10⁶/µL",
    "umol/L": "µmol/L",
    "ug/L": "µg/L",
    "Cel": "°C",
    "mm[Hg]": "mmHg",
    "kg/m2": "kg/m²",
    "mL/min/{1.73_m2}": "mL/min/1,73 m²",
    "/min": "per min",
    "{score}": "",
    "1": "",
}


@lru_cache(256)
def flag_words(flag: str, locale: str) -> str:
    """The laboratory's judgement in words, "" when it gave none."""
    return catalogue(locale).text_or(f"flags.{flag}", "")


@lru_cache(512)
def status_words(kind: str, status: str, locale: str) -> str:
    """A status worth telling of this kind of entry: "avlyst", "i bruk"; "" for what goes without saying."""
    return catalogue(locale).text_or(f"status.{kind}.{status}", "")


@lru_cache(512)
def withheld_words(reason: str, opens: str, locale: str) -> str:
    """Why an entry cannot be read yet, and when it opens at the latest."""
    texts = catalogue(locale)
    why = texts.text_or(f"withheld.{reason}", texts.text("withheld.doctor_only"))
    return f"{why} {opens_words(opens, locale)}".strip()


@lru_cache(512)
def opens_words(opens: str, locale: str) -> str:
    """When a withheld entry opens at the latest, "" when only the doctor opens it."""
    return catalogue(locale).text("withheld.opens", day=dates.long_day(opens, locale)) if opens else ""


def trend_words(lines: Sequence[Line], locale: str) -> str:
    """The picture of a trend for those who do not see it: from, to, the newest value."""
    first, last = lines[0], lines[-1]
    return catalogue(locale).text(
        "results.trend_in_words",
        first=dates.long_day(first.at, locale),
        last=dates.long_day(last.at, locale),
        then=with_unit(first.value, first.unit, locale),
        now=with_unit(last.value, last.unit, locale),
    )


@lru_cache(1024)
def reference_short(low: str, high: str, locale: str) -> str:
    """The reference range for a cell of a table: both limits with a dash, or "opp til 42"."""
    if low and high:
        return f"{dates.number(low, locale)}\N{EN DASH}{dates.number(high, locale)}"
    return reference_words(low, high, locale)


@lru_cache(1024)
def reference_words(low: str, high: str, locale: str) -> str:
    """The reference range in words: "mellom 3,5 og 5,0", "under 42", "over 60"; "" when there is none."""
    texts = catalogue(locale)
    low, high = dates.number(low, locale), dates.number(high, locale)
    if low and high:
        return texts.text("results.reference_between", low=low, high=high)
    if high:
        return texts.text("results.reference_below", high=high)
    return texts.text("results.reference_above", low=low) if low else ""
