import contextlib
import time
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from innsyn.forms.engine.fhirpath import Budget, ExpressionFailed, ask, readable

RESPONSE: dict[str, Any] = {
    "resourceType": "QuestionnaireResponse",
    "item": [
        {"linkId": "age", "answer": [{"valueInteger": 40}]},
        {"linkId": "weight", "answer": [{"valueQuantity": {"value": Decimal("80.5"), "code": "kg"}}]},
        {"linkId": "group", "item": [{"linkId": "born", "answer": [{"valueDate": "1980-02-03"}]}]},
        {"linkId": "group", "item": [{"linkId": "born", "answer": [{"valueDate": "1980-02-03"}]}]},
        {
            "linkId": "how",
            "answer": [
                {
                    "valueCoding": {
                        "code": "a",
                        "extension": [
                            {
                                "url": "http://hl7.org/fhir/StructureDefinition/ordinalValue",
                                "valueDecimal": Decimal(2),
                            }
                        ],
                    }
                }
            ],
        },
    ],
}
OSLO = timezone(timedelta(hours=1))
VARIABLES = {"resource": RESPONSE, "now": datetime(2026, 11, 23, 0, 30, tzinfo=OSLO), "x": 3, "none": None}


def given(expression: str, on: object = RESPONSE) -> list[Any]:
    """What it gives, within what one expression may cost."""
    return ask(expression, on, VARIABLES, budget=Budget())


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("item.where(linkId='age').answer.value + 1", [41]),
        (
            "QuestionnaireResponse.descendants().where(linkId='weight').answer.value.value * 2",
            [Decimal("161.0")],
        ),
        ("%resource.repeat(item).where(linkId='born').answer.value", ["1980-02-03", "1980-02-03"]),
        # Two instances that say the same are two.
        ("%resource.repeat(item).where(linkId='born').count()", [2]),
        ("%resource.repeat(item).answer.weight().sum()", [2]),
        ("%resource.repeat(item).answer.value.ordinal()", [2]),
        ("item.where(linkId = 'age' and answer.value > 39).exists()", [True]),
        ("item.where(linkId='nobody').answer.value + 1", []),
        ("item.where(linkId='age').answer.value is integer", [True]),
        ("item.where(linkId='weight').answer.value < 100 'kg'", [True]),
        ("item.where(linkId='weight').answer.value > 100 'h'", []),
        ("today()", ["2026-11-23"]),
        ("now()", ["2026-11-23T00:30:00.000+01:00"]),
        ("today() - 18 years", ["2008-11-23"]),
        ("item.where(linkId='group').first().item.answer.value <= today()", [True]),
        ("iif(%x > 2, 'many', 'few')", ["many"]),
        ("%none.exists()", [False]),
        ("(1 | 2 | 3).aggregate($this + $total, 0)", [6]),
        ("(3 / 8).round(2)", [Decimal("0.38")]),
        ("-item[0].answer.value", [-40]),
        ("'a' & {}", ["a"]),
        ("'12'.matches('^[0-9]+$')", [True]),
        ("3 'kg'", [{"value": 3, "unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg"}]),
        ("{}", []),
    ],
)
def test_what_forms_ask(expression: str, wanted: list[Any]) -> None:
    assert given(expression) == wanted


def test_on_an_item_the_response_is_still_the_whole_one() -> None:
    born = RESPONSE["item"][2]
    assert given("item.answer.value", born) == ["1980-02-03"]
    assert given("QuestionnaireResponse.item.where(linkId='age').answer.value", born) == [40]


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("1 +", "syntax"),
        ("a b", "syntax"),
        ("Observation?code=1&patient={{%patient.id}}", "syntax"),
        ("%nobody", "unknown"),
        ("item.nobodyKnows()", "unknown"),
        ("'x'.matches('(?!a)b')", "unknown"),
        ("1 + 'a'", "wrong"),
        ("(1 | 2) + 1", "wrong"),
        ("item.single()", "wrong"),
        ("(" * 60 + "1" + ")" * 60, "limit"),
        ("1" + " + 1" * 5000, "limit"),
    ],
)
def test_what_cannot_be_worked_out_says_why_and_nothing_else(expression: str, reason: str) -> None:
    with pytest.raises(ExpressionFailed) as failed:
        given(expression)
    assert str(failed.value) == reason
    assert failed.value.__suppress_context__ or failed.value.__context__ is None


