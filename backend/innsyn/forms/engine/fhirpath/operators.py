"""Operators, and functions that compare: the library's compare only the first of several, and no quantities."""

import operator
from decimal import Decimal
from typing import Any, Final

from fhirpathpy.engine.invocations import equality
from fhirpathpy.engine.nodes import FP_Quantity

from innsyn.forms.engine.fhirpath.arguments import THEIRS, Made, Scope, Values
from innsyn.forms.engine.fhirpath.budget import ExpressionFailed
from innsyn.forms.engine.fhirpath.walking import data_of

_SIMPLE: Final = frozenset({str, bool, int, Decimal})
_COMPARE: Final = {"<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge}


def measured(name: str) -> Made:
    """A function that compares each with each: it costs what it compares."""
    made = THEIRS[name]
    function = made["fn"]

    def run(scope: Scope, left: Values, right: Values) -> Any:  # noqa: ANN401 - as the library's
        scope["budget"].spend(len(left) * len(right) // 8)
        return function(scope, left, right)

    return {**made, "fn": run}


def _equal(scope: Scope, left: Values, right: Values) -> Any:  # noqa: ANN401 - a boolean or nothing
    if len(left) != len(right):
        return False
    scope["budget"].spend(len(left))
    said = [_same(scope, a, b) for a, b in zip(left, right, strict=True)]
    if False in said:
        return False
    return None if None in said else True


def _same(scope: Scope, left: Any, right: Any) -> Any:  # noqa: ANN401 - nodes or values, a boolean or nothing
    mine, theirs = data_of(left), data_of(right)
    if type(mine) in _SIMPLE and type(theirs) in _SIMPLE:
        return mine == theirs and (type(mine) is bool) == (type(theirs) is bool)
    return equality.equality(scope, [left], [right])


def _unequal(scope: Scope, left: Values, right: Values) -> Any:  # noqa: ANN401 - a boolean or nothing
    said = _equal(scope, left, right)
    return None if said is None else not said


def _quantity(value: Any) -> FP_Quantity | None:  # noqa: ANN401 - a node or a value
    data = data_of(value)
    if isinstance(data, FP_Quantity):
        return data
    if type(data) is dict and isinstance(data_of(data.get("value")), int | Decimal):
        unit = data.get("code") or data.get("unit") or "1"
        return FP_Quantity(data_of(data["value"]), f"'{unit}'")
    return None


def _ordered(name: str) -> Made:
    """< and its like. The library cannot put quantities in order."""
    made = THEIRS[name]
    function, compare = made["fn"], _COMPARE[name]

    def run(scope: Scope, left: Values, right: Values) -> Any:  # noqa: ANN401 - a boolean or nothing
        if len(left) != 1 or len(right) != 1:
            raise ExpressionFailed("wrong")
        mine, theirs = _quantity(left[0]), _quantity(right[0])
        if mine is None or theirs is None:
            return function(scope, left, right)
        if mine.unit != theirs.unit:
            mine = FP_Quantity.conv_unit_to(mine.unit, mine.value, theirs.unit)
        return None if mine is None else compare(mine.value, theirs.value)

    return {**made, "fn": run}


def _equivalent(scope: Scope, left: Values, right: Values) -> bool:
    """In any order."""
    if len(left) != len(right):
        return False
    scope["budget"].spend(len(left) * len(right) // 8)
    rest = list(right)
    for each in left:
        at = next((i for i, one in enumerate(rest) if equality.equivalence(scope, [each], [one])), None)
        if at is None:
            return False
        del rest[at]
    return True


def _different(scope: Scope, left: Values, right: Values) -> bool:
    return not _equivalent(scope, left, right)


OPERATORS: Final[dict[str, Made]] = {
    **THEIRS,
    "=": {**THEIRS["="], "fn": _equal},
    "!=": {**THEIRS["!="], "fn": _unequal},
    "~": {**THEIRS["~"], "fn": _equivalent},
    "!~": {**THEIRS["!~"], "fn": _different},
    **{name: _ordered(name) for name in _COMPARE},
    **{name: measured(name) for name in ("inOp", "containsOp")},
}
