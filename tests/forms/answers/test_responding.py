from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec

from forms.answers.forms_of import COLOURS, form_of, item
from innsyn.forms.engine.filling import fill
from innsyn.forms.engine.model import Condition, Form
from innsyn.forms.engine.responding import Meta, answers_in, response_of
from innsyn.forms.engine.state import Context
from innsyn.forms.engine.taking import add, attach, take
from innsyn.forms.engine.values import Answer, Answers, Attachment, Node, Value

NOW = datetime(2026, 5, 17, 12, tzinfo=UTC)
KARI, OLA = "person-kari", "person-ola"


def sent(form: Form, answers: Answers, **more: Any) -> tuple[dict[str, Any], bytes]:  # noqa: ANN401
    filled = fill(form, answers, Context(now=NOW))
    body = response_of(filled, about=Meta(subject=KARI, author=OLA, authored=NOW, **more))
    return msgspec.json.decode(body), body


def test_a_whole_response() -> None:
    form = form_of(
        item("a", "decimal", text="Hvor mye?"),
        item("g", "group", item("b", "choice", options=COLOURS, text="Farge"), repeats=True, text="Ting"),
        item("empty", "group", item("c", "string")),
        item("d", "boolean", item("e", "date", text="Når?"), text="Syk?"),
        item("h", "string", hidden=True, text=""),
    )
    posted = {"0": ["1,50"], "2.1": ["urn:colours|g"], "6-d": ["1"], "6-m": ["2"], "6-y": ["2026"]}
    before = [*add(form, [], "1.0"), Node("h", [Answer(value_string="skjult")])]
    answers = take(form, before, posted, {"0", "2.1", "5", "6"})
    response, body = sent(form, answers, task={"system": "urn:t", "value": "7"})
    person = {"system": "urn:innsyn:person", "value": OLA}
    assert response == {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": "https://form.example/one|1",
        "status": "completed",
        "subject": {"identifier": {"system": "urn:innsyn:person", "value": KARI}},
        "authored": "2026-05-17T12:00:00+00:00",
        "author": {"identifier": person},
        "source": {"identifier": person},
        "extension": [
            {
                "url": "http://hl7.org/fhir/StructureDefinition/event-basedOn",
                "valueReference": {"type": "Task", "identifier": {"system": "urn:t", "value": "7"}},
            }
        ],
        "item": [
            {"linkId": "a", "text": "Hvor mye?", "answer": [{"valueDecimal": 1.5}]},
            {
                "linkId": "g",
                "text": "Ting",
                "item": [
                    {
                        "linkId": "b",
                        "text": "Farge",
                        "answer": [
                            {"valueCoding": {"system": "urn:colours", "code": "g", "display": "Grønn"}}
                        ],
                    }
                ],
            },
            {
                "linkId": "d",
                "text": "Syk?",
                "answer": [
                    {"item": [{"linkId": "e", "text": "Når?", "answer": [{"valueDate": "2026-02-01"}]}]}
                ],
            },
            {"linkId": "h", "answer": [{"valueString": "skjult"}]},
        ],
    }
    assert b'"valueDecimal":1.50' in body
    assert answers_in(body)[0] == Node("a", [Answer(value_decimal=Decimal("1.50"))])


def test_neither_what_could_not_be_read_nor_what_is_disabled_leaves() -> None:
    yes = Condition(question=0, operator="=", value=Value(value_boolean=True))
    form = form_of(item("a", "boolean"), item("b", "string", enable_when=(yes,)), item("c", "integer"))
    answers = take(form, [], {"0": ["false"], "1": ["hemmelig"], "2": ["tre"]}, {"0", "1", "2"})
    response, body = sent(form, answers)
    assert response["item"] == [{"linkId": "a", "text": "A", "answer": [{"valueBoolean": False}]}]
    assert b"hemmelig" not in body
    assert "item" not in sent(form, [])[0]


def test_a_file_goes_along_and_its_address_here_does_not() -> None:
    form = form_of(item("a", "attachment"))
    file = Attachment(content_type="image/png", url="urn:uuid:1", size=3, title="kne.png")
    response, _ = sent(form, attach(form, [], "0", file), files={"urn:uuid:1": "YWJj"})
    assert response["item"][0]["answer"] == [
        {"valueAttachment": {"contentType": "image/png", "size": 3, "title": "kne.png", "data": "YWJj"}}
    ]