@pytest.mark.parametrize("expression", ["a b", "item.sort()", "%x.lowBoundary()", "(" * 60 + "1" + ")" * 60])
def test_what_could_never_be_asked_is_told_without_asking(expression: str) -> None:
    assert not readable(expression)
    assert readable("%unknown.item.where(linkId = 'a')")


TEN = "(1|2|3|4|5|6|7|8|9|10)"
HOSTILE = [
    # Without an end.
    "'a'.repeat($this + 'a')",
    "1.repeat($this + 1)",
    f"{TEN}.repeat($this.combine({TEN}))" * 1,
    # Collections, texts and numbers that double.
    f"{TEN}.select({TEN}).select({TEN}).select({TEN}).select({TEN}).select({TEN}).select({TEN}).select({TEN})",
    f"{TEN}.select({TEN}).select({TEN}).aggregate($total.combine($total).combine($this), 1)",
    f"{TEN}.select({TEN}).aggregate($total & $total, 'aaaaaaaaaaaaaaaa')",
    f"{TEN}.select({TEN}).aggregate($total + $total, 'aaaaaaaaaaaaaaaa')",
    f"{TEN}.select({TEN}).aggregate($total.replace('', $total), 'aaaa')",
    f"{TEN}.select({TEN}).aggregate($total.replace('a', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaa'), 'aaaa')",
    f"{TEN}.select({TEN}).aggregate($total.replaceMatches('a', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaa'), 'aaaa')",
    f"{TEN}.select({TEN}).aggregate($total * $total, 9)",
    f"{TEN}.select({TEN}).aggregate($total.power(9), 9)",
    "9.power(999999999)",
    "1000000000.exp()",
    "1.5.round(999999999)",
    # Each with each.
    f"{TEN}.select({TEN}).select({TEN}).select({TEN}).select({TEN}.intersect($this))",
    f"{TEN}.select({TEN}).select({TEN}).select({TEN}).where($this in {TEN}.select({TEN}).select({TEN}))",
    f"{TEN}.select({TEN}).select({TEN}).select({TEN}).exclude({TEN}.select({TEN}).select({TEN}).select({TEN}))",
    # Conditions in conditions, which are exponential where each is asked twice.
    "item" + ".where(item" * 30 + ".exists()" + ")" * 30,
    # Patterns that backtrack.
    "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!'.matches('^(a+)+$')",
    "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!'.replaceMatches('(a|aa)+$', 'b')",
    "'a'.matches('((a{1,100}){1,100}){1,100}')",
]


@pytest.mark.parametrize("expression", HOSTILE)
def test_every_expression_ends_within_the_budget(expression: str) -> None:
    began = time.thread_time()
    with contextlib.suppress(ExpressionFailed):
        given(expression)
    # The budget has half a second of work, whatever else the machine does.
    assert time.thread_time() - began < 3, expression


def test_steps_decide_before_time_does_so_that_the_same_gives_the_same() -> None:
    with pytest.raises(ExpressionFailed) as failed:
        ask("1.repeat($this + 1)", {}, {}, budget=Budget(steps=5_000, seconds=60))
    assert failed.value.reason == "limit"


def test_a_spent_budget_gives_no_answer_any_more() -> None:
    budget = Budget(steps=5_000)
    for _ in range(2):
        with pytest.raises(ExpressionFailed):
            ask("1.repeat($this + 1)", {}, {}, budget=budget)
    with pytest.raises(ExpressionFailed):
        ask("1", {}, {}, budget=budget)


def test_nothing_is_written_on_the_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    given("item.trace('item').count()")
    assert not readable("Patient?x={{")
    assert capfd.readouterr() == ("", "")
