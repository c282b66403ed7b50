"""Two versions, field by field: each field of every kind has its name, and nothing is told that is the same."""

from types import UnionType
from typing import Any, get_args, get_origin

import msgspec
import pytest

from innsyn.records.details import DETAILS
from innsyn.records.entries import Line
from innsyn.records.history.views import Known, comparisons_of
from innsyn.records.kinds import Kind
from innsyn.web.locale import LOCALES, catalogue
from innsyn.web.templates import render
from pwa.shapes import Page


def filled(struct: type[msgspec.Struct], text: str) -> msgspec.Struct:
    """The Struct with something in every field."""
    values = {each.name: _value(each.type, text) for each in msgspec.structs.fields(struct)}
    return struct(**values)


def _value(of: Any, text: str) -> Any:  # noqa: ANN401 - of any type
    if get_origin(of) is tuple:
        return (_value(get_args(of)[0], text),)
    if isinstance(of, UnionType):
        return _value(get_args(of)[0], text)
    if isinstance(of, type) and issubclass(of, msgspec.Struct):
        return filled(of, text)
    return {str: text, int: len(text), bool: len(text) % 2 == 1}[of]


def version(number: int, kind: Kind, text: str, **line: str) -> Known:
    """A version that says `text` wherever its kind says anything."""
    return Known(
        number=number,
        when=f"2026-11-{number:02}T08:00:00Z",
        line=Line(id="1", kind=kind, title=text, status=line.get("status", "final")),
        detail=filled(DETAILS[kind], text),
    )


@pytest.mark.parametrize("kind", Kind)
def test_every_field_of_every_kind_is_told_with_its_name(kind: Kind) -> None:
    [told] = comparisons_of([version(1, kind, "før"), version(2, kind, "senere", status="corrected")])
    fields = {change.field for change in told.changes}
    expected = {each.name for each in msgspec.structs.fields(DETAILS[kind])} - {"cut"}
    assert fields == {"title", "status"} | {"text" if name == "html" else name for name in expected}
    for locale in LOCALES:
        known = catalogue(locale).known()
        assert [f for f in fields if not known & {f"history.field.{f}", f"facts.{f}"}] == []
        page = Page(line=Line(id="1", kind=kind, title="senere"), comparisons=[told])
        html = render(locale, "records/history/versions.html", page)
        assert html.count("<h3>") == len(fields)
    assert told.correction


def test_what_is_sent_again_is_not_told_and_what_came_with_the_first_is_dated_by_it() -> None:
    kind = Kind.NOTES
    versions = [version(1, kind, "a"), version(2, kind, "b"), version(3, kind, "b"), version(4, kind, "a")]
    assert [each.when for each in comparisons_of(versions)] == [
        "2026-11-04T08:00:00Z",
        "2026-11-02T08:00:00Z",
    ]
    assert comparisons_of([version(1, kind, "a"), version(2, kind, "a")]) == []


def test_another_file_of_the_same_name_is_a_change() -> None:
    first, second = (
        msgspec.structs.replace(version(number, Kind.NOTES, "a"), files=(("Brev", digest),))
        for number, digest in ((1, "x"), (2, "y"))
    )
    [told] = comparisons_of([first, second])
    assert [(change.field, change.old, change.new) for change in told.changes] == [("files", "Brev", "Brev")]
