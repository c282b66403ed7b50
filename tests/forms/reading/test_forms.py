"""What is read of an ordinary form: every type of item, both families of extensions, whole values."""

from decimal import Decimal

import pytest

from forms.reading.questionnaires import (
    CORE,
    EHELSE,
    HELSENORGE,
    QUESTIONNAIRE,
    SDC,
    control,
    extension,
    fhirpath,
    form_of,
    item,
    item_of,
    questionnaire,
)
from innsyn.forms.engine.model import (
    Constraint,
    Control,
    Form,
    Item,
    Option,
    Text,
    Type,
    Variable,
)
from innsyn.forms.engine.reading import read
from innsyn.forms.engine.values import Coding, Reference, Value

ORDINAL = f"{CORE}ordinalValue"
TEXT = Text("Et spørsmål")


def test_the_form_itself() -> None:
    body = questionnaire(
        item(),
        version="2",
        title="Om søvn",
        language="nb-NO",
        description="Til **deg** som sover dårlig",
        identifier=[{"system": "http://helsenorge.no/fhir/blankett-nummer", "value": "AB-12"}],
        meta={
            "security": [
                {"system": "http://helsenorge.no/fhir/KanUtforesAv", "code": code} for code in ("3", "2")
            ]
        },
        extension=[
            extension(f"{HELSENORGE}sdf-save-capabilities", valueCoding={"code": "2"}),
            extension(f"{CORE}variable", **fhirpath("%patient.age", name="age")),
            extension(
                f"{CORE}targetConstraint",
                extension=[
                    extension("key", valueId="k"),
                    extension("severity", valueCode="warning"),
                    extension("human", valueString="Svar på noe"),
                    extension("expression", **fhirpath("item.exists()")),
                ],
            ),
            extension(
                f"{SDC}launchContext",
                extension=[
                    extension("name", valueCoding={"code": "patient"}),
                    extension("type", valueCode="Patient"),
                ],
            ),
        ],
    )
    assert form_of(body) == Form(
        url="http://example.no/skjema",
        version="2",
        title="Om søvn",
        name="AB-12",
        language="nb-NO",
        description=Text("Til deg som sover dårlig", "<p>Til <strong>deg</strong> som sover dårlig</p>"),
        may_fill=("2", "3"),
        keeps="2",
        variables=(Variable("age", "%patient.age"),),
        constraints=(Constraint("k", "item.exists()", "Svar på noe", is_error=False),),
        launch=("patient",),
        items=(Item(number=0, link_id="1", type=Type.STRING, text=TEXT),),
    )
    assert read(body).warnings == ()


@pytest.mark.parametrize("kind", [each for each in Type if each not in {Type.CHOICE, Type.GROUP}])
def test_every_type_of_question(kind: Type) -> None:
    assert item_of(item("1", kind)) == Item(number=0, link_id="1", type=kind, text=TEXT)


def test_numbers_and_limits() -> None:
    read_item = item_of(
        item(
            "1",
            "decimal",
            extension(f"{CORE}minValue", valueDecimal=0.5),
            extension(f"{CORE}maxValue", valueInteger=10),
            extension(f"{CORE}maxDecimalPlaces", valueInteger=2),
            extension(f"{QUESTIONNAIRE}unit", valueCoding={"code": "kg", "display": "kilo"}),
            extension(f"{EHELSE}validationtext", valueString="Mellom 0,5 og 10"),
            extension(f"{CORE}entryFormat", valueString="0,0"),
            required=True,
            prefix="1a",
            initial=[{"valueInteger": 3}],
        )
    )
    assert read_item == Item(
        number=0,
        link_id="1",
        type=Type.DECIMAL,
        text=TEXT,
        prefix="1a",
        required=True,
        min_value=Decimal("0.5"),
        max_value=Decimal(10),
        decimals=2,
        unit=Coding(code="kg", display="kilo"),
        message="Mellom 0,5 og 10",
        entry_format="0,0",
        initial=(Value(value_decimal=Decimal(3)),),
    )


def test_dates_whose_limits_are_worked_out() -> None:
    norwegian = item("1", "date", extension(f"{EHELSE}sdf-maxvalue", valueString="today()"))
    cqf = {"extension": [extension(f"{CORE}cqf-expression", **fhirpath("today() + 1 day"))]}
    international = item("2", "date", extension(f"{CORE}maxValue", _valueDate=cqf))
    fixed = item("3", "date", extension(f"{CORE}minValue", valueDate="1900-01-01"), control("yearMonth"))
    found = form_of(questionnaire(norwegian, international, fixed)).items
    assert [(each.max_expression, each.min_value, each.control) for each in found] == [
        ("today()", None, Control.NONE),
        ("today() + 1 day", None, Control.NONE),
        ("", "1900-01-01", Control.YEAR_MONTH),
    ]


def test_lengths_and_patterns() -> None:
    read_item = item_of(
        item(
            "1",
            "text",
            extension(f"{CORE}minLength", valueInteger=2),
            extension(f"{CORE}regex", valueString=r"^\w+$"),
            maxLength=30,
        )
    )
    assert (read_item.min_length, read_item.max_length, read_item.regex) == (2, 30, r"^\w+$")


