"""The rule book, what changes when, and a refusal, as made-up people meet them."""

from datetime import date
from typing import Any

from innsyn.access.book.refusals import refused_by
from innsyn.access.book.versions import HELSENORGE
from innsyn.access.book.views import RefusedPage, rules_page
from innsyn.access.relations.views import Change, ChangesPage, Day
from pwa.shapes import Reader

_SOME, _NONE = ["medications", "vaccinations"], list[str]()


def book_pages() -> dict[str, tuple[str, Any]]:
    """A name, the template and its data, as `examples.pages`."""
    reader: Any = Reader("Marte Elise Aune", "Marte", "MA", new_since=None)
    refused = refused_by("parent.from_sixteen", "nb")
    assert refused is not None
    return {
        "rules": ("access/rules.html", rules_page(HELSENORGE, None)),
        "rules-inside": ("access/rules.html", rules_page(HELSENORGE, reader)),
        "refused": ("access/rules-refused.html", RefusedPage(reader=reader, refused=refused, own=False)),
        "refused-own": ("access/rules-refused.html", RefusedPage(reader=None, refused=refused, own=True)),
        "changes": ("access/changes.html", _changes(reader)),
        "changes-none": ("access/changes.html", ChangesPage(reader=reader, mine=[], theirs=[], talk=False)),
    }


def _changes(reader: Any) -> ChangesPage:  # noqa: ANN401 - a shape of the examples
    mine = [
        _change("whole", "me", "", _SOME, None, "self"),
        _change("ends", "mine", "Per", _SOME, _NONE, "parent.from_sixteen"),
    ]
    less = [_change("less", "theirs", "Ella", None, _SOME, "parent.youth")]
    return ChangesPage(
        reader=reader,
        mine=[Day(day=date(2029, 3, 2), side="mine", name="", age=16, changes=mine)],
        theirs=[Day(day=date(2029, 5, 14), side="theirs", name="Ella", age=12, changes=less)],
        talk=True,
    )


def _change(
    what: str, side: str, name: str, before: list[str] | None, after: list[str] | None, rule: str
) -> Change:
    return Change(what=what, side=side, name=name, before=before, after=after, rule=rule)
