"""The inputs of one field and its answer, each from the other: `N-d`, `N-m`, `N-y`, `N-t`, `N-u`, `N-o` and N itself.

`parts` are the texts of the inputs by suffix ('' is N). What cannot be read stays in `Answer.typed`, with its parts
kept apart by `|`, so that a page shows just what stood there.
"""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Final

from innsyn.forms.engine.model import Control, Item, Type
from innsyn.forms.engine.options import OTHER, chosen, option_key, unit_key, units_of
from innsyn.forms.engine.places import answer_with
from innsyn.forms.engine.typed import (
    MOST_KEPT,
    OSLO,
    Unread,
    cleaned,
    line,
    read_date,
    read_date_time,
    read_decimal,
    read_integer,
    read_text,
    read_time,
    read_url,
)
from innsyn.forms.engine.values import Answer, Coding, Quantity, Reference, Value

_APART: Final = "|"
_DATE_PARTS: Final = {Control.YEAR: ("y",), Control.YEAR_MONTH: ("m", "y")}


def suffixes_of(item: Item) -> tuple[str, ...]:
    """The inputs of an item, besides options: which of `d m y t u` it has ('' is the input with the name itself)."""
    if item.type is Type.DATE:
        return _DATE_PARTS.get(item.control, ("d", "m", "y"))
    if item.type is Type.DATE_TIME:
        return ("d", "m", "y", "t")
    if item.type is Type.QUANTITY:
        return ("", "u")
    return ("",)


_TEXTS: Final = {Type.TEXT, Type.STRING, Type.OPEN_CHOICE}


def answer_of(item: Item, posted: dict[str, str]) -> Answer | None:
    """The answer that stands in these inputs, None where they are empty; unreadable it is in `typed`."""
    clean = cleaned if item.type in _TEXTS else line
    parts = {suffix: clean(posted.get(suffix, "")) for suffix in suffixes_of(item)}
    if item.type is Type.STRING:
        parts[""] = " ".join(parts[""].split("\n"))
    # A unit alone is no answer: it is chosen before anything is typed.
    if not any(text for suffix, text in parts.items() if suffix != "u"):
        return None
    # Nobody types true or false: anything else comes from no page of ours.
    if item.type is Type.BOOLEAN and parts[""] not in {"true", "false"}:
        return None
    try:
        return answer_with(value_in(item, parts))
    except Unread:
        return Answer(typed=_kept(parts))


def _kept(parts: dict[str, str]) -> str:
    *first, last = parts.values()
    return _APART.join([*(text.replace(_APART, " ") for text in first), last])[:MOST_KEPT]


def value_in(item: Item, parts: dict[str, str]) -> Value:
    """The value of non-empty inputs; raises Unread with what is wrong."""
    return _READ[item.type](item, parts)


def _quantity(item: Item, parts: dict[str, str]) -> Value:
    key, number = parts.get("u", ""), read_decimal(parts[""])
    units = {unit_key(unit): unit for unit in units_of(item)}
    unit = units.get(key) or (item.unit if not item.units else None)
    if unit is None and item.unit_open and key:
        unit = Coding(display=read_text(key.removeprefix("|")))
    if unit is None:
        return Value(value_quantity=Quantity(value=number))
    return Value(
        value_quantity=Quantity(
            value=number,
            unit=unit.display or unit.code,
            system=unit.system if unit.code else "",
            code=unit.code,
        )
    )


_READ: Final[dict[Type, Callable[[Item, dict[str, str]], Value]]] = {
    Type.BOOLEAN: lambda _, parts: Value(value_boolean=parts[""] == "true"),
    Type.DECIMAL: lambda _, parts: Value(value_decimal=read_decimal(parts[""])),
    Type.INTEGER: lambda _, parts: Value(value_integer=read_integer(parts[""])),
    Type.DATE: lambda item, parts: Value(value_date=read_date(parts, item.control)),
    Type.DATE_TIME: lambda _, parts: Value(value_date_time=read_date_time(parts)),
    Type.TIME: lambda _, parts: Value(value_time=read_time(parts[""])),
    Type.STRING: lambda _, parts: Value(value_string=read_text(parts[""])),
    Type.TEXT: lambda _, parts: Value(value_string=read_text(parts[""])),
    Type.OPEN_CHOICE: lambda _, parts: Value(value_string=read_text(parts[""])),
    Type.URL: lambda _, parts: Value(value_uri=read_url(parts[""])),
    Type.REFERENCE: lambda _, parts: Value(value_reference=Reference(display=read_text(parts[""]))),
    Type.QUANTITY: _quantity,
}


