"""A form for each reason to refuse an expression: (the form, where it is refused)."""

from forms.reading.questionnaires import CORE, SDC, extension, fhirpath, item, questionnaire

YES = {"operator": "=", "answerBoolean": True}


def calculated(expression: str, language: str = "text/fhirpath") -> dict[str, object]:
    return extension(f"{SDC}calculatedExpression", **fhirpath(expression, language))


EXPRESSIONS: dict[str, list[tuple[bytes, str]]] = {
    "too_many_expressions": [
        (questionnaire(*(item(str(n), "decimal", calculated(f"{n} + 1" * 20)) for n in range(200))), "")
    ],
    "cycle": [
        (
            questionnaire(
                item("1", "decimal", calculated("%resource.item.where(linkId='2').answer.value + 1")),
                item("2", "decimal", enableWhen=[{"question": "1", "operator": ">", "answerDecimal": 3}]),
            ),
            "1",
        ),
        (
            questionnaire(
                item("1", "boolean", enableWhen=[{"question": "2", **YES}]),
                item("2", "boolean", enableWhen=[{"question": "1", **YES}]),
            ),
            "1",
        ),
        (
            questionnaire(
                item("1", "group", enableWhen=[{"question": "2", **YES}], item=[item("2", "boolean")])
            ),
            "1",
        ),
        (
            questionnaire(
                item("1", "decimal", calculated("%resource.item.where(linkId='2').answer.value + 1")),
                item("2", "decimal", calculated("%resource.item.where(linkId = '1').answer.value + 1")),
            ),
            "1",
        ),
        (
            questionnaire(
                item("1", "boolean", extension(f"{SDC}enableWhenExpression", **fhirpath("%two"))),
                item("2", "boolean", enableWhen=[{"question": "1", **YES}]),
                extension=[
                    extension(
                        f"{CORE}variable",
                        **fhirpath("%resource.item.where(linkId='2').answer.value", name="two"),
                    )
                ],
            ),
            "1",
        ),
        (
            questionnaire(
                item(),
                extension=[
                    extension(f"{CORE}variable", **fhirpath("%b + 1", name="a")),
                    extension(f"{CORE}variable", **fhirpath("%a + 1", name="b")),
                ],
            ),
            "",
        ),
    ],
    "bad_expression": [
        (questionnaire(item("1", "decimal", calculated(each))), "1")
        for each in ("1 +", "a b", "(1", "1))", "'a", "", " ", "nosuch()", "a.where(", "1" + "+1" * 120 + "(")
    ],
    "expression_too_long": [(questionnaire(item("1", "decimal", calculated("1" + " + 1" * 400))), "1")],
    "expression_language": [(questionnaire(item("1", "decimal", calculated("Total()", "text/cql"))), "1")],
    "unknown_name": [(questionnaire(item("1", "decimal", calculated("%nothing + 1"))), "1")],
    "never_answered": [
        (questionnaire(item("1", "string", calculated("%user.name.text"), required=True)), "1"),
        (
            questionnaire(
                item("1", "string", calculated("%old.item.first().answer.value"), required=True),
                extension=[
                    extension(f"{CORE}variable", **fhirpath("%questionnaire.contained[0]", name="old"))
                ],
            ),
            "1",
        ),
        (
            questionnaire(
                item(
                    "1",
                    "string",
                    extension(f"{SDC}initialExpression", **fhirpath("%practitioner.name.text")),
                    required=True,
                    readOnly=True,
                )
            ),
            "1",
        ),
    ],
    "needs_a_query": [
        (
            questionnaire(
                item("1", "decimal", calculated("%found.entry.count()")),
                extension=[
                    extension(
                        f"{CORE}variable",
                        **fhirpath("Observation?code=1", "application/x-fhir-query", name="found"),
                    )
                ],
            ),
            "1",
        )
    ],
}
