"""Is it a QuestionnaireResponse at all: http://hl7.org/fhir/R4/questionnaireresponse.html and the JSON format of R4."""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, Final

import msgspec


class Issue(msgspec.Struct, frozen=True):
    """What is wrong, and where: `severity` is error or warning, `key` a stable name, `about` what it is about."""

    severity: str
    where: str
    key: str
    about: str = ""

    @property
    def is_error(self) -> bool:
        """Does it make the response invalid?"""
        return self.severity == "error"


_ANY: Final = frozenset({"id", "extension", "modifierExtension"})
_TOP: Final = _ANY | set(
    "resourceType meta implicitRules language text contained identifier basedOn partOf questionnaire status subject "
    "encounter authored author source item".split()
)
_ITEM: Final = _ANY | {"linkId", "definition", "text", "answer", "item"}
_STATUS: Final = frozenset({"in-progress", "completed", "amended", "entered-in-error", "stopped"})

# http://hl7.org/fhir/R4/datatypes.html, the regular expressions of the primitive types.
_YEAR: Final = r"([0-9]([0-9]([0-9][1-9]|[1-9]0)|[1-9]00)|[1-9]000)"
_DAY: Final = rf"{_YEAR}(-(0[1-9]|1[0-2])(-(0[1-9]|[1-2][0-9]|3[0-1])"
_CLOCK: Final = r"([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\.[0-9]+)?"
_DATE: Final = re.compile(f"{_DAY})?)?")
_DATE_TIME: Final = re.compile(rf"{_DAY}(T{_CLOCK}(Z|(\+|-)((0[0-9]|1[0-3]):[0-5][0-9]|14:00)))?)?)?")
_TIME: Final = re.compile(_CLOCK)
_URI: Final = re.compile(r"\S+")
_UUID: Final = re.compile(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SMALLEST, _LARGEST = -(2**31), 2**31 - 1


def _is_number(value: Any) -> bool:  # noqa: ANN401 - JSON
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _is_integer(value: Any) -> bool:  # noqa: ANN401 - JSON
    return isinstance(value, int) and not isinstance(value, bool) and _SMALLEST <= value <= _LARGEST


def _matches(pattern: re.Pattern[str], value: Any) -> bool:  # noqa: ANN401 - JSON
    return isinstance(value, str) and bool(pattern.fullmatch(value))


def _is_uri(value: Any) -> bool:  # noqa: ANN401 - JSON
    return _matches(_URI, value) and (not value.startswith("urn:uuid:") or bool(_UUID.fullmatch(value)))


# Every value[x] an answer may have.
VALUES: Final[dict[str, Callable[[Any], bool]]] = {
    "valueBoolean": lambda value: isinstance(value, bool),
    "valueDecimal": _is_number,
    "valueInteger": _is_integer,
    "valueDate": lambda value: _matches(_DATE, value),
    "valueDateTime": lambda value: _matches(_DATE_TIME, value),
    "valueTime": lambda value: _matches(_TIME, value),
    "valueString": lambda value: isinstance(value, str) and bool(value.strip()),
    "valueUri": _is_uri,
    "valueAttachment": lambda value: isinstance(value, dict) and bool(value),
    "valueCoding": lambda value: isinstance(value, dict) and bool(value),
    "valueQuantity": lambda value: isinstance(value, dict) and bool(value),
    "valueReference": lambda value: isinstance(value, dict) and bool(value),
}
_ANSWER: Final = _ANY | {"item"} | set(VALUES)


def shape_of(response: dict[str, Any]) -> list[Issue]:
    """What R4 itself says of the response, whatever its Questionnaire is."""
    issues = [*_names(response, _TOP, "")]
    if response.get("resourceType") != "QuestionnaireResponse":
        issues.append(Issue("error", "", "resource_type", str(response.get("resourceType"))))
    if response.get("status") not in _STATUS:
        issues.append(Issue("error", "status", "status", str(response.get("status"))))
    if "authored" in response and not VALUES["valueDateTime"](response["authored"]):
        issues.append(Issue("error", "authored", "format"))
    return [*issues, *_items(response, "")]


def _names(part: dict[str, Any], known: frozenset[str] | set[str], where: str) -> Iterator[Issue]:
    for name, value in part.items():
        if name.removeprefix("_") not in known:
            yield Issue("error", where, "property", name)
        elif value in ([], {}, "", None):
            yield Issue("error", where, "empty", name)


def _items(holder: dict[str, Any], where: str) -> Iterator[Issue]:
    held = holder.get("item", [])
    if not isinstance(held, list):
        yield Issue("error", where, "format", "item")
        return
    for index, item in enumerate(held):
        at = f"{where}item[{index}]"
        if not isinstance(item, dict):
            yield Issue("error", at, "format", "item")
            continue
        yield from _names(item, _ITEM, at)
        if not isinstance(item.get("linkId"), str):
            yield Issue("error", at, "link_missing")
        if "answer" in item and "item" in item:
            yield Issue("error", at, "qrs-1")
        yield from _answers(item, at)
        yield from _items(item, f"{at}.")


def _answers(item: dict[str, Any], where: str) -> Iterator[Issue]:
    held = item.get("answer", [])
    if not isinstance(held, list):
        yield Issue("error", where, "format", "answer")
        return
    for index, answer in enumerate(held):
        at = f"{where}.answer[{index}]"
        if not isinstance(answer, dict):
            yield Issue("error", at, "format", "answer")
            continue
        yield from _names(answer, _ANSWER, at)
        values = [name for name in answer if name in VALUES]
        if len(values) > 1:
            yield Issue("error", at, "many_values")
        for name in values:
            if not VALUES[name](answer[name]):
                yield Issue("error", at, "format", name)
        yield from _items(answer, f"{at}.")
