"""How two answers compare, for enableWhen and for whatever else asks if one value is another."""

from decimal import Decimal

from innsyn.forms.engine.values import Coding, Quantity, Value


def same(left: Value, right: Value) -> bool:
    """Are they one value? A code without a system is the same code in any; numbers are compared as numbers."""
    if left.value_coding and right.value_coding:
        return _same_coding(left.value_coding, right.value_coding)
    if left.value_quantity and right.value_quantity:
        return order(left, right) == 0
    mine, theirs = _scalar(left), _scalar(right)
    if mine is None or theirs is None:
        return left.value_reference == right.value_reference is not None or (
            left.value_attachment == right.value_attachment is not None
        )
    return type(mine) is type(theirs) and mine == theirs


def order(left: Value, right: Value) -> int | None:
    """-1, 0 or 1; None where they cannot be put in order: other types, other units, dates with unequal precision."""
    if left.value_quantity and right.value_quantity:
        return _order_of_quantities(left.value_quantity, right.value_quantity)
    mine, theirs = _scalar(left), _scalar(right)
    if isinstance(mine, Decimal) and isinstance(theirs, Decimal):
        return (mine > theirs) - (mine < theirs)
    if isinstance(mine, str) and isinstance(theirs, str):
        return _order_of_texts(mine, theirs, left)
    return None


def _scalar(value: Value) -> Decimal | str | bool | None:
    if value.value_boolean is not None:
        return value.value_boolean
    if value.value_decimal is not None:
        return value.value_decimal
    if value.value_integer is not None:
        return Decimal(value.value_integer)
    texts = (value.value_date, value.value_date_time, value.value_time, value.value_string, value.value_uri)
    return next((text for text in texts if text is not None), None)


def _same_coding(left: Coding, right: Coding) -> bool:
    if left.system and right.system and left.system != right.system:
        return False
    return left.code == right.code and (bool(left.code) or left.display == right.display)


def _order_of_quantities(left: Quantity, right: Quantity) -> int | None:
    if left.value is None or right.value is None:
        return None
    # Form builders often give the condition a bare number: then it is in the unit of the question.
    if (left.code or left.unit) != (right.code or right.unit) and (right.code or right.unit):
        return None
    return (left.value > right.value) - (left.value < right.value)


def _order_of_texts(left: str, right: str, kind: Value) -> int | None:
    dated = kind.value_date is not None or kind.value_date_time is not None
    # 2020 is neither before nor after 2020-05; what differs before that is in the order of its text.
    if dated and left != right and (left.startswith(right) or right.startswith(left)):
        return None
    return (left > right) - (left < right)
