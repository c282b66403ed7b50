"""The pages of the log: lines newest first, what nothing explains above them, and one line opened."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

import msgspec

from innsyn.access.views import Who
from innsyn.records.access_log import wording
from innsyn.records.access_log.questions import Asked
from innsyn.records.access_log.readings import Reading, Readings
from innsyn.records.access_log.rules import NEAR, Group, Seen
from innsyn.web import dates
from innsyn.web.locale import catalogue
from innsyn.web.wording import Row

ROWS = 20
# What nothing explains stands above all else, as far as there is room; the rest is in its place in the list.
MOST_UNEXPLAINED = 10
WHO = ("me", "helpers", "health")


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked for, as it was typed. `who` is one of WHO or ''."""

    from_: str = ""
    to: str = ""
    who: str = ""
    unit: str = ""


class Told(NamedTuple):
    """What the log says, to be arranged: groups and readings newest first."""

    groups: Sequence[Group]
    readings: Sequence[Readings]
    services: dict[str, str]
    questions: dict[Any, Asked]


class FieldError(msgspec.Struct, frozen=True):
    """What could not be understood in a field, as a text key."""

    field: str
    text_key: str


class LogPage(msgspec.Struct, frozen=True, kw_only=True):
    """`next` continues the list ('' at its end). `near` are the days in which a contact explains a look-up."""

    reader: Who
    unexplained: list[Row]
    rows: list[Row]
    filter: Filter
    units: list[str]
    errors: list[FieldError]
    next: str
    cut: bool
    most: int
    near: int = NEAR.days

    @property
    def period(self) -> dict[str, str]:
        """The parameters of an address that asks for the same period."""
        return {name: value for name, value in (("from", self.filter.from_), ("to", self.filter.to)) if value}

    @property
    def query(self) -> dict[str, str]:
        """The parameters of the address that continues the list."""
        more = {"who": self.filter.who, "unit": self.filter.unit, "cursor": self.next}
        return self.period | {name: value for name, value in more.items() if value}


class LookupsPage(msgspec.Struct, frozen=True, kw_only=True):
    """One line of look-ups; `rows` are (when, who, what, why). `asked` and `reply` are of the question."""

    reader: Who
    title: str
    id: str
    facts: list[tuple[str, str]]
    warning: str
    chosen: bool
    unexplained: bool
    rows: list[tuple[str, str, str, str]]
    place: str
    may_ask: bool
    asked: str
    reply: str
    just_asked: bool
    near: int = NEAR.days


class ReadingsPage(msgspec.Struct, frozen=True, kw_only=True):
    """One day of readings; `rows` are (when, what, link or '', what the link is called)."""

    reader: Who
    title: str
    day: str
    counts: str
    rows: list[tuple[str, str, str, str]]


Line = Group | Readings


def place_in(line: Line) -> tuple[int, str]:
    """Where a line stands in the list: its newest moment, and its own key where two have the same."""
    at = int(line.last.timestamp() * 1_000_000)
    return (at, f"r{line.id}") if isinstance(line, Readings) else (at, f"l{line.id.hex}")


def chosen_by(told: Told, wanted: Filter) -> list[Line]:
    """The lines that the filter leaves, newest first."""
    lines: list[Line] = []
    if wanted.who in {"", "health"}:
        lines += [each for each in told.groups if not wanted.unit or unit_of(each, told) == wanted.unit]
    if not wanted.unit:
        lines += [each for each in told.readings if wanted.who in {"", "me" if each.own else "helpers"}]
    return sorted(lines, key=place_in, reverse=True)


def unit_of(group: Group, told: Told) -> str:
    """What a unit is called in the filter."""
    return wording.house_of(group, told.services)


def units_in(told: Told) -> list[str]:
    """The units that the filter offers."""
    return sorted({name for each in told.groups if (name := unit_of(each, told))})


def unexplained_in(lines: Iterable[Line]) -> list[Group]:
    """Look-ups that match nothing, the newest of them."""
    found = [each for each in lines if isinstance(each, Group) and each.unexplained]
    return found[:MOST_UNEXPLAINED]


def page_of(lines: Sequence[Line], after: tuple[int, str] | None) -> tuple[list[Line], str]:
    """A page of lines after the place `after`, and the place that the next one begins after ('' at the end)."""
    left = [each for each in lines if after is None or place_in(each) < after]
    shown = left[:ROWS]
    return shown, ".".join(map(str, place_in(shown[-1]))) if len(left) > ROWS else ""


def row_of(line: Line, told: Told, today: date, locale: str) -> Row:
    """A line for the list."""
    day = dates.today_of(line.last).isoformat()
    shared = (dates.short_day(day, today, locale), dates.month(day, locale))
    if isinstance(line, Readings):
        stopped = bool(line.refused) and not line.n and not line.acts
        title, rest = wording.reading_of(line, locale), wording.counts_of(line, locale)
        href = f"/access/log/readings/{line.id}"
        return Row(href, "access", day, title, "", "care" if stopped else "", shared[0], "", rest, shared[1])
    warning = wording.warning_of(line, locale)
    return Row(
        f"/access/log/lookups/{line.id}",
        "care_team",
        day,
        wording.sentence_of(line, told.services, today, locale),
        "",
        "care" if warning else "",
        shared[0],
        warning,
        wording.rest_of(line, question_about(line, told.questions), locale),
        shared[1],
    )


def question_about(group: Group, questions: dict[Any, Asked]) -> Asked | None:
    """The person's question about these look-ups, if there is one."""
    return next((questions[each] for each in group.asked if each in questions), None)


def lookup_row(seen: Seen, locale: str) -> tuple[str, str, str, str]:
    """A single look-up for the table: when, who, what, why."""
    people = ", ".join(wording.person_of(each, locale) for each in seen.people)
    return (
        wording.clock_of(seen, locale),
        people,
        wording.acts_of(seen, locale),
        wording.reasons_of(seen, locale),
    )


def fact_pairs(
    group: Group, rows: Sequence[Seen], services: dict[str, str], today: date, locale: str
) -> list[tuple[str, str]]:
    """What there is to know of a line, with its names; what the log does not tell is ''."""
    texts = catalogue(locale)
    first, last = dates.today_of(group.first), dates.today_of(group.last)
    decisions = (
        ", ".join(group.decisions) if wording.reasons_of(group, locale) != ", ".join(group.decisions) else ""
    )
    return [
        (texts.text("log.fact_place"), wording.house_of(group, services)),
        (texts.text("log.fact_service"), next((each.service for each in rows if each.service), "")),
        (texts.text("log.fact_when"), wording.span(first, last, today, locale)),
        (texts.text("log.fact_how_many"), texts.text("log.times", n=group.n)),
        (texts.text("log.fact_why"), wording.reasons_of(group, locale) or texts.text("log.no_reason")),
        (texts.text("log.fact_own_words"), decisions),
    ]


def reading_row(reading: Reading, locale: str) -> tuple[str, str, str, str]:
    """A single reading: when, what, and the entry that was opened with its address, where it is still to be seen."""
    texts = catalogue(locale)
    what = (
        texts.text("log.did_stopped") if reading.refused else wording.purpose_words(reading.purpose, locale)
    )
    line = reading.entry
    href = f"/journal/{line.kind}/{line.id}" if line else ""
    called = (line.title or texts.text(f"kind.{line.kind}")) if line else ""
    # The day stands above them all.
    return dates.clock(reading.at.astimezone(dates.ZONE).time(), locale), what, href, called
