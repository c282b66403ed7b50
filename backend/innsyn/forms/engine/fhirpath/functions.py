"""The functions of FHIRPath: the library's, and our own where its are wrong, slow or without an end."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from fhirpathpy.engine.nodes import FP_Quantity, ResourceNode

from innsyn.forms.engine.fhirpath.arguments import THEIRS, Asked, Made, Scope, Values, is_true, one
from innsyn.forms.engine.fhirpath.budget import ExpressionFailed, bounded
from innsyn.forms.engine.fhirpath.operators import measured
from innsyn.forms.engine.fhirpath.texts import TEXTS
from innsyn.forms.engine.fhirpath.walking import children, data_of, members

# The score of an option: SDC's, and the one the national forms have (http://hl7.org/fhir/StructureDefinition/).
ORDINAL: Final = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
WEIGHT: Final = "http://hl7.org/fhir/StructureDefinition/itemWeight"


def _where(scope: Scope, values: Values, condition: Asked) -> Values:
    return [each for each, said in _each(scope, values, condition) if is_true(said)]


def _each(scope: Scope, values: Values, ask: Asked) -> list[tuple[Any, Values]]:
    before, found = scope.get("$index"), []
    for index, each in enumerate(values):
        scope["$index"] = index
        found.append((each, ask(each)))
    scope["$index"] = before
    return found


def _select(scope: Scope, values: Values, ask: Asked) -> Values:
    return [below for _, said in _each(scope, values, ask) for below in said]


def _exists(scope: Scope, values: Values, condition: Asked | None = None) -> bool:
    return bool(values if condition is None else _where(scope, values, condition))


def _all(scope: Scope, values: Values, condition: Asked) -> bool:
    return all(is_true(said) for _, said in _each(scope, values, condition))


def _repeat(_scope: Scope, values: Values, ask: Asked) -> Values:
    """Each node once. Two items that say the same are two items: their scores are both counted."""
    seen: set[Any] = set()
    found: Values = []
    waiting = list(values)
    for each in waiting:
        for below in ask(each):
            data = data_of(below)
            key = id(data) if isinstance(data, dict | list) else (type(data), str(data))
            if key not in seen:
                seen.add(key)
                found.append(below)
                waiting.append(below)
    return found


def _descendants(scope: Scope, values: Values) -> Values:
    found, level = [], children(values, extensions=True)
    while level:
        found += bounded(scope["budget"], level)
        bounded(scope["budget"], found[-1:])
        level = children(level, extensions=True)
    return found


def _aggregate(scope: Scope, values: Values, ask: Asked, initial: Any = None) -> Any:  # noqa: ANN401 - any value
    before = scope.get("$total")
    scope["$total"] = initial
    for index, each in enumerate(values):
        scope["$index"] = index
        scope["$total"] = ask(each)
    total, scope["$total"] = scope["$total"], before
    return total


def _iif(
    _scope: Scope, values: Values, condition: Asked, then: Asked, otherwise: Asked | None = None
) -> Values:
    if len(values) > 1:
        raise ExpressionFailed("wrong")
    said = condition(values)
    if said and is_true(said):
        return then(values)
    return otherwise(values) if otherwise else []


def _single(_scope: Scope, values: Values) -> Values:
    if len(values) > 1:
        raise ExpressionFailed("wrong")
    return values


def _extension(_scope: Scope, values: Values, url: str) -> Values:
    return [each for each in members(values, "extension") if data_of(each).get("url") == url]


def _number_of(values: Values) -> Any:  # noqa: ANN401 - a number or a quantity
    return [data_of(each) for each in values]


def _folded(name: str) -> Callable[..., Any]:
    function: Callable[..., Any] = THEIRS[name]["fn"]

    def fold(scope: Scope, values: Values) -> Any:  # noqa: ANN401 - a number or a quantity
        plain = _number_of(values)
        if not plain:
            return []
        if isinstance(plain[0], FP_Quantity | dict) or any(isinstance(each, bool) for each in plain):
            raise ExpressionFailed("wrong")
        if name in {"sum", "avg"} and not all(isinstance(each, int | Decimal) for each in plain):
            raise ExpressionFailed("wrong")
        return function(scope, plain)

    return fold


def _score(url: str) -> Callable[[Scope, Values], Values]:
    def score(_scope: Scope, values: Values) -> Values:
        found = []
        for each in values:
            data = data_of(each)
            if type(data) is not dict:
                continue
            coding = data.get("valueCoding", data)
            told = [*(data.get("extension") or ()), *(coding.get("extension") or ())]
            numbers = [
                one.get("valueDecimal", one.get("valueInteger")) for one in told if one.get("url") in urls
            ]
            found += [data_of(number) for number in numbers[:1] if number is not None]
        return found

    urls = {url, ORDINAL, WEIGHT}
    return score


def _round(scope: Scope, values: Values, places: Any = 0) -> Any:  # noqa: ANN401 - a number or []
    if not values or len(values) > 1:
        return [] if not values else _single(scope, values)
    number = Decimal(data_of(values[0]))
    digits = int(places) if places != [] else 0
    if not 0 <= digits <= 28 or number.adjusted() > 28:  # noqa: PLR2004 - what a Decimal keeps exactly
        raise ExpressionFailed("limit")
    return number.quantize(Decimal(1).scaleb(-digits), rounding="ROUND_HALF_UP")


def _plain_of(values: Values) -> Values:
    return [data_of(each) if isinstance(each, ResourceNode) else each for each in values]


def _to(name: str) -> Made:
    function = THEIRS[name]["fn"]
    return {
        **THEIRS[name],
        "fn": lambda scope, values, *more: function(scope, _plain_of(values), *more),
    }


# Our own, and those of the library that are left out: it writes what it traces on the terminal.
_OURS: Final[dict[str, Made]] = {
    "where": one("Expr", _where),
    "select": one("Expr", _select),
    "all": one("Expr", _all),
    "repeat": one("Expr", _repeat),
    "exists": {"fn": _exists, "arity": {0: [], 1: ["Expr"]}},
    "aggregate": {"fn": _aggregate, "arity": {1: ["Expr"], 2: ["Expr", "Any"]}},
    "iif": {"fn": _iif, "arity": {2: ["Expr", "Expr"], 3: ["Expr", "Expr", "Expr"]}},
    "single": {"fn": _single},
    "children": {"fn": lambda _scope, values: children(values)},
    "descendants": {"fn": _descendants},
    "extension": one("String", _extension),
    "trace": {"fn": lambda _scope, values, *_more: values, "arity": {1: ["String"], 2: ["String", "Expr"]}},
    "hasValue": {
        "fn": lambda _scope, values: len(values) == 1 and not isinstance(data_of(values[0]), dict | list),
    },
    "ordinal": {"fn": _score(ORDINAL)},
    "weight": {"fn": _score(WEIGHT)},
    "round": {"fn": _round, "arity": {0: [], 1: ["Number"]}},
    **{name: {"fn": _folded(name)} for name in ("sum", "avg", "min", "max")},
    **{name: measured(name) for name in ("exclude", "subsetOf", "supersetOf", "intersect")},
    **{name: _to(name) for name in ("toBoolean", "convertsToBoolean")},
}
BY_NAME: Final[dict[str, Made]] = {
    **{name: made for name, made in THEIRS.items() if name.isalpha() and not name.endswith("Op")},
    **TEXTS,
    **_OURS,
}
