"""What changed from one version of an entry to the next, field by field."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import msgspec

from innsyn.records.entries import Line
from innsyn.records.history.tables import TakenBack
from innsyn.records.history.words import Compared, compared
from innsyn.records.hostile_text import words_of


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A field that is not what it was. `shape` says how `old` and `new` are said: words, number, unit, day or code.

    Of words, `compared` has both sides in pieces.
    """

    field: str
    shape: str
    old: str
    new: str
    compared: Compared | None = None


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """A later version beside the one before it. `when` is the UTC instant at which the later one came."""

    when: str
    correction: bool
    author: str
    organisation: str
    changes: list[Change]


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """A version, read. `detail` is the Struct of its kind's views.py."""

    number: int
    when: str
    line: Line
    detail: msgspec.Struct
    files: tuple[tuple[str, str], ...] = ()


class VersionsPage(msgspec.Struct, frozen=True, kw_only=True):
    """The newest comparison first. `more`: there are older versions than these."""

    reader: Any
    line: Line
    comparisons: list[Comparison]
    more: bool


class TakenBackPage(msgspec.Struct, frozen=True, kw_only=True):
    """`why` is the reason as a text key, one that every page has words for."""

    reader: Any
    told: TakenBack
    why: str


# The reasons that have words of their own; any other is that the service does not show it any longer.
_WHY: Final = frozenset({"entered_in_error", "deleted", "refuted"})
_CORRECTIONS: Final = frozenset({"amended", "corrected", "appended"})
_OF_LINE: Final = ("title", "value", "unit", "flag", "low", "high", "status", "at", "author", "organisation")
_SHAPES: Final = {
    **dict.fromkeys(("value", "low", "high"), "number"),
    "unit": "unit",
    **dict.fromkeys(("flag", "status", "certainty", "severity", "category", "event", "setting"), "code"),
    **dict.fromkeys(("stage", "priority", "mode", "clinical", "criticality"), "code"),
    **dict.fromkeys(("at", "collected", "issued", "prescribed", "start", "end", "onset", "abated"), "day"),
    **dict.fromkeys(("last_seen", "requested", "due", "answered"), "day"),
}
# Said already by what they are made of.
_NOT_TOLD: Final = frozenset({"cut"})
_SHORT: Final = 12


def why_of(told: TakenBack) -> str:
    """The reason that an entry is gone, as one of those that pages have words for."""
    return told.why if told.why in _WHY else "other"


def comparisons_of(versions: Sequence[Known]) -> list[Comparison]:
    """The versions, the oldest first, each beside the one before; the newest first. What says the same is left out."""
    found: list[Comparison] = []
    before = versions[0]
    for after in versions[1:]:
        changes = list(_changes(before, after))
        if not changes:
            # Sent again with nothing new in it: the first of the two is the one that came with it.
            continue
        found.append(
            Comparison(
                when=after.when,
                correction=after.line.status in _CORRECTIONS,
                author=after.line.author,
                organisation=after.line.organisation,
                changes=changes,
            )
        )
        before = after
    return found[::-1]


def _changes(before: Known, after: Known) -> Iterator[Change]:
    for field in _OF_LINE:
        yield from _change(field, getattr(before.line, field), getattr(after.line, field))
    old, new = _said(before.detail), _said(after.detail)
    for field in dict.fromkeys([*old, *new]):
        yield from _change(field, old.get(field, ""), new.get(field, ""))
    if before.files != after.files:
        yield from _change("files", _names(before.files), _names(after.files), always=True)


def _change(field: str, old: str, new: str, *, always: bool = False) -> Iterator[Change]:
    if old == new and not always:
        return
    shape = _SHAPES.get(field, "words")
    if shape == "number" and max(len(old), len(new)) > _SHORT:
        shape = "words"
    sides = compared(old, new) if shape == "words" else None
    yield Change(field=field, shape=shape, old=old, new=new, compared=sides)


def _said(detail: msgspec.Struct) -> dict[str, str]:
    """What each field of a detail says, as a text; marked-up text as its words."""
    said: dict[str, str] = {}
    for field in msgspec.structs.fields(detail):
        value = getattr(detail, field.name)
        if field.name in _NOT_TOLD or not value:
            continue
        name = "text" if field.name == "html" else field.name
        text = words_of(value) if field.name == "html" else _text(value)
        said[name] = "\n".join(filter(None, (said.get(name, ""), text)))
    return said


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, tuple):
        return "\n".join(map(_text, value))
    if isinstance(value, msgspec.Struct):
        return ", ".join(_parts(value))
    return str(value)


def _parts(value: msgspec.Struct) -> Iterable[str]:
    for field in msgspec.structs.fields(value):
        part = getattr(value, field.name)
        if part:
            yield _text(part)


def _names(files: Iterable[tuple[str, str]]) -> str:
    return "\n".join(title or "…" for title, _ in files)
