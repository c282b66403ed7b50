"""Options of a question: what stands for each in a page, and which one came back.

A key is `system|code` of a Coding and the literal of anything else. A question whose options are not all in the form
(a value set that is searched, options of an expression) has keys that carry the text too: `system|code|text`.
"""

from collections.abc import Iterable
from typing import Final

from innsyn.forms.engine.model import Item, Option
from innsyn.forms.engine.places import value_of
from innsyn.forms.engine.values import VALUE_FIELDS, Coding, Value

# In place of a key: the citizen's own words, in `N-o`.
OTHER: Final = "-other"

_LONGEST_KEY: Final = 3_000
_PARTS: Final = 2


def key_of(value: Value) -> str:
    """What stands for a value in a page, the same for equal values: `system|code`, or the literal ('' of nothing)."""
    if value.value_coding is not None:
        coding = value.value_coding
        # FHIR lets an option be words alone: http://hl7.org/fhir/R4/datatypes.html#Coding, every element is 0..1.
        return f"{coding.system}|{coding.code}" if coding.code else f"{coding.system}||{coding.display}"
    if value.value_reference is not None:
        return value.value_reference.reference or value.value_reference.display
    if value.value_quantity is not None:
        quantity = value.value_quantity
        return f"{quantity.value}|{quantity.system}|{quantity.code or quantity.unit}"
    if value.value_attachment is not None:
        return value.value_attachment.url
    return _literal(value)


def _literal(value: Value) -> str:
    for name in VALUE_FIELDS:
        held = getattr(value, name)
        if held is not None:
            return str(held).lower() if isinstance(held, bool) else str(held)
    return ""


def is_searched(item: Item) -> bool:
    """Are there options that the form itself does not list?"""
    return bool(item.value_set or item.options_expression)


def option_key(item: Item, value: Value) -> str:
    """`key_of`, with the text after it where the item needs that to find the value again (see the top)."""
    coding = value.value_coding
    if coding is None or not coding.code or not is_searched(item):
        return key_of(value)
    return f"{coding.system}|{coding.code}|{coding.display}"


def chosen(item: Item, options: Iterable[Option], key: str) -> Value | None:
    """The value that a key stands for, None where it is not offered. An option of ours comes before what the key says.

    What a searched question may hold is known to the terminology alone; `checking` looks at what `fill` offers.
    """
    plain = key.rsplit("|", 1)[0]
    same_code = None
    for option in options:
        own = key_of(option.value)
        if own == key:
            return value_of(option.value)
        if own == plain and same_code is None:
            same_code = option.value
    if not is_searched(item) or len(key) > _LONGEST_KEY:
        return None
    return value_of(same_code) if same_code is not None else _said_by(key)


def _said_by(key: str) -> Value | None:
    system, *rest = key.split("|", _PARTS)
    if len(rest) < _PARTS or not rest[0]:
        return None
    return Value(value_coding=Coding(system=system, code=rest[0], display=rest[1]))


def unit_key(unit: Coding) -> str:
    """What stands for a unit in `N-u`."""
    return f"{unit.system}|{unit.code or unit.display}"


def units_of(item: Item) -> tuple[Coding, ...]:
    """The units that may be chosen: those listed, else the only one."""
    return item.units or ((item.unit,) if item.unit is not None else ())
