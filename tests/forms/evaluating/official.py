"""The official FHIRPath suite for R4, where it is there: ../shared/data/fhir-test-cases/fhirpath."""

import json
import re
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

from innsyn.forms.engine.fhirpath import Budget, ExpressionFailed, ask

WHERE = Path(__file__).resolve().parents[4] / "shared" / "data" / "fhir-test-cases" / "fhirpath"
_SUITE = WHERE / "tests-fhir-r4.share.xml"
_VARIABLES = {
    "now": datetime(2026, 11, 23, 12, 30, tzinfo=UTC),
    "sct": "http://snomed.info/sct",
    "loinc": "http://loinc.org",
    "ucum": "http://unitsofmeasure.org",
    "vs-administrative-gender": "http://hl7.org/fhir/ValueSet/administrative-gender",
}


class Case(NamedTuple):
    """One test: `invalid` says what is wrong with the expression, '' where nothing is."""

    group: str
    name: str
    file: Path | None
    expression: str
    invalid: str
    predicate: bool
    wanted: list[tuple[str, str]]


def cases() -> list[Case]:
    """All of them, in order. Two have one name: the second is `name#2`."""
    found, seen = [], dict[str, int]()
    for group in ET.parse(_SUITE).getroot().iter("group"):  # noqa: S314 - a file of ours
        for test in group.iter("test"):
            name = test.get("name", "?")
            seen[name] = seen.get(name, 0) + 1
            name = name if seen[name] == 1 else f"{name}#{seen[name]}"
            asked = test.find("expression")
            assert asked is not None
            wanted = [(each.get("type", ""), each.text or "") for each in test.iter("output")]
            found.append(Case(group.get("name", "?"), name, _input(test.get("inputfile", "")), asked.text or "",
                              asked.get("invalid", ""), test.get("predicate") == "true", wanted))  # fmt: skip
    return found


def passes(case: Case) -> bool:
    """Does the expression give what it should, in order, or fail where it should?"""
    resource = json.loads(case.file.read_bytes(), parse_float=Decimal) if case.file else {}
    try:
        given = ask(case.expression, resource, {**_VARIABLES, "resource": resource}, budget=Budget(seconds=5))
    except ExpressionFailed:
        return bool(case.invalid)
    if case.invalid:
        return False
    if case.predicate:
        return [("boolean", str(bool(given) and given[0] is not False).lower())] == case.wanted
    return len(given) == len(case.wanted) and all(
        _is(value, kind, text) for value, (kind, text) in zip(given, case.wanted, strict=True)
    )


def _input(name: str) -> Path | None:
    file = (WHERE / "input" / name).with_suffix(".json")
    return file if name and file.exists() else None


def _is(value: Any, kind: str, text: str) -> bool:  # noqa: ANN401 - whatever an expression gives
    if kind == "boolean":
        return value is (text == "true")
    if kind in {"integer", "decimal"}:
        try:
            return not isinstance(value, bool) and Decimal(str(value)) == Decimal(text)
        except InvalidOperation:
            return False
    if kind == "Quantity":
        return isinstance(value, dict) and f"{value['value']} '{value['unit']}'" == text
    return str(value) == re.sub(r"^@T?", "", text)
