"""Options on a question that is no choice: what is chosen leaves as what R4 has for the question's own type."""

import json
from datetime import UTC, datetime

import pytest

from forms.reading.questionnaires import item, questionnaire
from forms.reading.refused_forms import LISTED
from innsyn.forms.engine.conformance import issues_of
from innsyn.forms.engine.filling import fill
from innsyn.forms.engine.options import option_key
from innsyn.forms.engine.reading import read
from innsyn.forms.engine.responding import Meta, response_of
from innsyn.forms.engine.state import Context
from innsyn.forms.engine.taking import take

CONTEXT = Context(now=datetime(2026, 5, 17, 12, tzinfo=UTC))
ABOUT = Meta(subject="kari", author="kari", authored=CONTEXT.now)


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("string", {"valueString": "AU"}),
        ("text", {"valueString": "AU"}),
        ("reference", {"valueReference": {"display": "Australia"}}),
        (
            "choice",
            {"valueCoding": {"system": "urn:s", "code": "AU", "display": "Australia"}},
        ),
    ],
)
def test_what_is_chosen_of_a_value_set_has_the_type_of_the_question(
    kind: str, answer: dict[str, object]
) -> None:
    body = questionnaire(item("1", kind, answerValueSet="#s"), contained=[LISTED])
    form = read(body).form
    assert form is not None
    [asked] = form.by_number
    [option] = asked.options
    assert option.text == "Australia"

    taken = take(form, [], {"0": [option_key(asked, option.value)]}, ["0"])
    response = json.loads(response_of(fill(form, taken, CONTEXT), about=ABOUT))
    assert response["item"] == [{"linkId": "1", "text": "Et spørsmål", "answer": [answer]}]
    assert [each for each in issues_of(json.loads(body), response) if each.is_error] == []


def test_a_reference_out_of_a_value_set_that_is_elsewhere_is_words() -> None:
    body = questionnaire(item("1", "reference", answerValueSet="http://x/koder"))
    form = read(body).form
    assert form is not None
    taken = take(form, [], {"0": ["Fastlegen"]}, ["0"])
    response = json.loads(response_of(fill(form, taken, CONTEXT), about=ABOUT))
    assert response["item"][0]["answer"] == [{"valueReference": {"display": "Fastlegen"}}]
    assert [each for each in issues_of(json.loads(body), response) if each.is_error] == []
