"""The page of a list."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from innsyn.journal.fhir.reading import instant
from innsyn.records.entries import Line
from innsyn.records.kinds import Kind
from innsyn.records.sources import Source


class Group(msgspec.Struct, frozen=True):
    """Lines under a heading; `key` is '' where the list has none."""

    key: str
    lines: list[Line]


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked for, as it was typed."""

    kind: str = ""
    source: str = ""
    from_: str = ""
    to: str = ""
    q: str = ""


class FieldError(msgspec.Struct, frozen=True):
    """What could not be understood in a field, as a text key."""

    field: str
    text_key: str


class ListPage(msgspec.Struct, frozen=True, kw_only=True):
    """A list; `next` is the cursor of the rest. `total` is -1 where it was not counted.

    `guess`: nothing was found for the words as typed, this is what was searched for instead.
    """

    reader: Any
    kind: str
    groups: list[Group]
    filter: Filter
    errors: list[FieldError]
    sources: Sequence[Source]
    kinds: list[str]
    guess: str = ""
    next: str = ""
    total: int = -1


def in_groups(kind: Kind, lines: Iterable[Line], now: datetime) -> list[Group]:
    """What is in force apart from what was. Coming appointments stand soonest first.

    A placeholder tells neither, and stands above both.
    """
    groups: dict[str, list[Line]] = {}
    for line in lines:
        groups.setdefault(_group(kind, line, now), []).append(line)
    if "coming" in groups:
        groups["coming"].reverse()
    order = ("", "coming", "critical", "active", "other", "earlier")
    return [Group(key, groups[key]) for key in order if key in groups]


def _group(kind: Kind, line: Line, now: datetime) -> str:
    if line.withheld:
        return ""
    if kind == Kind.ENCOUNTERS:
        when = instant(line.at)
        return "coming" if line.status == "active" and when is not None and when > now else "earlier"
    if kind == Kind.ALLERGIES and line.status == "active":
        return "critical" if line.flag == "severe" else "other"
    return "active" if line.status == "active" else "earlier"
