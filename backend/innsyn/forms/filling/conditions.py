"""What the page itself can tell: whether a field is asked for, from other fields on the same page."""

import json
from collections.abc import Iterable, Mapping

from innsyn.forms.engine.model import Condition
from innsyn.forms.engine.options import option_key
from innsyn.forms.engine.state import Field


def places_on(fields: Iterable[Field]) -> dict[int, list[Field]]:
    """The fields of a page that ask something, by the number of their item."""
    found: dict[int, list[Field]] = {}
    for field in fields:
        if field.item.asks and not field.item.hidden:
            found.setdefault(field.item.number, []).append(field)
    return found


def when_of(field: Field, places: Mapping[int, list[Field]]) -> str:
    """The enableWhen of a field for `data-when`, as JSON; '' where any part of it cannot be told on this page."""
    item = field.item
    if not item.enable_when or item.enable_expression:
        return ""
    told = [_told(field, condition, places) for condition in item.enable_when]
    if not all(told):
        return ""
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _told(field: Field, condition: Condition, places: Mapping[int, list[Field]]) -> dict[str, object] | None:
    own = field.name.split(".")[1:]
    asked = [
        other for other in places.get(condition.question, ()) if _together(own, other.name.split(".")[1:])
    ]
    # Several instances of the question: which of them decides is for the server.
    if len(asked) != 1:
        return None
    value = condition.value
    if (
        value.value_quantity is not None
        or value.value_reference is not None
        or value.value_attachment is not None
    ):
        return None
    return {"q": asked[0].name, "op": condition.operator, "v": [option_key(asked[0].item, value)]}


def _together(one: list[str], other: list[str]) -> bool:
    shortest = min(len(one), len(other))
    return one[:shortest] == other[:shortest]
