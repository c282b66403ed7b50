"""What nobody who answers can fill in: hidden, locked or only on paper, with all that stands below what is not shown.

http://hl7.org/fhir/StructureDefinition/questionnaire-hidden hides an item, and nobody meets what is below it.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from innsyn.forms.engine.model import Item
from innsyn.forms.engine.places import is_asked
from innsyn.forms.engine.reading.context import Reading


def withheld(item: Item, *, hidden: bool = False, shown_in: str = "") -> Item:
    """The item, hidden or only on paper where one above it is."""
    hidden = hidden or item.hidden
    shown_in = "pdf" if "pdf" in {shown_in, item.shown_in} else item.shown_in
    below = tuple(withheld(each, hidden=hidden, shown_in=shown_in) for each in item.items)
    unseen = hidden or shown_in == "pdf"
    changed: dict[str, Any] = {
        "items": below,
        "hidden": hidden,
        "shown_in": shown_in,
        "required": item.required and not unseen,
        "owed": item.owed or (item.required and unseen),
    }
    if all(getattr(item, name) == value for name, value in changed.items() if name != "items") and all(
        one is other for one, other in zip(below, item.items, strict=True)
    ):
        return item
    return msgspec.structs.replace(item, **changed)


def check_owed(items: Iterable[Item], reading: Reading) -> None:
    """Refuses what has to be answered and never can be: not by a person, and nothing fills it in."""
    for item in _all(items):
        if item.owed and item.asks and not is_asked(item) and not _can_be_filled(item):
            reading.findings.refuse("never_filled", item.link_id)


def _all(items: Iterable[Item]) -> Iterator[Item]:
    for item in items:
        yield from item.all()


def _can_be_filled(item: Item) -> bool:
    return bool(
        item.initial
        or item.initial_expression
        or item.calculated
        or item.copied
        or item.score in {"section", "total"}
        or any(option.chosen for option in item.options)
    )
