"""Pages before a message is written, and of one that begins a thread."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec

from innsyn.messages import rules
from innsyn.messages.new.queries import Kept, Unit
from innsyn.messages.queries import Waiting
from innsyn.messages.units import Opening
from innsyn.messages.views import Expect, Writing, expect_of, files_of


class UnitRow(msgspec.Struct, frozen=True):
    """Whom one can write to. `kinds`: what about; `why_not`: '' or the rule by which whoever is here may not."""

    href: str
    name: str
    organisation: str
    kinds: list[str]
    why_not: str


class UnitsPage(msgspec.Struct, frozen=True, kw_only=True):
    """GET /messages/new: `known` are those that the person has had to do with."""

    reader: Any
    known: list[UnitRow]
    others: list[UnitRow]
    closed: list[UnitRow]
    unread: int


class KindRow(msgspec.Struct, frozen=True):
    """What it may be about: how long that takes, and what the unit asks to be told."""

    kind: str
    expect: Expect
    template: str


class UnitShown(msgspec.Struct, frozen=True, kw_only=True):
    """The unit, before one writes to it."""

    unit_id: UUID
    name: str
    organisation: str
    about: str
    hours: list[tuple[tuple[str, str], str, str]]
    note: str


class ComposePage(msgspec.Struct, frozen=True, kw_only=True):
    """Writing to a unit. `kind` '' where none is chosen yet; `why_not` as in UnitRow."""

    reader: Any
    unit: UnitShown
    kinds: list[KindRow]
    kind: str
    writing: Writing
    why_not: str
    unread: int


def units_page(reader: Any, here: Any, units: Iterable[Unit], unread: int) -> UnitsPage:  # noqa: ANN401 - Who, Reader
    """All the units, those that are known first, and last those that take nothing from whoever is here."""
    rows = [(each, _row(each, here)) for each in units if rules.kinds_of(each.kinds)]
    return UnitsPage(
        reader=reader,
        known=[row for unit, row in rows if unit.known and not row.why_not],
        others=[row for unit, row in rows if not unit.known and not row.why_not],
        closed=[row for _, row in rows if row.why_not],
        unread=unread,
    )


def compose_page(reader: Any, here: Any, unit: Unit, writing: Writing, kind: str, unread: int) -> ComposePage:  # noqa: ANN401
    """The page of one unit to write to."""
    return ComposePage(
        reader=reader,
        unit=UnitShown(
            unit_id=unit.unit_id,
            name=unit.name,
            organisation=unit.organisation,
            about=_BOLD.sub(r"\1", unit.about),
            hours=hours_of(unit.opening),
            note=unit.opening.note,
        ),
        kinds=[
            KindRow(each, expect(unit, each), unit.templates.get(each, ""))
            for each in rules.kinds_of(unit.kinds)
        ],
        kind=kind,
        writing=writing,
        why_not=why_not(unit, here),
        unread=unread,
    )


def writing_of(draft_id: UUID, kept: Kept | None) -> Writing:
    """What has been begun."""
    if kept is None:
        return Writing(draft_id=draft_id)
    return Writing(
        draft_id=draft_id,
        text=kept.text,
        topic=kept.topic,
        revision=kept.revision,
        saved=kept.saved_at,
        files=files_of(kept.files),
    )


# What units write is markdown; it is shown as the text that it is without its marks.
_BOLD: Final = re.compile(r"\*\*(.+?)\*\*")
_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def why_not(unit: Unit, here: Any) -> str:  # noqa: ANN401 - a Reader
    """'' where whoever is here may begin a thread with it, else the rule that says no."""
    may = rules.may_write(unit.may_write, own=here.actor_id == here.subject_id, known=unit.known)
    return "" if may else unit.may_write


def expect(unit: Unit, kind: str) -> Expect:
    """How long an answer about this takes there."""
    median, most, threads = unit.waits.get(kind) or unit.waits.get("") or (None, None, None)
    return expect_of(Waiting(median, most, threads, unit.promise))


def hours_of(opening: Opening) -> list[tuple[tuple[str, str], str, str]]:
    """When it is open: (first day, last day) of a run of days, from and to; [] where it does not say."""
    return [
        (run, _clock(each.begins), _clock(each.ends or "24:00"))
        for each in opening.hours
        for run in _runs(each.days)
    ]


def _runs(days: Sequence[str]) -> list[tuple[str, str]]:
    """mon, tue, wed, fri as mon–wed and fri."""
    runs: list[tuple[str, str]] = []
    for day in sorted(set(days) & set(_DAYS), key=_DAYS.index):
        if runs and _DAYS.index(day) == _DAYS.index(runs[-1][1]) + 1:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs


def _clock(at: str) -> str:
    return at.replace(":", ".") if at else "00.00"


def _row(unit: Unit, here: Any) -> UnitRow:  # noqa: ANN401
    return UnitRow(
        f"/messages/new/{unit.unit_id}",
        unit.name,
        unit.organisation,
        rules.kinds_of(unit.kinds),
        why_not(unit, here),
    )
