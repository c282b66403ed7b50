"""The Norwegian scores, and what expressions may know of them."""

from decimal import Decimal

from forms.evaluating.made import NOW, coding, form_of, item, node, of, shown
from innsyn.forms.engine.filling import fill
from innsyn.forms.engine.model import Form, Option, Type
from innsyn.forms.engine.values import Answers, Coding, Quantity, Value


def scored(system: str = "urn:s") -> tuple[Option, ...]:
    """Options worth nothing, one and two; and one without a score."""
    scores = {"a": Decimal(0), "b": Decimal(1), "c": Decimal(2), "none": None}
    return tuple(
        Option(value=Value(value_coding=Coding(system=system, code=code)), text=code, score=score)
        for code, score in scores.items()
    )


def score_form() -> Form:
    """Two sections and a question outside both, as the national forms have them."""
    return form_of(
        item(
            "one",
            Type.GROUP,
            item("q1", Type.CHOICE, options=scored(), score="question"),
            item("deep", Type.GROUP, item("q2", Type.CHOICE, options=scored(), score="question", repeats=True)),
            item("not-counted", Type.CHOICE, options=scored()),
            item("s1", Type.INTEGER, score="section"),
        ),
        item("two", Type.GROUP, item("q3", Type.CHOICE, options=scored(), score="question"),
             item("s2", Type.QUANTITY, score="section", unit=Coding(code="{score}"))),
        item("q4", Type.CHOICE, options=scored(), score="question"),
        item("total", Type.DECIMAL, score="total"),
    )  # fmt: skip


def test_scores_are_summed_by_section_and_in_all() -> None:
    answers: Answers = [
        node("one", below=[
            node("q1", coding("c")),
            node("deep", below=[node("q2", coding("b"), coding("c"))]),
            node("not-counted", coding("c")),
        ]),
        node("two", below=[node("q3", coding("none"))]),
        node("q4", coding("b")),
    ]  # fmt: skip
    found = shown(fill(score_form(), answers, NOW))
    assert (found["s1"], found["total"]) == (5, Decimal(6))
    assert found["s2"] == Quantity(value=Decimal(0), code="{score}", unit="{score}")


def test_where_nothing_is_answered_there_is_no_score() -> None:
    assert shown(fill(score_form(), [], NOW)) == {}
    found = shown(fill(score_form(), [node("q4", coding("c"))], NOW))
    assert {"total": Decimal(2)}.items() <= found.items()
    assert "s1" not in found


def test_scores_are_there_for_expressions_and_are_not_sent() -> None:
    form = form_of(
        item("q", Type.CHOICE, options=scored()),
        item("ordinal", Type.DECIMAL, calculated=f"{of('q')}.ordinal()"),
        item("weight", Type.DECIMAL, calculated="%resource.repeat(item).answer.weight().sum()"),
        item("looked-up", Type.DECIMAL, calculated=(
            "%questionnaire.item.where(linkId='q').answerOption"
            ".where(valueCoding.code=%resource.item.where(linkId='q').answer.valueCoding.code)"
            ".extension.where(url='http://hl7.org/fhir/StructureDefinition/ordinalValue').valueDecimal")),
    )  # fmt: skip
    filled = fill(form, [node("q", coding("c"))], NOW)
    assert {key: value for key, value in shown(filled).items() if key != "q"} == {
        "ordinal": Decimal(2),
        "weight": Decimal(2),
        "looked-up": Decimal(2),
    }
    assert filled.answers[0] == node("q", coding("c"))