def test_quantities() -> None:
    units = [extension(f"{QUESTIONNAIRE}unitOption", valueCoding={"code": code}) for code in ("cm", "m")]
    read_item = item_of(
        item(
            "1",
            "quantity",
            *units,
            extension(f"{SDC}unitOpen", valueCode="optionsOrString"),
            extension(f"{SDC}minQuantity", valueQuantity={"value": 1, "unit": "cm"}),
            extension(f"{SDC}maxQuantity", valueQuantity={"value": 2.5, "unit": "cm"}),
        )
    )
    assert (read_item.units, read_item.unit_open) == ((Coding(code="cm"), Coding(code="m")), True)
    assert (read_item.min_value, read_item.max_value) == (Decimal(1), Decimal("2.5"))
    older = item_of(item("1", "quantity", initial=[{"valueQuantity": {"unit": "mm", "code": "mm"}}]))
    assert (older.unit, older.initial) == (Coding(code="mm", display="mm"), ())
    beside = item("2", "display", control("unit"), text="uker")
    assert item_of(item("1", "integer", item=[beside])).unit == Coding(display="uker")


def test_attachments() -> None:
    types = [extension(f"{CORE}mimeType", valueCode=each) for each in ("image/png", "application/pdf")]
    small = item_of(item("1", "attachment", *types, extension(f"{CORE}maxSize", valueDecimal=5)))
    assert (small.media_types, small.max_size) == (("image/png", "application/pdf"), 5_000_000)
    assert (
        item_of(item("1", "attachment", extension(f"{CORE}maxSize", valueDecimal=2_000_000))).max_size
        == 2_000_000
    )


def test_choices() -> None:
    options = [
        {
            "valueCoding": {
                "system": "urn:s",
                "code": "a",
                "display": "Aldri",
                "extension": [extension(ORDINAL, valueDecimal=0)],
            },
            "initialSelected": True,
        },
        {
            "valueString": "Ofte",
            "extension": [
                extension(f"{CORE}itemWeight", valueDecimal=2.5),
                extension(f"{QUESTIONNAIRE}optionPrefix", valueString="b)"),
                extension(f"{QUESTIONNAIRE}optionExclusive", valueBoolean=True),
            ],
        },
        {"valueInteger": 3},
        {"valueDate": "2026"},
        {"valueTime": "12:30:00"},
        {"valueReference": {"reference": "Endpoint/1", "display": "Fastlegen"}},
    ]
    scored = [{"url": ORDINAL, "valueDecimal": Decimal(0)}]
    assert item_of(item("1", "choice", answerOption=options)).options == (
        Option(
            value=Value(value_coding=Coding(extension=scored, system="urn:s", code="a", display="Aldri")),
            text="Aldri",
            score=Decimal(0),
            chosen=True,
        ),
        Option(
            value=Value(value_string="Ofte"), text="Ofte", prefix="b)", score=Decimal("2.5"), exclusive=True
        ),
        Option(value=Value(value_integer=3), text="3"),
        Option(value=Value(value_date="2026"), text="2026"),
        Option(value=Value(value_time="12:30:00"), text="12:30:00"),
        Option(
            value=Value(value_reference=Reference(reference="Endpoint/1", display="Fastlegen")),
            text="Fastlegen",
        ),
    )


def test_a_question_of_numbers_with_answers_to_choose_from_is_a_choice() -> None:
    read_item = item_of(item("1", "integer", answerOption=[{"valueInteger": 1}, {"valueInteger": 2}]))
    assert (read_item.type, [option.text for option in read_item.options]) == (Type.CHOICE, ["1", "2"])


def test_receivers_to_choose_from() -> None:
    receiver = extension(
        f"{EHELSE}sdf-optionReference", valueReference={"reference": "Endpoint/1", "display": "Mottaker 1"}
    )
    read_item = item_of(item("1", "choice", receiver, control("receiver-component")))
    assert read_item.control is Control.RECEIVER
    assert [option.text for option in read_item.options] == ["Mottaker 1"]


def test_value_sets_contained_expanded_given_and_searched() -> None:
    listed = {"include": [{"system": "urn:s", "concept": [{"code": "a", "display": "A"}, {"code": "b"}]}]}
    expanded = {
        "contains": [{"system": "urn:s", "code": "top", "abstract": True, "contains": [{"code": "c"}]}]
    }
    contained = [
        {"resourceType": "ValueSet", "id": "listed", "compose": listed},
        {"resourceType": "ValueSet", "id": "expanded", "url": "http://x/expanded", "expansion": expanded},
        {"resourceType": "Patient", "id": "p", "birthDate": "1980-01-01"},
    ]
    addresses = ["#listed", "http://x/expanded|1", "http://x/given|2", "http://x/elsewhere"]
    items = [item(str(n), "choice", answerValueSet=each) for n, each in enumerate(addresses)]
    given = {"http://x/given|2": [Option(value=Value(value_coding=Coding(code="g")), text="G")]}
    verdict = read(questionnaire(*items, contained=contained), given)
    assert verdict.form is not None
    assert [([option.text for option in each.options], each.value_set) for each in verdict.form.items] == [
        (["A", "b"], ""),
        (["c"], ""),
        (["G"], ""),
        ([], "http://x/elsewhere"),
    ]


def test_answers_that_are_worked_out() -> None:
    several = item(
        "1", "open-choice", extension(f"{SDC}answerExpression", **fhirpath("%resource.item.answer.value"))
    )
    assert item_of(several).options_expression == "%resource.item.answer.value"
