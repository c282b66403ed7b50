"""Conditions, expressions, texts, help, tables and steps, of both families of extensions."""

from decimal import Decimal

import pytest

from forms.reading.questionnaires import (
    CORE,
    EHELSE,
    HELSENORGE,
    QUESTIONNAIRE,
    SDC,
    choice,
    control,
    extension,
    fhirpath,
    form_of,
    item,
    item_of,
    questionnaire,
)
from innsyn.forms.engine.model import (
    Condition,
    Constraint,
    Control,
    Text,
    Type,
)
from innsyn.forms.engine.values import Value

HELPS = "http://hl7.org/fhir/ValueSet/questionnaire-item-control"


def test_conditions_point_at_numbers() -> None:
    body = questionnaire(
        item("g", "group", item=[item("a", "boolean"), item("b", "decimal")]),
        item(
            "c",
            enableBehavior="all",
            enableWhen=[
                {"question": "a", "operator": "=", "answerBoolean": True},
                {"question": "b", "operator": ">", "answerInteger": 3},
                {"question": "b", "operator": "exists", "answerBoolean": True},
            ],
        ),
    )
    found = form_of(body).by_link["c"]
    assert (found.number, found.enable_all) == (3, True)
    assert found.enable_when == (
        Condition(1, "=", Value(value_boolean=True)),
        Condition(2, ">", Value(value_decimal=Decimal(3))),
        Condition(2, "exists", Value(value_boolean=True)),
    )


@pytest.mark.parametrize(
    ("url", "value", "field"),
    [
        (f"{SDC}calculatedExpression", fhirpath("1 + 1"), "calculated"),
        (f"{EHELSE}sdf-calculatedExpression", {"valueString": "1 + 1"}, "calculated"),
        (f"{SDC}initialExpression", fhirpath("1 + 1"), "initial_expression"),
        (f"{EHELSE}sdf-fhirpath", {"valueString": "1 + 1"}, "initial_expression"),
        (f"{SDC}enableWhenExpression", fhirpath("1 + 1"), "enable_expression"),
        (f"{CORE}cqf-expression", fhirpath("1 + 1"), "copied"),
        (f"{SDC}answerExpression", fhirpath("1 + 1"), "options_expression"),
        (f"{SDC}candidateExpression", fhirpath("1 + 1"), "options_expression"),
    ],
)
def test_expressions_of_both_families(url: str, value: dict[str, object], field: str) -> None:
    assert getattr(item_of(item("1", "string", extension(url, **value))), field) == "1 + 1"


def test_helsenorges_prefill_begins_at_what_the_form_is_told() -> None:
    said = extension(f"{EHELSE}sdf-fhirpath", valueString="Patient.name.given.first()")
    assert item_of(item("1", "string", said)).initial_expression == "%patient.name.given.first()"


def test_demands_on_an_answer() -> None:
    norwegian = item_of(
        item(
            "1",
            "date",
            extension(f"{EHELSE}sdf-fhirpathvalidation", valueString="this.value <= today()"),
            extension(f"{EHELSE}validationtext", valueString="Ikke i framtiden"),
        )
    )
    assert norwegian.constraints == (
        Constraint("sdf-fhirpathvalidation", "answer.value.all($this <= today())", "Ikke i framtiden"),
    )
    parts = [
        extension("key", valueId="k"),
        extension("severity", valueCode="error"),
        extension("human", valueString="Nei"),
        extension("expression", valueString="answer.exists()"),
    ]
    older = item_of(item("1", "string", extension(f"{QUESTIONNAIRE}constraint", extension=parts)))
    assert older.constraints == (Constraint("k", "answer.exists()", "Nei"),)


def test_texts_that_are_worked_out_and_marked_up() -> None:
    beside = {
        "extension": [
            extension(f"{CORE}rendering-markdown", valueMarkdown="Er du **sikker**?"),
            extension(f"{CORE}cqf-expression", **fhirpath("'Hei'")),
        ]
    }
    read_item = item_of(item("1", "display", text="Er du sikker?", _text=beside))
    assert read_item.text == Text("Er du sikker?", "<p>Er du <strong>sikker</strong>?</p>")
    assert read_item.text_expression == "'Hei'"


def test_help_and_text_below_stand_with_their_question() -> None:
    helps = item("1.1", "text", control("help", HELPS), readOnly=True, text="Se på pakken", maxLength=250)
    below = extension(f"{HELSENORGE}sdf-sublabel", valueMarkdown="For *eksempel* Ibux")
    link = extension(f"{QUESTIONNAIRE}supportLink", valueUri="https://helsenorge.no/x")
    form = form_of(questionnaire(item("1", "string", below, link, item=[helps, item("1.2")]), item("2")))
    first = form.items[0]
    assert first.help.plain == "Se på pakken"
    assert first.help.html == (
        '<p>Se på pakken</p><p><a href="https://helsenorge.no/x" rel="noopener noreferrer">'
        "https://helsenorge.no/x</a></p>"
    )
    assert first.sublabel == Text("For eksempel Ibux", "<p>For <em>eksempel</em> Ibux</p>")
    # What is folded in has no number: the numbers are those of by_number.
    assert [(each.number, each.link_id) for each in form.by_number] == [(0, "1"), (1, "1.2"), (2, "2")]


