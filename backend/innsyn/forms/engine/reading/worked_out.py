"""The expressions of an item: which it has, and what to do about those that can not be worked out."""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from innsyn.forms.engine.model import Constraint, Variable
from innsyn.forms.engine.reading import limits
from innsyn.forms.engine.reading.context import Reading
from innsyn.forms.engine.reading.expressions import fault_of, tokens_in
from innsyn.forms.engine.reading.said import (
    CORE,
    EHELSE,
    FHIRPATH,
    QUESTIONNAIRE,
    SDC,
    every,
    expression_of,
    one,
    text_of,
)
from innsyn.forms.engine.reading.source import Expression, Extension, Primitive, SourceItem
from innsyn.forms.engine.texts import plain_text

CALCULATED: Final = (
    f"{SDC}calculatedExpression",
    f"{EHELSE}sdf-calculatedExpression",
    f"{QUESTIONNAIRE}calculatedExpression",
)
INITIAL: Final = (f"{SDC}initialExpression", f"{QUESTIONNAIRE}initialExpression", f"{EHELSE}sdf-fhirpath")
_CQF: Final = f"{CORE}cqf-expression"
_RESOURCE: Final = re.compile(r"(Patient|RelatedPerson)\.")
_TOLD: Final = {"Patient": "patient", "RelatedPerson": "relatedPerson"}
# sdf-fhirpathvalidation calls the answer `this.value`; FHIRPath has `$this`.
_THIS: Final = re.compile(r"(?<![\w$.])this\.value\b")


def worked_out(item: SourceItem, reading: Reading) -> dict[str, Any]:
    """Fields of Item that are expressions."""
    said = item.extension
    return {
        "calculated": needed(expression_of(one(said, *CALCULATED)), item.link_id, reading),
        "enable_expression": needed(
            expression_of(one(said, f"{SDC}enableWhenExpression")), item.link_id, reading
        ),
        "copied": needed(expression_of(one(said, _CQF)), item.link_id, reading),
        "options_expression": _options_expression(item, reading),
        "initial_expression": _initial_expression(item, reading),
        "text_expression": needed(_of_text(item.beside_text), item.link_id, reading),
        "variables": variables_of(said, item.link_id, reading),
        "constraints": tuple(constraints_of(said, item.link_id, reading)),
    }


def needed(expression: Expression | None, where: str, reading: Reading) -> str:
    """The expression, '' without one; one that can not be read is refused, for an answer hangs on it."""
    if expression is None:
        return ""
    fault = _fault(expression)
    if fault is None:
        return expression.expression
    key, values = fault
    reading.findings.refuse(key, where, **values)
    return ""


def _fault(expression: Expression) -> tuple[str, dict[str, Any]] | None:
    words = expression.expression
    if expression.language not in {"", FHIRPATH}:
        return "expression_language", {"language": expression.language}
    if (size := tokens_in(words)) > limits.TOKENS_OF_ONE:
        return "expression_too_long", {"size": size, "most": limits.TOKENS_OF_ONE}
    why = fault_of(words)
    return ("bad_expression", {"why": why, "expression": words}) if why else None


def _initial_expression(item: SourceItem, reading: Reading) -> str:
    said = expression_of(one(item.extension, *INITIAL))
    if said is None:
        return ""
    fault = _fault(said)
    if fault is None:
        return _from_context(said.expression)
    # Whoever answers can write it; of a field they can not reach nobody would know that it is missing.
    why = fault[1].get("why") or f"it is written in {said.language}"
    reading.findings.warn("prefill_not_done", item.link_id, why=why, expression=said.expression)
    return ""


def _from_context(expression: str) -> str:
    """Helsenorge's prefill begins at a resource: `Patient.name`. That is what a form is told when opened."""
    resource = _RESOURCE.match(expression)
    return f"%{_TOLD[resource[1]]}.{expression[resource.end() :]}" if resource else expression


def _options_expression(item: SourceItem, reading: Reading) -> str:
    answers = expression_of(one(item.extension, f"{SDC}answerExpression"))
    if answers is not None and answers.language in {"", FHIRPATH}:
        return needed(answers, item.link_id, reading)
    candidates = expression_of(one(item.extension, f"{SDC}candidateExpression"))
    for said in (answers, candidates):
        if said is None:
            continue
        fault = _fault(said)
        if fault is None:
            return said.expression
        if said is answers and not item.answer_option and not item.answer_value_set:
            reading.findings.refuse(fault[0], item.link_id, **fault[1])
        else:
            reading.findings.warn(
                "prefill_not_done",
                item.link_id,
                why=f"it is written in {said.language}",
                expression=said.expression,
            )
    return ""


def _of_text(beside: Primitive | None) -> Expression | None:
    return expression_of(one(beside.extension, _CQF)) if beside else None


def variables_of(said: Iterable[Extension], where: str, reading: Reading) -> tuple[Variable, ...]:
    """The variables of an element that can be worked out; of others, `queries_of` knows the names."""
    kept = [each.value_expression for each in every(said, f"{CORE}variable") if each.value_expression]
    return tuple(
        Variable(each.name, expression)
        for each in kept
        if each.name and each.language in {"", FHIRPATH} and (expression := needed(each, where, reading))
    )


def queries_of(said: Iterable[Extension]) -> Iterator[str]:
    """The names of variables that have to be asked for at a FHIR server."""
    for each in every(said, f"{CORE}variable", f"{SDC}itemPopulationContext"):
        expression = each.value_expression
        if expression is None or not expression.name:
            continue
        if expression.language not in {"", FHIRPATH} or each.url != f"{CORE}variable":
            yield expression.name


def constraints_of(said: Iterable[Extension], where: str, reading: Reading) -> Iterator[Constraint]:
    """What has to be true of the answers."""
    said = list(said)
    for each in every(said, f"{CORE}targetConstraint", f"{QUESTIONNAIRE}constraint"):
        expression = needed(expression_of(one(each.extension, "expression")), where, reading)
        if expression:
            yield Constraint(
                key=text_of(one(each.extension, "key")),
                expression=expression,
                human=plain_text(text_of(one(each.extension, "human"))),
                is_error=text_of(one(each.extension, "severity")) != "warning",
            )
    message = plain_text(text_of(one(said, f"{EHELSE}validationtext")))
    for each in every(said, f"{EHELSE}sdf-fhirpathvalidation"):
        if expression := needed(expression_of(each), where, reading):
            yield Constraint(
                key="sdf-fhirpathvalidation", expression=_of_the_answer(expression), human=message
            )


def _of_the_answer(expression: str) -> str:
    return f"answer.value.all({_THIS.sub('$this', expression)})" if _THIS.search(expression) else expression
