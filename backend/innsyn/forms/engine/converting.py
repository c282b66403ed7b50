"""What an expression gives, as an answer of the item that asked: exactly, or not at all."""

import re
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final, cast

import msgspec

from innsyn.forms.engine.comparing import same
from innsyn.forms.engine.model import Item, Option, Type
from innsyn.forms.engine.values import VALUE_FIELDS, Answer, Coding, Quantity, Reference, Value

# http://hl7.org/fhir/R4/datatypes.html#primitive, of the kinds that can be calculated.
_DATE: Final = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?")
_TIME: Final = re.compile(r"T?(([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]+)?)?)")
_CLOCK: Final = r"(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9]{2}:[0-9]{2})?)?"
_DATE_TIME: Final = re.compile(_DATE.pattern + _CLOCK)
_LARGEST: Final = 2**31 - 1


class NotAnAnswer(ValueError):
    """What an expression gave is no answer of this item."""


def answers_of(given: Sequence[Any], item: Item) -> list[Answer]:
    """The answers of an item, from JSON values. Raises NotAnAnswer where they are none: nothing is guessed."""
    kept = [each for each in given if each is not None]
    if len(kept) > 1 and not item.repeats:
        if item.type not in {Type.STRING, Type.TEXT}:
            raise NotAnAnswer
        kept = [", ".join(words_of(each) for each in kept)]
    return [as_answer(value_of(each, item)) for each in kept]


def as_answer(value: Value) -> Answer:
    """A value as an answer with nothing below."""
    return Answer(**{name: getattr(value, name) for name in VALUE_FIELDS})


def value_of(given: Any, item: Item) -> Value:  # noqa: ANN401 - JSON
    """One value of the item's type. Raises NotAnAnswer."""
    make = _MAKERS.get(item.type)
    if make is None:
        raise NotAnAnswer
    return make(given, item)


def options_of(given: Sequence[Any], item: Item) -> tuple[Option, ...]:
    """What may be chosen, from JSON values: codings, or whatever the item's answers are."""
    options: list[Option] = []
    for each in given:
        value = _offered(each, item)
        if not any(same(value, other.value) for other in options):
            options.append(Option(value=value, text=words_of(each), score=_score_of(value, item)))
    return tuple(options)


def words_of(given: Any) -> str:  # noqa: ANN401 - JSON
    """A value in words: what a field of text says when something else is copied into it. Raises NotAnAnswer."""
    if isinstance(given, str):
        return given
    if isinstance(given, int | Decimal) and not isinstance(given, bool):
        return f"{given:f}" if isinstance(given, Decimal) else str(given)
    if isinstance(given, dict):
        if given.get("value") is not None:
            return f"{words_of(given['value'])} {given.get('unit') or given.get('code') or ''}".rstrip()
        told = given.get("display") or given.get("code") or given.get("text")
        if isinstance(told, str):
            return told
    raise NotAnAnswer


def _number(given: Any) -> Decimal:  # noqa: ANN401 - JSON
    if isinstance(given, dict):
        given = given.get("value")
    if isinstance(given, bool) or not isinstance(given, int | float | Decimal):
        raise NotAnAnswer
    number = Decimal(str(given))
    if not number.is_finite():
        raise NotAnAnswer
    return number


def _whole(given: Any) -> int:  # noqa: ANN401 - JSON
    number = _number(given)
    if abs(number) > _LARGEST:
        raise NotAnAnswer
    # Half is rounded up, as the national renderer rounds a calculated whole number.
    return int((number + Decimal("0.5")).to_integral_value(rounding="ROUND_FLOOR"))


def _rounded(number: Decimal, item: Item) -> Decimal:
    # FHIR's decimals are written out: 28 digits of a division tell nobody more than ten do.
    places = 10 if item.decimals is None else item.decimals
    if number.adjusted() > 17 or not 0 <= places <= 10:  # noqa: PLR2004 - 18 digits, as FHIR asks that all can hold
        raise NotAnAnswer
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and -exponent <= places:
        return number
    rounded = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return rounded if item.decimals is not None else Decimal(f"{rounded.normalize():f}")


def _quantity(given: Any, item: Item) -> Quantity:  # noqa: ANN401 - JSON
    unit = item.unit or (item.units[0] if len(item.units) == 1 else None)
    if isinstance(given, dict):
        own = _typed({key: each for key, each in given.items() if key != "value"}, Quantity)
        known = unit is not None and not own.code and not own.unit
        number = _rounded(_number(given), item)
        return _with_unit(number, unit) if known and unit else msgspec.structs.replace(own, value=number)
    return _with_unit(_rounded(_number(given), item), unit)


