"""What nobody who answers can fill in stops nobody, and leaves without an answer that nobody gave."""

import json
from datetime import UTC, datetime

from forms.reading.questionnaires import QUESTIONNAIRE, SDC, extension, fhirpath, form_of, item, questionnaire
from innsyn.forms.engine.checking import problems_of
from innsyn.forms.engine.conformance import issues_of
from innsyn.forms.engine.filling import begin, fill
from innsyn.forms.engine.responding import ABSENT, Meta, response_of
from innsyn.forms.engine.state import Context, Filled
from innsyn.forms.engine.taking import take

HIDDEN = extension(f"{QUESTIONNAIRE}hidden", valueBoolean=True)
NAME = extension(f"{SDC}initialExpression", **fhirpath("%patient.name.text"))
PATIENT = extension(
    f"{SDC}launchContext",
    extension=[extension("name", valueCoding={"code": "patient"}), extension("type", valueCode="Patient")],
)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
BODY = questionnaire(
    item("locked", "string", NAME, readOnly=True, required=True),
    item("unseen", "group", HIDDEN, item=[item("below", "string", NAME, required=True)]),
    item("parts", "group", required=True, item=[item("part", "string", NAME, readOnly=True)]),
    item("own"),
    extension=[PATIENT],
)


def filled(**patient: object) -> Filled:
    form = form_of(BODY)
    context = Context(now=NOW, launch={"patient": {"resourceType": "Patient", **patient}})
    own = str(form.by_link["own"].number)
    return fill(form, take(form, begin(form, context), {own: ["Ja"]}, {own}), context)


def sent(of: Filled) -> dict[str, object]:
    response: dict[str, object] = json.loads(
        response_of(of, about=Meta(subject="a", author="a", authored=NOW))
    )
    return response


def absent(link_id: str, **more: object) -> dict[str, object]:
    why = [{"url": ABSENT, "valueCode": "not-asked"}]
    return {"linkId": link_id, "text": "Et spørsmål", **more, "extension": why}


def test_it_is_demanded_of_nobody_and_leaves_saying_that_it_was_not_asked() -> None:
    empty = filled()
    response = sent(empty)
    assert problems_of(empty, complete=True) == []
    assert response["item"] == [
        absent("locked"),
        {"linkId": "unseen", "text": "Et spørsmål", "item": [absent("below")]},
        absent("parts"),
        {"linkId": "own", "text": "Et spørsmål", "answer": [{"valueString": "Ja"}]},
    ]
    found = [(each.key, each.is_error) for each in issues_of(json.loads(BODY), response)]
    assert found == [("required", False)] * 3


def test_what_is_known_is_sent() -> None:
    response = sent(filled(name=[{"text": "Kari Nordmann"}]))
    assert (issues_of(json.loads(BODY), response), ABSENT in json.dumps(response)) == ([], False)


def test_what_is_missing_without_a_reason_is_still_an_error() -> None:
    response = sent(filled())
    response["item"] = [each for each in response["item"] if each["linkId"] == "own"]  # type: ignore[attr-defined]
    errors = {each.key for each in issues_of(json.loads(BODY), response) if each.is_error}
    assert errors == {"required"}
