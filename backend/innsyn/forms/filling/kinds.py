"""Which control a field gets."""

from decimal import Decimal
from typing import Final

from innsyn.forms.engine.model import Control, Item, Type
from innsyn.forms.engine.options import is_searched
from innsyn.forms.engine.places import is_asked
from innsyn.forms.engine.state import Field

# Above this many options one choice becomes a list that folds; so does Refero.
FOLDS_ABOVE: Final = 6
# A slider of no more steps than this is a row of numbers to choose from: nothing is answered by not touching it.
_MOST_MARKS: Final = 11
_SAID: Final = {Control.HIGHLIGHT: "highlight", Control.INLINE: "details", Control.SIDEBAR: "aside"}
_TABLES: Final = {
    Control.TABLE,
    Control.HTABLE,
    Control.GTABLE,
    Control.ATABLE,
    Control.GRID,
    Control.DATA_RECEIVER,
}
_NUMBERS: Final = {Type.INTEGER, Type.DECIMAL}
_PLAIN: Final = {
    Type.STRING: "text",
    Type.REFERENCE: "text",
    Type.TEXT: "area",
    Type.URL: "url",
    Type.INTEGER: "number",
    Type.DECIMAL: "number",
    Type.QUANTITY: "quantity",
    Type.TIME: "time",
    Type.DATE: "date",
    Type.DATE_TIME: "date",
    Type.ATTACHMENT: "file",
    Type.BOOLEAN: "radio",
}


def kind_of(field: Field) -> str:
    """Group | table | words | highlight | details | aside | output | one of the controls."""
    item = field.item
    if item.type is Type.GROUP:
        return "table" if is_table(field) else "group"
    if item.type is Type.DISPLAY or (item.type is Type.TEXT and item.control in _SAID):
        return _SAID.get(item.control, "words")
    if not can_change(field):
        return "output"
    if item.type in {Type.CHOICE, Type.OPEN_CHOICE} or (item.type is Type.REFERENCE and field.options):
        return _choice(field)
    if item.type in _NUMBERS and item.control is Control.SLIDER:
        return "scale" if marks_of(item) else "slider"
    return _PLAIN[item.type]


def can_change(field: Field) -> bool:
    """Is its answer the citizen's to write?"""
    return is_asked(field.item) and not field.read_only and not field.calculated


def is_table(field: Field) -> bool:
    """Is it a table of what has been answered? One with something to answer is a group as any other."""
    below = [one for one in field.all() if one.item.asks and not one.item.hidden]
    return field.item.control in _TABLES and bool(below) and not any(can_change(one) for one in below)


def marks_of(item: Item) -> list[Decimal]:
    """The numbers of a slider with few of them, [] where there are many or no ends."""
    low, high, step = item.min_value, item.max_value, item.slider_step or Decimal(1)
    if not isinstance(low, Decimal) or not isinstance(high, Decimal) or step <= 0 or high <= low:
        return []
    count = (high - low) / step
    if count != count.to_integral_value() or count >= _MOST_MARKS:
        return []
    return [low + step * place for place in range(int(count) + 1)]


def _choice(field: Field) -> str:
    item = field.item
    if is_searched(item) and not field.options:
        return "search"
    if item.repeats:
        return "checks"
    if item.control is Control.SLIDER and len(field.options) <= _MOST_MARKS:
        return "scale"
    if item.control in {Control.RADIO, Control.CHECK_BOX}:
        return "radio"
    # Also where the form wants a list that folds: few are seen at once, and chosen with one press.
    return "select" if len(field.options) > FOLDS_ABOVE else "radio"
