"""What became of a load, told to an operator: as tables, or as JSON for a script."""

import re
from collections import Counter
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table

from innsyn.feed_identifiers import Identified
from innsyn.journal.quarantine import Quarantined
from innsyn.worker import Tally

_MOST_LISTED = 200
_ELEVEN_DIGITS = re.compile(r"(?<!\d)\d{11}(?!\d)")


class Loaded(msgspec.Struct, frozen=True):
    """A finished load. `handed` is how many things the files held, counted apart from what became of them."""

    feed: str
    handed: int
    bytes: int
    seconds: float
    tally: Tally
    people: list[Identified]

    @property
    def adds_up(self) -> bool:
        """Does everything in the files stand somewhere? False is a defect of ours, never of the files."""
        return self.tally.balances and self.handed == self.tally.read.total()


def without_numbers(text: str) -> str:
    """A name from the journal fit for a screen: eleven digits in a row may be somebody's identity number."""
    return _ELEVEN_DIGITS.sub("···········", text)


def as_json(loaded: Loaded) -> bytes:
    """One JSON object: totals, kinds, quarantined entries and the numbers that test patients log in with."""
    return msgspec.json.encode(_totals(loaded) | {"kinds": _kinds(loaded.tally)} | _lists(loaded))


def _totals(loaded: Loaded) -> dict[str, Any]:
    tally = loaded.tally
    return {
        "feed": loaded.feed,
        "read": loaded.handed,
        "projected": tally.projected.total(),
        "not_shown": tally.not_shown.total(),
        "quarantined": len(tally.quarantined),
        "unchanged": tally.unchanged.total(),
        "adds_up": loaded.adds_up,
        "bytes": loaded.bytes,
        "seconds": round(loaded.seconds, 3),
    }


def _kinds(tally: Tally) -> dict[str, dict[str, Any]]:
    return {
        kind: {
            "read": tally.read[kind],
            "projected": tally.projected[kind],
            "not_shown": {
                reason: n for (of, reason), n in sorted(tally.not_shown.items()) if of == kind and n
            },
            "quarantined": dict(
                Counter(bad.reason for bad in tally.quarantined if (bad.kind or "?") == kind)
            ),
            "unchanged": tally.unchanged[kind],
        }
        for kind in sorted(tally.read)
    }


def _lists(loaded: Loaded) -> dict[str, Any]:
    return {
        "quarantined_entries": [
            {
                "entry": without_numbers(bad.entry),
                "kind": bad.kind,
                "source": bad.source,
                "position": bad.position,
                "reason": bad.reason,
                "explanation": bad.explanation,
            }
            for bad in loaded.tally.quarantined
        ],
        "people": loaded.people,
    }


def show(loaded: Loaded, console: Console) -> None:
    """The tables, and the sum that must add up."""
    tally = loaded.tally
    console.print(_by_kind(tally))
    if tally.not_shown.total():
        console.print(_not_shown(tally))
    if tally.quarantined:
        console.print(_quarantined(tally.quarantined))
    if loaded.people:
        console.print(_people(loaded.people))
    console.print(_sum(loaded), markup=False)


def _by_kind(tally: Tally) -> Table:
    table = Table("Kind", title="Loaded", title_justify="left")
    for name in ("read", "projected", "not shown", "quarantined", "unchanged"):
        table.add_column(name, justify="right")
    not_shown: Counter[str] = Counter()
    for (kind, _), number in tally.not_shown.items():
        not_shown[kind] += number
    bad = Counter(each.kind or "?" for each in tally.quarantined)
    parts = (tally.read, tally.projected, not_shown, bad, tally.unchanged)
    for kind, _ in tally.read.most_common():
        table.add_row(kind, *(str(part[kind]) if part[kind] else "" for part in parts))
    table.add_section()
    table.add_row("All", *(str(part.total()) for part in parts))
    return table


def _not_shown(tally: Tally) -> Table:
    table = Table("Kind", "Reason", title="Not shown to citizens", title_justify="left")
    table.add_column("entries", justify="right")
    for (kind, reason), number in tally.not_shown.most_common():
        if number:
            table.add_row(kind, reason, str(number))
    return table


def _quarantined(bad: list[Quarantined]) -> Table:
    title = "In quarantine, kept whole (innsyn feed quarantine show ENTRY)"
    table = Table("Entry", "Reason", "Explanation", title=title, title_justify="left")
    for each in bad[:_MOST_LISTED]:
        table.add_row(without_numbers(each.entry)[:48], each.reason, each.explanation)
    if len(bad) > _MOST_LISTED:
        table.add_row("…", "", f"and {len(bad) - _MOST_LISTED} more: innsyn feed quarantine list")
    return table


def _people(people: list[Identified]) -> Table:
    table = Table("Patient", "Name", "Test number", title="Who can log in", title_justify="left")
    for each in people:
        table.add_row(each.patient, each.name, each.identifier)
    return table


def _sum(loaded: Loaded) -> str:
    totals = _totals(loaded)
    parts = ("projected", "not_shown", "quarantined", "unchanged")
    said = " + ".join(
        f"{totals[part]} {part.replace('_', ' ')}" for part in parts if part != "unchanged" or totals[part]
    )
    sign = "=" if loaded.adds_up else "≠"
    return f"{loaded.handed} read {sign} {said}  ({loaded.bytes / 1e6:.1f} MB in {loaded.seconds:.1f} s)"