def test_the_sidebar_stands_beside_the_form() -> None:
    beside = item("s", "text", control("sidebar", HELPS), text="Frist: 3 uker")
    form = form_of(questionnaire(beside, item("1")))
    assert form.sidebar == (Text("Frist: 3 uker"),)
    assert [each.link_id for each in form.items] == ["1"]


def test_what_is_only_to_be_read_is_no_question() -> None:
    marked = item("1", "text", control("highlight", HELPS), required=True)
    folded = item("2", "text", control("inline", HELPS), item=[item("3", "display")])
    found = form_of(questionnaire(marked, folded, item("4"))).items
    assert [(each.type, each.control, each.required) for each in found[:2]] == [
        (Type.DISPLAY, Control.HIGHLIGHT, False),
        (Type.GROUP, Control.INLINE, False),
    ]


def test_sliders_scores_and_where_it_is_shown() -> None:
    system = "http://helsenorge.no/fhir/CodeSystem/"
    codes = [
        {"system": f"{system}SliderLabels", "code": "LabelLeft", "display": "Ingen"},
        {"system": f"{system}SliderLabels", "code": "LabelRight", "display": "Verst"},
        {"system": f"{system}RenderOptions", "code": "2"},
        {"system": "http://ehelse.no/scoringFormulas", "code": "QS"},
    ]
    read_item = item_of(choice("a", "b", code=codes, extension=[control("slider", HELPS)]))
    assert (read_item.control, read_item.shown_in, read_item.score) == (Control.SLIDER, "pdf", "question")
    assert read_item.slider_labels == (("LabelLeft", "Ingen"), ("LabelRight", "Verst"))


def test_check_boxes_of_helsenorge_take_several_answers_and_others_as_they_say() -> None:
    assert item_of(choice("a", "b", extension=[control("check-box", HELPS)])).repeats is True
    assert item_of(choice("a", "b", extension=[control("check-box")])).repeats is False
    assert item_of(choice("a", "b", extension=[control("check-box")], repeats=True)).repeats is True


def test_a_locked_question_is_asked_for_only_where_the_form_says_so() -> None:
    locked = item("1", readOnly=True, required=True, initial=[{"valueString": "a"}])
    also = extension(f"{HELSENORGE}validate-readonly", valueBoolean=True)
    checked = item("1", "string", also, readOnly=True, required=True, initial=[{"valueString": "a"}])
    assert (item_of(locked).required, item_of(checked).required) == (False, True)


def test_repeats() -> None:
    read_item = item_of(
        item(
            "1",
            "group",
            extension(f"{QUESTIONNAIRE}minOccurs", valueInteger=1),
            extension(f"{QUESTIONNAIRE}maxOccurs", valueInteger=4),
            extension(f"{EHELSE}repeatstext", valueString="Legg til"),
            repeats=True,
            item=[item("2")],
        )
    )
    assert (read_item.repeats, read_item.min_occurs, read_item.max_occurs) == (True, 1, 4)
    assert read_item.repeats_text == "Legg til"


def test_a_form_goes_in_steps_when_it_says_so_or_is_long() -> None:
    group = item("g", "group", control("step", HELPS), item=[item("1")])
    navigator = extension(
        f"{HELSENORGE}sdf-questionnaire-navgiator-state",
        valueCodeableConcept={"coding": [{"code": "navigator"}]},
    )
    two = [item("a", "group", item=[item("1")]), item("b", "group", item=[item("2")])]
    long = [item(f"g{m}", "group", item=[item(f"{m}.{n}") for n in range(13)]) for m in range(2)]
    assert form_of(questionnaire(group)).steps is True
    assert form_of(questionnaire(*two, extension=[navigator])).steps is True
    assert form_of(questionnaire(*two)).steps is False
    assert form_of(questionnaire(*long)).steps is True
    assert form_of(questionnaire(*(item(str(n)) for n in range(40)))).steps is False


@pytest.mark.parametrize(
    ("codes", "extensions", "expected"),
    [
        ([], [], ()),
        (["1"], [], ("1",)),
        (["9"], [], ("1",)),
        (["2", "9"], [], ("2",)),
        ([], [extension(f"{EHELSE}sdf-canbeperformedby", valueCoding={"code": "2"})], ("1",)),
        (["2"], [extension(f"{EHELSE}sdf-canbeperformedby", valueCoding={"code": "1"})], ("2",)),
    ],
)
def test_who_may_fill_in(
    codes: list[str], extensions: list[dict[str, object]], expected: tuple[str, ...]
) -> None:
    security = [{"system": "http://helsenorge.no/fhir/KanUtforesAv", "code": code} for code in codes]
    assert (
        form_of(questionnaire(item(), meta={"security": security}, extension=extensions)).may_fill == expected
    )
