"""An answer to one question as an answer to another, where nothing of what it says gets lost."""

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from innsyn.forms.engine.model import Item, Type
from innsyn.forms.engine.options import OTHER, chosen, is_searched, option_key, units_of
from innsyn.forms.engine.parts import answer_of, parts_of
from innsyn.forms.engine.places import answer_with
from innsyn.forms.engine.values import Answer


def turned(answer: Answer, old: Item, new: Item) -> Answer | None:
    """The answer as the new question has it, None where that would say something else, or nothing.

    Whole numbers become decimals (and 3.0 a whole number), text stays text, an option is looked up among those that are
    there now, and one that is gone becomes own words where those may be given. A quantity keeps its unit or is lost.
    """
    if answer.typed:
        return _typed(answer, old, new)
    return _TURN[new.type](answer, new) if new.type in _TURN else None


def _typed(answer: Answer, old: Item, new: Item) -> Answer | None:
    if old.type is new.type and old.control is new.control:
        return answer
    words = " ".join(part for part in parts_of(old, answer).values() if part and part != OTHER)
    return answer_of(new, {"": words}) if new.type not in {Type.CHOICE, Type.ATTACHMENT} else None


def _same(field: str) -> Callable[[Answer, Item], Answer | None]:
    return lambda answer, _: answer if getattr(answer, field) is not None else None


def _integer(answer: Answer, _: Item) -> Answer | None:
    number = answer.value_decimal
    if number is not None and number == number.to_integral_value() and abs(number) < 2**31:
        return Answer(value_integer=int(number))
    return answer if answer.value_integer is not None else None


def _decimal(answer: Answer, _: Item) -> Answer | None:
    if answer.value_integer is not None:
        return Answer(value_decimal=Decimal(answer.value_integer))
    return answer if answer.value_decimal is not None else None


def _text(answer: Answer, _: Item) -> Answer | None:
    if answer.value_uri is not None:
        return Answer(value_string=answer.value_uri)
    return answer if answer.value_string is not None else None


def _url(answer: Answer, new: Item) -> Answer | None:
    if answer.value_string is None:
        return answer if answer.value_uri is not None else None
    return answer_of(new, {"": answer.value_string})


def _choice(answer: Answer, new: Item) -> Answer | None:
    found = chosen(new, new.options, option_key(new, answer))
    if found is not None:
        return answer if is_searched(new) else answer_with(found)
    return answer if new.options_expression else None


def _open_choice(answer: Answer, new: Item) -> Answer | None:
    found = _choice(answer, new)
    if found is not None or answer.value_string is not None:
        return found or answer
    words = answer.value_coding.display or answer.value_coding.code if answer.value_coding else ""
    return Answer(value_string=words) if words else None


def _quantity(answer: Answer, new: Item) -> Answer | None:
    quantity = answer.value_quantity
    if quantity is None:
        return None
    units = units_of(new)
    known = {(unit.system, unit.code) for unit in units} | {("", unit.display) for unit in units}
    unit = (quantity.system, quantity.code) if quantity.code else ("", quantity.unit)
    return answer if unit in known or new.unit_open or not units else None


def _reference(answer: Answer, new: Item) -> Answer | None:
    if answer.value_reference is None:
        return None
    return _choice(answer, new) if new.options else answer


_TURN: Final[dict[Type, Callable[[Answer, Item], Answer | None]]] = {
    Type.BOOLEAN: _same("value_boolean"),
    Type.INTEGER: _integer,
    Type.DECIMAL: _decimal,
    Type.DATE: _same("value_date"),
    Type.DATE_TIME: _same("value_date_time"),
    Type.TIME: _same("value_time"),
    Type.STRING: _text,
    Type.TEXT: _text,
    Type.URL: _url,
    Type.CHOICE: _choice,
    Type.OPEN_CHOICE: _open_choice,
    Type.QUANTITY: _quantity,
    Type.ATTACHMENT: _same("value_attachment"),
    Type.REFERENCE: _reference,
}