def _with_unit(number: Decimal, unit: Coding | None) -> Quantity:
    if unit is None:
        return Quantity(value=number)
    return Quantity(value=number, unit=unit.display or unit.code, system=unit.system, code=unit.code)


def _date(given: Any) -> str:  # noqa: ANN401 - JSON
    day = given.split("T")[0] if isinstance(given, str) else ""
    if not _DATE.fullmatch(day):
        raise NotAnAnswer
    return day


def _time(given: Any) -> str:  # noqa: ANN401 - JSON
    found = _TIME.fullmatch(given) if isinstance(given, str) else None
    if found is None:
        raise NotAnAnswer
    return found[1] if found[3] else f"{found[1]}:00"


def _chosen(given: Any, item: Item) -> Value:  # noqa: ANN401 - JSON
    value = _offered(given, item)
    for option in item.options:
        theirs = option.value
        if same(theirs, value) or (
            isinstance(given, str) and theirs.value_coding and theirs.value_coding.code == given
        ):
            return theirs
    if item.options and not item.options_expression and item.type is Type.CHOICE:
        raise NotAnAnswer
    return value


def _offered(given: Any, item: Item) -> Value:  # noqa: ANN401 - JSON
    if isinstance(given, dict):
        if "coding" in given:
            given = next(iter(given["coding"] or ()), {})
        return Value(value_coding=_typed({**given, "extension": []}, Coding))
    if isinstance(given, bool):
        raise NotAnAnswer
    if isinstance(given, int):
        return Value(value_integer=given)
    if isinstance(given, str):
        return _offered_text(given, item)
    raise NotAnAnswer


def _offered_text(given: str, item: Item) -> Value:
    kinds = {
        name for option in item.options for name in VALUE_FIELDS if getattr(option.value, name) is not None
    }
    if "value_date" in kinds or (not kinds and _DATE.fullmatch(given) and "-" in given):
        return Value(value_date=given)
    if "value_time" in kinds or (not kinds and _TIME.fullmatch(given)):
        return Value(value_time=_time(given))
    return Value(value_string=given)


def _score_of(value: Value, item: Item) -> Decimal | None:
    return next((option.score for option in item.options if same(option.value, value)), None)


def _typed(given: dict[str, Any], kind: type[Any]) -> Any:  # noqa: ANN401 - one of the structs of values.py
    try:
        return msgspec.convert(given, kind, strict=False)
    except msgspec.ValidationError:
        raise NotAnAnswer from None


def _boolean(given: Any) -> bool:  # noqa: ANN401 - JSON
    if not isinstance(given, bool):
        raise NotAnAnswer
    return given


def _date_time(given: Any) -> str:  # noqa: ANN401 - JSON
    if not isinstance(given, str) or not _DATE_TIME.fullmatch(given):
        raise NotAnAnswer
    return given


def _uri(given: Any) -> str:  # noqa: ANN401 - JSON
    if not isinstance(given, str):
        raise NotAnAnswer
    return given


def _reference(given: Any) -> Reference:  # noqa: ANN401 - JSON
    if not isinstance(given, dict):
        raise NotAnAnswer
    return cast("Reference", _typed(given, Reference))


_MAKERS: Final[dict[Type, Callable[[Any, Item], Value]]] = {
    Type.INTEGER: lambda given, _item: Value(value_integer=_whole(given)),
    Type.DECIMAL: lambda given, item: Value(value_decimal=_rounded(_number(given), item)),
    Type.QUANTITY: lambda given, item: Value(value_quantity=_quantity(given, item)),
    Type.STRING: lambda given, _item: Value(value_string=words_of(given)),
    Type.TEXT: lambda given, _item: Value(value_string=words_of(given)),
    Type.BOOLEAN: lambda given, _item: Value(value_boolean=_boolean(given)),
    Type.DATE: lambda given, _item: Value(value_date=_date(given)),
    Type.DATE_TIME: lambda given, _item: Value(value_date_time=_date_time(given)),
    Type.TIME: lambda given, _item: Value(value_time=_time(given)),
    Type.URL: lambda given, _item: Value(value_uri=_uri(given)),
    Type.REFERENCE: lambda given, _item: Value(value_reference=_reference(given)),
    Type.CHOICE: _chosen,
    Type.OPEN_CHOICE: _chosen,
}
