"""One answer of a response against its question: type, options, value set, limits, units, files and references."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

import re2

from innsyn.forms.engine.conformance_shape import Issue
from innsyn.forms.engine.conformance_types import RESOURCES

Json = dict[str, Any]
ValueSets = Mapping[str, Sequence[Mapping[str, Any]]]

_CORE: Final = "http://hl7.org/fhir/StructureDefinition/"
_SDC: Final = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-"
# http://hl7.org/fhir/R4/valueset-item-type.html: which value[x] answers which type. What a choice may be besides
# Coding is what its options are.
_TYPES: Final = {
    "boolean": {"valueBoolean"},
    "decimal": {"valueDecimal"},
    "integer": {"valueInteger"},
    "date": {"valueDate"},
    "dateTime": {"valueDateTime"},
    "time": {"valueTime"},
    "string": {"valueString"},
    "text": {"valueString"},
    "url": {"valueUri"},
    "choice": {"valueCoding"},
    "open-choice": {"valueCoding", "valueString"},
    "attachment": {"valueAttachment"},
    "reference": {"valueReference"},
    "quantity": {"valueQuantity"},
}
_CHOSEN: Final = {"choice", "open-choice"}
# Norwegian forms of receivers have their options here.
_OPTION_REFERENCE: Final = "http://ehelse.no/fhir/StructureDefinition/sdf-optionReference"
# Some builders write the regex as the call that FHIRPath would make of it.
_CALL: Final = re.compile(r"matches\('(.*)'\)", re.DOTALL)
# maxSize says no unit: 5 is megabytes and 5000000 is not.
_MEGABYTE, _MOST_MEGABYTES = 1_000_000, 1_000
_PREFIXES: Final = {"k": 3, "h": 2, "da": 1, "": 0, "d": -1, "c": -2, "m": -3, "u": -6, "n": -9}


def value_issues(item: Json, answer: Json, where: str, value_sets: ValueSets) -> Iterator[Issue]:
    """What is wrong with one answer (whose format is right) to one question."""
    name = next((each for each in answer if each.startswith("value")), None)
    if name is None:
        return
    options = [_plain(option) for option in item.get("answerOption", [])]
    kind = item.get("type", "")
    allowed = _TYPES.get(kind, set()) | (
        {key for option in options for key in option} if kind in _CHOSEN else set()
    )
    if kind in _CHOSEN and any(_extensions(item, _OPTION_REFERENCE)):
        allowed |= {"valueReference"}
    if name not in allowed:
        yield Issue("error", where, "type", f"{name}: {kind}")
        return
    found = [*_options(item, name, answer[name], options), *_value_set(item, name, answer[name], value_sets)]
    found += [issue for rule in _RULES for issue in rule(item, answer[name], value_sets)]
    yield from (Issue(severity, where, key, item.get("linkId", "")) for severity, key in found)


_Found = Iterator[tuple[str, str]]


def _plain(option: Json) -> Json:
    return {name: value for name, value in option.items() if name.startswith("value")}


def _options(item: Json, name: str, value: Any, options: list[Json]) -> _Found:  # noqa: ANN401 - JSON
    own_words = item.get("type") == "open-choice" and name == "valueString"
    if options and not own_words and not any(name in each and _equal(each[name], value) for each in options):
        yield "error", "not_offered"


def _equal(offered: Any, given: Any) -> bool:  # noqa: ANN401 - JSON
    if isinstance(offered, dict) and isinstance(given, dict):
        keys = (
            ("system", "code")
            if offered.get("code")
            else ("reference",)
            if "reference" in offered
            else ("display",)
        )
        return all(offered.get(key) == given.get(key) for key in keys)
    return bool(offered == given)


def _value_set(item: Json, name: str, value: Any, value_sets: ValueSets) -> _Found:  # noqa: ANN401 - JSON
    canonical = item.get("answerValueSet")
    if not canonical or (item.get("type") == "open-choice" and name == "valueString"):
        return
    codings = value_sets.get(canonical)
    # No code is a reference (R4 has value sets on choices alone, que-5), so nothing can be said of one.
    if codings is None or item.get("type") == "reference":
        yield "warning", "value_set_unknown"
        return
    if isinstance(value, str):
        if value not in {each.get("code") for each in codings}:
            yield "error", "not_offered"
        return
    found = [
        each for each in codings if _equal({"system": each.get("system"), "code": each.get("code")}, value)
    ]
    if not found and not value.get("system") and value.get("code") in {each.get("code") for each in codings}:
        yield "warning", "system_missing"
    elif not found:
        yield "error", "not_offered"
    elif value.get("display") and not any(_says(each, value["display"]) for each in found):
        yield "error", "display"


def _says(coding: Mapping[str, Any], display: str) -> bool:
    named = [coding.get("display"), *(each.get("value") for each in coding.get("designation", []))]
    known = [name.casefold() for name in named if name]
    return not known or display.casefold() in known


def _extensions(item: Json, url: str) -> Iterator[Any]:
    for each in item.get("extension", []):
        if each.get("url") == url:
            yield from (value for name, value in each.items() if name.startswith("value"))


def _limits(item: Json, value: Any, _: ValueSets) -> _Found:  # noqa: ANN401 - JSON
    for side, url in (
        ("min", "minValue"),
        ("max", "maxValue"),
        ("min", "minQuantity"),
        ("max", "maxQuantity"),
    ):
        for limit in _extensions(item, (_SDC if url.endswith("Quantity") else _CORE) + url):
            order = _order(value, limit)
            if order is None:
                yield "warning", f"{side}_incomparable"
            elif order == (-1 if side == "min" else 1):
                yield "error", side


def _order(value: Any, limit: Any) -> int | None:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        other = limit if isinstance(limit, dict) else {**value, "value": limit}
        return _order_of_quantities(value, other)
    if isinstance(value, str) and isinstance(limit, str):
        # 2022-06-30 is within 2022-06: what both say is compared.
        length = min(len(value), len(limit))
        return (value[:length] > limit[:length]) - (value[:length] < limit[:length])
    if isinstance(value, str) or isinstance(limit, str):
        return None
    one, other_number = Decimal(str(value)), Decimal(str(limit))
    return (one > other_number) - (one < other_number)


def _order_of_quantities(value: Json, limit: Json) -> int | None:
    if "value" not in value or "value" not in limit:
        return None
    one, other = Decimal(str(value["value"])), Decimal(str(limit["value"]))
    units = [each.get("code") or each.get("unit") or "" for each in (value, limit)]
    if units[0] != units[1]:
        base = _base_of(*units)
        if base is None:
            return None
        one, other = one.scaleb(base[0]), other.scaleb(base[1])
    return (one > other) - (one < other)


def _base_of(one: str, other: str) -> tuple[int, int] | None:
    """The powers of ten of two units of one kind (km and m), None of others."""
    for prefix, power in _PREFIXES.items():
        for second, power_of_second in _PREFIXES.items():
            if one[len(prefix) :] == other[len(second) :] != "" and (
                one[: len(prefix)],
                other[: len(second)],
            ) == (
                prefix,
                second,
            ):
                return power, power_of_second
    return None


def _text(item: Json, value: Any, _: ValueSets) -> _Found:  # noqa: ANN401 - JSON
    if not isinstance(value, str):
        return
    if len(value) > item.get("maxLength", len(value)):
        yield "error", "max_length"
    if any(len(value) < least for least in _extensions(item, f"{_CORE}minLength")):
        yield "error", "min_length"
    for regex in _extensions(item, f"{_CORE}regex"):
        options = re2.Options()
        options.log_errors = False
        try:
            if not re2.compile(_CALL.sub(r"\1", regex), options).fullmatch(value):
                yield "error", "regex"
        except re2.error:
            yield "warning", "regex_unknown"


def _decimals(item: Json, value: Any, _: ValueSets) -> _Found:  # noqa: ANN401 - JSON
    number = value.get("value") if isinstance(value, dict) else value
    if isinstance(number, str | bool | None) or isinstance(value, str):
        return
    exponent = Decimal(str(number)).as_tuple().exponent
    for most in _extensions(item, f"{_CORE}maxDecimalPlaces"):
        if isinstance(exponent, int) and -exponent > most:
            # The extension is for whoever lets somebody write; validators let such a value pass.
            yield "warning", "decimals"


def _unit(item: Json, value: Any, value_sets: ValueSets) -> _Found:  # noqa: ANN401 - JSON
    if item.get("type") != "quantity":
        return
    options = list(_extensions(item, f"{_CORE}questionnaire-unitOption"))
    for canonical in _extensions(item, f"{_CORE}questionnaire-unitValueSet"):
        known = value_sets.get(canonical)
        if known is None:
            yield "warning", "value_set_unknown"
        else:
            options += known
    open_unit = any(_extensions(item, f"{_SDC}unitOpen"))
    if options and not open_unit and not any(_equal(each, value) for each in options):
        yield "error", "unit"


def _file(item: Json, value: Any, _: ValueSets) -> _Found:  # noqa: ANN401 - JSON
    if item.get("type") != "attachment":
        return
    kinds = list(_extensions(item, f"{_CORE}mimeType"))
    kind = str(value.get("contentType", ""))
    if kinds and not {kind, f"{kind.partition('/')[0]}/*"} & set(kinds):
        yield "error", "media_type"
    for most in _extensions(item, f"{_CORE}maxSize"):
        limit = Decimal(str(most)) * (_MEGABYTE if most <= _MOST_MEGABYTES else 1)
        if Decimal(str(value.get("size", 0))) > limit:
            yield "error", "size"


def _reference(item: Json, value: Any, _: ValueSets) -> _Found:  # noqa: ANN401 - JSON
    reference = value.get("reference") if item.get("type") == "reference" else None
    if not reference or reference.startswith(("#", "urn:")):
        return
    kind = reference.split("/_history/")[0].rsplit("/", 2)[-2] if "/" in reference else ""
    if any(map(str.isspace, reference)) or kind not in RESOURCES:
        yield "error", "reference"
        return
    allowed = list(_extensions(item, f"{_CORE}questionnaire-referenceResource"))
    if allowed and kind not in allowed:
        yield "error", "reference_type"


_RULES: Final[tuple[Callable[[Json, Any, ValueSets], _Found], ...]] = (
    _limits,
    _text,
    _decimals,
    _unit,
    _file,
    _reference,
)
