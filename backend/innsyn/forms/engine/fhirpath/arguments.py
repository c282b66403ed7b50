"""What the functions of FHIRPath are given and how: the library's table, and the kinds of arguments."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final, cast

from fhirpathpy.engine.invocations import invocation_registry

from innsyn.forms.engine.fhirpath.budget import ExpressionFailed
from innsyn.forms.engine.fhirpath.walking import data_of

Scope = dict[str, Any]
Values = list[Any]
Asked = Callable[[Any], Values]
Made = dict[str, Any]

# By name: what is called (`fn`), and by how many arguments there are, which kinds these are (`arity`).
THEIRS: Final = cast("dict[str, Made]", invocation_registry)


def is_true(values: Values) -> bool:
    """As a condition: one true, or one that is no boolean at all (http://hl7.org/fhirpath/#singleton-evaluation)."""
    if len(values) != 1:
        return False
    return data_of(values[0]) is not False


def _boolean(values: Values) -> Any:  # noqa: ANN401 - a boolean, or [] for nothing
    if not values:
        return []
    if len(values) > 1:
        raise ExpressionFailed("wrong")
    return is_true(values)


def _of(*kinds: type) -> Callable[[Values], Any]:
    def check(values: Values) -> Any:  # noqa: ANN401 - a value, or [] for nothing
        if not values:
            return []
        if len(values) > 1:
            raise ExpressionFailed("wrong")
        value = data_of(values[0])
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            raise ExpressionFailed("wrong")
        return value

    return check


# How an argument is read, by the library's name of its kind; those not here are collections as they are.
CHECKS: Final[dict[str, Callable[[Values], Any]]] = {
    "Boolean": _boolean,
    "String": _of(str),
    "Integer": _of(int, Decimal),
    "Number": _of(int, Decimal),
}


def one(kind: str, fn: Callable[..., Any]) -> Made:
    """A function of one argument of this kind."""
    return {"fn": fn, "arity": {1: [kind]}}
