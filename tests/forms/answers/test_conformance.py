"""Responses against their Questionnaires, beside what two known validators said of the same ones."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from innsyn.forms.engine.conformance import codings_of, issues_of

CASES = Path(__file__).resolve().parents[4] / "shared/data/fhir-test-cases/questionnaire-validation"

# What the cases take from a terminology server: as much of these value sets as they speak of.
KNOWN = {
    "http://hl7.org/fhir/ValueSet/item-type": [
        {"system": "http://hl7.org/fhir/item-type", "code": code, "display": code.capitalize()}
        for code in ("boolean", "string")
    ],
    "http://hl7.org/fhir/ValueSet/jurisdiction": [
        {"system": "urn:iso:std:iso:3166", "code": code, "display": name}
        for code, name in (("AU", "Australia"), ("BD", "Bangladesh"))
    ],
}

# Where we say something else than a validator did, and why. `expected` is the suite's own expect_success.
DIFFERENCES = {
    (
        "nested-questionnaire-nested-valueset",
        "java",
    ): "it did not know the SDC extension; about the Questionnaire alone",
    (
        "choice-invalid-type-qr",
        "java",
    ): "it lets a choice without options be text; R4 answers it with a Coding",
    ("choice-invalid-value-set-async-qr", "brianpos"): "a value set that nobody knows: a warning, as to Java",
    ("choice-invalid-value-set-async-qr", "expected"): "the same",
    ("quantity-qr", "java"): "its outcome speaks of limits this Questionnaire does not have",
    (
        "questionnaire-not-resolved-qr",
        "brianpos",
    ): "a Questionnaire that is not here: a warning, as to Java and Firely",
    ("questionnaire-not-resolved-qr", "expected"): "the same",
}


def read(path: Path) -> Any:  # noqa: ANN401 - JSON
    return json.loads(path.read_text("utf-8"), parse_float=Decimal)


def is_valid(case: dict[str, Any]) -> bool:
    response = read(CASES / case["response_or_questionnaire"])
    beside = [*map(read, (CASES / name for name in case["supporting"])), *response.get("contained", [])]
    questionnaires = [each for each in beside if each["resourceType"] == "Questionnaire"]
    sets = {
        each["url"]: codings_of(each)
        for each in beside
        if each["resourceType"] == "ValueSet" and "url" in each
    }
    local = {
        f"#{each['id']}": codings_of(each)
        for each in beside
        if each["resourceType"] == "ValueSet" and "id" in each
    }
    questionnaire = questionnaires[0] if questionnaires else None
    return not any(issue.is_error for issue in issues_of(questionnaire, response, {**KNOWN, **sets, **local}))


@pytest.mark.skipif(not CASES.exists(), reason="the cases of fhir-test-cases are not beside this checkout")
def test_we_agree_with_the_recorded_outcomes_except_where_it_is_told_why() -> None:
    cases = json.loads((CASES / "cases.json").read_text("utf-8"))["cases"]
    agreed, differ = 0, set()
    for case in cases:
        ours = is_valid(case)
        said = {who: not outcome["errors"] for who, outcome in case["outcomes"].items()}
        if case["expect_success"] is not None:
            said["expected"] = case["expect_success"]
        for who, valid in said.items():
            agreed += valid is ours
            if valid is not ours:
                differ.add((case["name"], who))
    assert differ == set(DIFFERENCES)
    assert (len(cases), agreed, len(differ)) == (54, 142, 7)


QUESTIONNAIRE: dict[str, Any] = {
    "resourceType": "Questionnaire",
    "item": [
        {"linkId": "a", "type": "boolean", "required": True},
        {
            "linkId": "b",
            "type": "string",
            "required": True,
            "enableWhen": [{"question": "a", "operator": "=", "answerBoolean": True}],
        },
        {
            "linkId": "g",
            "type": "group",
            "repeats": True,
            "item": [
                {
                    "linkId": "c",
                    "type": "choice",
                    "answerOption": [{"valueCoding": {"system": "s", "code": "1"}}],
                },
                {
                    "linkId": "d",
                    "type": "integer",
                    "enableWhen": [{"question": "c", "operator": "exists", "answerBoolean": True}],
                },
            ],
        },
    ],
}


def keys(*items: dict[str, Any], **more: Any) -> list[str]:  # noqa: ANN401 - JSON
    response = {"resourceType": "QuestionnaireResponse", "status": "completed", "item": list(items), **more}
    return [f"{each.where} {each.key}" for each in issues_of(QUESTIONNAIRE, response)]


def one(link: str, **value: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {"linkId": link, "answer": [value]}


def test_what_is_required_depends_on_what_is_asked() -> None:
    assert keys(one("a", valueBoolean=False)) == []
    assert keys(one("a", valueBoolean=True)) == ["item required"]
    assert keys(one("a", valueBoolean=True), status="in-progress") == []
    assert keys(one("a", valueBoolean=False), one("b", valueString="x")) == ["item[1] not_enabled"]


def test_conditions_look_in_their_own_instance() -> None:
    first = {
        "linkId": "g",
        "item": [one("c", valueCoding={"system": "s", "code": "1"}), one("d", valueInteger=1)],
    }
    second = {"linkId": "g", "item": [one("d", valueInteger=1)]}
    assert keys(one("a", valueBoolean=False), first) == []
    assert keys(one("a", valueBoolean=False), first, second) == ["item[2].item[0] not_enabled"]


@pytest.mark.parametrize(
    ("item", "key"),
    [
        ({"linkId": "a", "answer": []}, "empty"),
        ({"linkId": "a", "answer": [{"valueBoolean": True, "valueInteger": 1}]}, "many_values"),
        ({"linkId": "a", "answer": [{"valueBoolean": "true"}]}, "format"),
        ({"linkId": "a", "answer": [{"typed": "x"}]}, "property"),
        ({"linkId": "a", "answer": [{"valueBoolean": True}], "item": [one("c", valueInteger=1)]}, "qrs-1"),
        ({"answer": [{"valueBoolean": True}]}, "link_missing"),
        ({"linkId": "a", "answer": [{"valueString": "x"}]}, "type"),
        ({"linkId": "x", "answer": [{"valueString": "x"}]}, "link_unknown"),
    ],
)
def test_what_no_response_may_be(item: dict[str, Any], key: str) -> None:
    assert key in {each.partition(" ")[2] for each in keys(item)}