def parts_of(item: Item, answer: Answer, locale: str = "nb") -> dict[str, str]:
    """What stands in the inputs of an answer, as it was typed or as a page writes it ('' : N itself, and suffixes).

    `answer_of(item, parts_of(item, answer))` is the answer again. Of an option '' is its key.
    """
    if answer.typed:
        return _parts_typed(item, answer.typed)
    if item.type in {Type.CHOICE, Type.OPEN_CHOICE} or (item.options and item.type is Type.REFERENCE):
        return _parts_chosen(item, answer)
    if item.type is Type.DATE:
        dates = _parts_of_date(answer.value_date or "")
        return {suffix: dates[suffix] for suffix in suffixes_of(item)}
    if item.type is Type.DATE_TIME:
        return _parts_of_moment(answer.value_date_time or "")
    if item.type is Type.QUANTITY:
        return _parts_of_quantity(answer.value_quantity or Quantity(), locale)
    return {"": _written(answer, locale)}


def _parts_typed(item: Item, typed: str) -> dict[str, str]:
    if item.type is Type.OPEN_CHOICE:
        return {"": OTHER, "o": "" if typed == OTHER else typed}
    suffixes = suffixes_of(item)
    texts = typed.split(_APART, len(suffixes) - 1)
    return dict(zip(suffixes, texts + [""] * len(suffixes), strict=False))


def _parts_chosen(item: Item, answer: Answer) -> dict[str, str]:
    key = option_key(item, answer)
    if answer.value_string is not None and chosen(item, item.options, key) is None:
        return {"": OTHER, "o": answer.value_string}
    return {"": key}


def _parts_of_date(day: str) -> dict[str, str]:
    year, month, day_of_month = [*day.split("-"), "", ""][:3]
    return {"d": day_of_month.lstrip("0"), "m": month.lstrip("0"), "y": year}


def _parts_of_moment(moment: str) -> dict[str, str]:
    if "T" not in moment:
        return _parts_of_date(moment) | {"t": ""}
    try:
        at = datetime.fromisoformat(moment).astimezone(OSLO)
    except (ValueError, OverflowError):
        return {"d": "", "m": "", "y": "", "t": ""}
    hour = at.strftime("%H.%M.%S" if at.second else "%H.%M")
    return {"d": str(at.day), "m": str(at.month), "y": f"{at.year:04}", "t": hour}


def _parts_of_quantity(quantity: Quantity, locale: str) -> dict[str, str]:
    unit = Coding(system=quantity.system, code=quantity.code, display=quantity.unit)
    return {
        "": _number(quantity.value, locale),
        "u": unit_key(unit) if quantity.code or quantity.unit else "",
    }


def _written(answer: Answer, locale: str) -> str:
    if answer.value_decimal is not None:
        return _number(answer.value_decimal, locale)
    if answer.value_time is not None:
        hour, minute, *seconds = [*answer.value_time.split(":"), "00"][:3]
        return ".".join([hour, minute, *(second for second in seconds if second != "00")])
    if answer.value_boolean is not None:
        return "true" if answer.value_boolean else "false"
    if answer.value_reference is not None:
        return answer.value_reference.display or answer.value_reference.reference
    if answer.value_attachment is not None:
        return answer.value_attachment.url
    held = (
        answer.value_string,
        answer.value_integer,
        answer.value_uri,
        answer.value_date,
        answer.value_date_time,
    )
    return next((str(value) for value in held if value is not None), "")


def _number(number: Decimal | None, locale: str) -> str:
    text = "" if number is None else f"{number:f}"
    return text if locale == "en" else text.replace(".", ",")
