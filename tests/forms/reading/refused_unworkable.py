"""A form for each reason to refuse what nobody could answer, tell apart or wait for: (the form, where it is)."""

from forms.reading.questionnaires import QUESTIONNAIRE, SDC, extension, fhirpath, item, questionnaire

HIDDEN = extension(f"{QUESTIONNAIRE}hidden", valueBoolean=True)
ON_PAPER = {"system": "http://helsenorge.no/fhir/CodeSystem/RenderOptions", "code": "2"}


def chained(links: int, beside: int) -> bytes:
    """A row of sums, each of the next one's, with as many questions beside it as take no part."""
    sums = [
        item(
            f"c{n}",
            "integer",
            extension(
                f"{SDC}calculatedExpression",
                **fhirpath(f"%resource.item.where(linkId='c{n + 1}').answer.value + 1"),
            ),
        )
        for n in range(links)
    ]
    return questionnaire(*sums, item(f"c{links}", "integer"), *(item(f"f{n}") for n in range(beside)))


UNWORKABLE: dict[str, list[tuple[bytes, str]]] = {
    "too_slow": [(chained(200, 1_000), "")],
    "options_alike": [
        (questionnaire(item("1", "choice", answerOption=[{"valueInteger": 1}, {"valueString": "1"}])), "1"),
        (
            questionnaire(
                item(
                    "1",
                    "choice",
                    answerOption=[
                        {"valueCoding": {"system": "urn:s", "code": "a"}},
                        {"valueString": "urn:s|a"},
                    ],
                )
            ),
            "1",
        ),
    ],
    "reserved_option": [
        (questionnaire(item("1", "open-choice", answerOption=[{"valueString": "-other"}])), "1"),
    ],
    "never_filled": [
        (questionnaire(item("1", readOnly=True, required=True)), "1"),
        (questionnaire(item("1", "string", HIDDEN, required=True)), "1"),
        (questionnaire(item("g", "group", HIDDEN, item=[item("1", required=True)])), "1"),
        (questionnaire(item("1", required=True, code=[ON_PAPER])), "1"),
    ],
}
