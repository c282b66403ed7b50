"""What whoever publishes a form is told about one that can be used."""

from typing import Any

import pytest

from forms.reading.questionnaires import (
    CORE,
    HELSENORGE,
    QUESTIONNAIRE,
    SDC,
    choice,
    control,
    extension,
    fhirpath,
    item,
    item_of,
    questionnaire,
    warned,
)
from innsyn.forms.engine.reading.words import WARNINGS

NORWEGIAN = "http://hl7.org/fhir/ValueSet/questionnaire-item-control"
MARKED = {"extension": [extension(f"{CORE}rendering-xhtml", valueString="<b onclick='x()'>Hei</b>")]}


def one(*extensions: dict[str, Any], kind: str = "string", **said: Any) -> bytes:  # noqa: ANN401
    return questionnaire(item("1", kind, *extensions, **said))


def launch(name: str) -> list[dict[str, Any]]:
    return [extension(f"{SDC}launchContext", extension=[extension("name", valueCoding={"code": name})])]


SECURITY = {"security": [{"system": "http://helsenorge.no/fhir/KanUtforesAv", "code": "9"}]}
WARNED: dict[str, tuple[bytes, str]] = {
    "not_active": (questionnaire(item(), status="draft"), ""),
    "no_url": (questionnaire(item(), url=None), ""),
    "no_title": (questionnaire(item(), title=None), ""),
    "no_text": (one(text=""), "1"),
    "script_removed": (one(text="", _text=MARKED), "1"),
    "unknown_extension": (one(extension("urn:nobody", valueBoolean=True)), "1"),
    "not_done": (one(extension(f"{CORE}rendering-style", valueString="color:red")), "1"),
    "unknown_control": (one(control("carousel")), "1"),
    "unknown_launch": (questionnaire(item(), extension=launch("study")), ""),
    "prefill_not_done": (one(extension(f"{SDC}initialExpression", **fhirpath("%patient.name first()"))), "1"),
    "several_answers": (questionnaire(choice("a", "b", extension=[control("check-box", NORWEGIAN)])), "1"),
    "initial_not_offered": (questionnaire(choice("a", initial=[{"valueCoding": {"code": "b"}}])), "1"),
    "several_initial": (one(initial=[{"valueString": "a"}, {"valueString": "b"}]), "1"),
    "searched": (one(kind="choice", answerValueSet="http://x/koder"), "1"),
    "read_only_required": (
        one(
            extension(f"{SDC}initialExpression", **fhirpath("%patient.name.text")),
            readOnly=True,
            required=True,
        ),
        "1",
    ),
    "receiver": (questionnaire(choice("a", extension=[control("receiver-component")])), "1"),
    "maximum_is_megabytes": (one(extension(f"{CORE}maxSize", valueDecimal=5), kind="attachment"), "1"),
    "regex_unwrapped": (one(extension(f"{CORE}regex", valueString="matches('^[0-9]{4}$')")), "1"),
    "own_answers": (
        one(
            extension(
                f"{SDC}calculatedExpression", **fhirpath("%resource.item.where(linkId='1').answer.value")
            )
        ),
        "1",
    ),
    "value_set_not_used": (one(kind="reference", readOnly=True, answerValueSet="http://x/koder"), "1"),
    "never_worked_out": (
        one(extension(f"{SDC}calculatedExpression", **fhirpath("%encounter.period.start.toString()"))),
        "1",
    ),
    "reference": (one(kind="reference"), "1"),
    "unknown_element": (one(enableWen=[]), "1"),
    "unknown_security": (questionnaire(item(), meta=SECURITY), ""),
    "duplicate_choice": (questionnaire(choice("a", "a")), "1"),
    "empty_group": (questionnaire(item("1", "group", text=""), item("2")), "1"),
    "not_understood": (one(kind="choice", answerOption=[{"valueString": "a"}, {}]), "1"),
}


@pytest.mark.parametrize("key", WARNED)
def test_it_is_warned_of_by_name_and_place(key: str) -> None:
    body, where = WARNED[key]
    assert warned(body) == [(key, where)]


def test_every_warning_has_a_form() -> None:
    assert WARNED.keys() == WARNINGS.keys()


def test_what_is_warned_of_is_left_out_and_the_rest_stays() -> None:
    unwrapped = item("1", "string", extension(f"{CORE}regex", valueString="matches('^[0-9]{4}$')"))
    assert item_of(unwrapped).regex == "^[0-9]{4}$"
    assert (
        item_of(
            item("1", "string", extension(f"{SDC}initialExpression", **fhirpath("1 2")))
        ).initial_expression
        == ""
    )
    assert [option.text for option in item_of(choice("a", "a", "b")).options] == ["A", "B"]
    assert item_of(item(text="", _text=MARKED)).text.html == "<b>Hei</b>"


def test_a_plain_form_has_nothing_to_warn_of() -> None:
    group = item("g", "group", item=[item("1", "boolean", required=True), choice("a", "b", link_id="2")])
    below = extension(f"{HELSENORGE}sdf-sublabel", valueMarkdown="Se etter")
    assert (
        warned(
            questionnaire(
                group, item("3", "date", below, extension(f"{QUESTIONNAIRE}hidden", valueBoolean=True))
            )
        )
        == []
    )
