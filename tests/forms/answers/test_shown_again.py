"""A page that is sent as it was shown changes nothing, whatever the answers are."""

from datetime import UTC, datetime

import pytest

from forms.answers.forms_of_others import WHERE, usable
from forms.answers.test_round_trip import OWN
from forms.generating import filled_in
from innsyn.forms.engine.filling import begin, fill
from innsyn.forms.engine.model import Form, Type
from innsyn.forms.engine.parts import parts_of
from innsyn.forms.engine.places import is_asked
from innsyn.forms.engine.state import Context, Field
from innsyn.forms.engine.taking import take
from innsyn.forms.engine.values import Answers, write_answers

CONTEXT = Context(now=datetime(2026, 5, 17, 12, tzinfo=UTC))


def inputs(field: Field) -> dict[str, list[str]]:
    made: dict[str, list[str]] = {}
    for answer in field.answers:
        for suffix, text in parts_of(field.item, answer).items():
            made.setdefault(f"{field.name}-{suffix}" if suffix else field.name, []).append(text)
    return made


def sent_as_shown(form: Form, answers: Answers) -> Answers:
    fields = [field for field in fill(form, answers, CONTEXT).all() if is_asked(field.item)]
    posted = {name: texts for field in fields for name, texts in inputs(field).items()}
    return take(form, answers, posted, [field.name for field in fields])


def filled(form: Form, seed: int) -> Answers:
    answers = begin(form, CONTEXT)
    for _, now in filled_in(form, seed, CONTEXT, answers):
        answers = now.answers
    return answers


@pytest.mark.parametrize("seed", range(10))
def test_our_own_form(seed: int) -> None:
    answers = filled(OWN, seed)
    assert write_answers(sent_as_shown(OWN, answers)) == write_answers(answers)


@pytest.mark.skipif(not WHERE.exists(), reason="the forms of others are not beside this checkout")
def test_every_form_of_others() -> None:
    changed = []
    for name, form in usable().items():
        answers = filled(form, len(name))
        if write_answers(sent_as_shown(form, answers)) != write_answers(answers):
            changed.append(name)
    assert changed == []


def test_what_could_not_be_read_is_shown_and_sent_as_it_was_typed() -> None:
    odd = {"d": "31", "m": "to", "y": "85", "t": "kveld", "u": "x|y", "o": "", "": "a\ud800 1|2"}
    numbers = [item for item in OWN.by_number if is_asked(item) and item.type is not Type.ATTACHMENT]
    tops = [item for item in numbers if "." not in str(item.number) and item.number not in OWN.parents]
    posted = {
        f"{item.number}-{suffix}" if suffix else str(item.number): [text]
        for item in tops
        for suffix, text in odd.items()
    }
    answers = take(OWN, [], posted, [str(item.number) for item in tops])
    assert write_answers(sent_as_shown(OWN, answers)) == write_answers(answers)
    assert sum(bool(answer.typed) for node in answers for answer in node.answer) >= 8
