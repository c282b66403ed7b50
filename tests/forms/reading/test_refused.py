"""Each reason to refuse a form has a form that is refused for it, at its place, and a sibling that is not."""

import json
import threading
from datetime import UTC, datetime

import pytest

from forms.reading.questionnaires import CORE, SDC, control, extension, item, questionnaire, refused
from forms.reading.refused_forms import REFUSED, asked_if, nested
from forms.reading.refused_unworkable import chained
from innsyn.forms.engine.fhirpath import Budget
from innsyn.forms.engine.filling import cost_of, fill
from innsyn.forms.engine.reading import limits, read
from innsyn.forms.engine.reading.words import REFUSALS
from innsyn.forms.engine.state import Context
from innsyn.forms.engine.values import Answer, Node

CASES = [(key, body, where) for key, cases in REFUSED.items() for body, where in cases]


@pytest.mark.parametrize(
    ("key", "body", "where"), CASES, ids=[f"{key}-{n}" for n, (key, _, _) in enumerate(CASES)]
)
def test_it_is_refused_by_name_and_place(key: str, body: bytes, where: str) -> None:
    assert refused(body) == [(key, where)]


def test_every_reason_has_a_form_that_is_refused_for_it() -> None:
    # `unreadable` is for a form that nobody foresaw: there is none to show.
    assert REFUSED.keys() | {"unreadable"} == REFUSALS.keys()


def test_the_words_name_what_was_found() -> None:
    body = questionnaire(item("2", "boolean"), asked_if("1", "2", operator="=", answerString="ja"))
    [finding] = read(body).refusals
    assert finding.words == "enableWhen compares with string, but «2» is answered with boolean."


def test_what_is_shown_in_a_terminal_does_not_steer_it() -> None:
    [finding] = read(questionnaire(item("\x1b[31m\n1", "nonsense\x07"))).refusals
    assert (finding.where, finding.words) == (" [31m 1", "The item type «nonsense » is not one of R4's.")


def test_a_form_with_a_thousand_faults_is_told_about_the_first() -> None:
    body = questionnaire(*(item(str(n), "question") for n in range(1_000)))
    assert len(read(body).refusals) == 100


def test_every_fault_is_told_at_once() -> None:
    body = questionnaire(
        item("1", "choice"),
        asked_if("2", "9"),
        item("3", "string", extension(f"{CORE}regex", valueString="(")),
    )
    assert refused(body) == [("no_options", "1"), ("condition_on_nothing", "2"), ("bad_regex", "3")]


def test_what_is_refused_only_when_it_is_said_is_taken_when_it_is_not() -> None:
    adaptive = extension(f"{SDC}questionnaireAdaptive", valueBoolean=False)
    assert (
        read(questionnaire(item("1", "string", control("check-box")), extension=[adaptive])).form is not None
    )


def test_a_form_of_the_largest_size_is_taken() -> None:
    items = [item(str(n)) for n in range(limits.ITEMS - limits.DEPTH)]
    verdict = read(questionnaire(*items, nested(limits.DEPTH)))
    assert verdict.form is not None
    assert len(verdict.form.by_number) == limits.ITEMS
    assert json.loads(questionnaire(*items))["item"][0]["linkId"] == "0"


def test_a_row_of_sums_as_long_as_any_real_one_is_taken_and_worked_out_in_few_steps() -> None:
    form = read(chained(30, 500)).form
    assert form is not None
    answers = [Node("c30", [Answer(value_integer=1)])]
    context = Context(now=datetime(2026, 5, 17, 12, tzinfo=UTC))
    filled = fill(form, answers, context)
    assert (filled.fields[0].answers[0].value_integer, filled.failed) == (31, ())
    assert cost_of(form, answers, context) < limits.STEPS / 3


def test_the_seconds_of_an_expression_are_those_it_works_and_not_those_it_waits() -> None:
    budget = Budget(steps=10_000, seconds=0.2)
    waited = threading.Event().wait(0.3)
    budget.spend(5_000)
    assert (waited, budget.left) == (False, 5_000)
