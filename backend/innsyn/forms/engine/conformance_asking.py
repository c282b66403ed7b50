"""Is an item of a response asked: enableWhen as R4 has it, on JSON."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

import msgspec

from innsyn.forms.engine.comparing import order, same
from innsyn.forms.engine.values import Value

_BY_EXPRESSION: Final = (
    "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-enableWhenExpression"
)
_ORDERS: Final = {"<": {-1}, "<=": {-1, 0}, ">": {1}, ">=": {0, 1}}


class Asked(NamedTuple):
    """The items of one level: as the Questionnaire has them, and as the response does."""

    asked: Sequence[dict[str, Any]]
    given: Sequence[dict[str, Any]]


def asked_by(item: dict[str, Any], scope: Sequence[Asked]) -> bool | None:
    """Is the item enabled? None where only an expression can tell. `scope`: the levels around it, its own last."""
    if any(each.get("url") == _BY_EXPRESSION for each in item.get("extension", [])):
        return None
    results = [_holds(when, scope) for when in item.get("enableWhen", [])]
    if not results:
        return True
    return all(results) if item.get("enableBehavior") == "all" else any(results)


def _holds(when: dict[str, Any], scope: Sequence[Asked]) -> bool:
    answers = _answers_of(when.get("question", ""), scope)
    if when.get("operator") == "exists":
        return bool(answers) is bool(when.get("answerBoolean"))
    wanted = _value({f"value{name[6:]}": held for name, held in when.items() if name.startswith("answer")})
    if when.get("operator") == "!=":
        # http://hl7.org/fhir/R4/valueset-questionnaire-enable-operator.html: no answer is it, so also without any.
        return not any(same(answer, wanted) for answer in answers)
    if when.get("operator") == "=":
        return any(same(answer, wanted) for answer in answers)
    return any(order(answer, wanted) in _ORDERS.get(when.get("operator", ""), set()) for answer in answers)


def _answers_of(link: str, scope: Sequence[Asked]) -> list[Value]:
    # The innermost level that has the question in it: inside a repeating group it is that instance.
    for level in reversed(scope):
        if any(_has(item, link) for item in level.asked):
            return [_value(answer) for item in level.given for answer in _in(item, link)]
    return []


def _has(item: dict[str, Any], link: str) -> bool:
    return item.get("linkId") == link or any(_has(below, link) for below in item.get("item", []))


def _in(item: dict[str, Any], link: str) -> Iterator[dict[str, Any]]:
    answers = item.get("answer", [])
    if item.get("linkId") == link:
        yield from (answer for answer in answers if any(name.startswith("value") for name in answer))
    for below in [*item.get("item", []), *(each for answer in answers for each in answer.get("item", []))]:
        yield from _in(below, link)


def _value(held: dict[str, Any]) -> Value:
    numbers = {
        name: Decimal(str(value)) if isinstance(value, float) else value
        for name, value in held.items()
        if name.startswith("value")
    }
    try:
        return msgspec.convert(numbers, Value)
    except msgspec.ValidationError:
        return Value()
