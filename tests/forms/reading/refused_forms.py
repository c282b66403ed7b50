"""A form for each reason to refuse one: (the form, where it is refused)."""

from forms.reading.questionnaires import (
    CORE,
    EHELSE,
    HELSENORGE,
    QUESTIONNAIRE,
    SDC,
    choice,
    extension,
    item,
    questionnaire,
)
from forms.reading.refused_expressions import EXPRESSIONS
from forms.reading.refused_unworkable import UNWORKABLE
from innsyn.forms.engine.reading import limits

YES = {"operator": "=", "answerBoolean": True}
CRITICAL = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-rendering-criticalExtension"


def nested(depth: int) -> dict[str, object]:
    inner = item("in", "string")
    for level in range(depth - 1):
        inner = item(f"g{level}", "group", item=[inner])
    return inner


def at_least(times: int, *below: dict[str, object], link_id: str = "g1") -> dict[str, object]:
    occurs = extension(f"{QUESTIONNAIRE}minOccurs", valueInteger=times)
    return item(link_id, "group", occurs, repeats=True, required=True, item=list(below))


def asked_if(link_id: str, question: str, **said: object) -> dict[str, object]:
    return item(link_id, enableWhen=[{"question": question, **(said or YES)}])


LISTED = {
    "resourceType": "ValueSet",
    "id": "s",
    "compose": {"include": [{"system": "urn:s", "concept": [{"code": "AU", "display": "Australia"}]}]},
}
TOO_LARGE = item("1", "decimal", extension(f"{CORE}maxValue", valueDecimal=0))
XHTML = f"{CORE}rendering-xhtml"
REFUSED: dict[str, list[tuple[bytes, str]]] = {
    **EXPRESSIONS,
    **UNWORKABLE,
    "not_json": [(b"", ""), (b"{", ""), (b"[" * 100_000, ""), (b"\xff\xfe", ""), (b'{"a":' * 100_000, "")],
    "not_a_questionnaire": [(b"{}", ""), (b'{"resourceType":"Patient"}', ""), (b'{"resourceType":""}', "")],
    "not_r4": [
        (
            questionnaire(
                item("1", "choice", option=[{"valueCoding": {"code": "a"}}], answerValueSet="http://x")
            ),
            "1",
        ),
        (
            questionnaire(
                item("2", "boolean"),
                asked_if("1", "2", hasAnswer=True, operator="exists", answerBoolean=True),
            ),
            "1",
        ),
        (questionnaire(item("1", "coding", answerValueSet="http://x")), "1"),
    ],
    "wrong_type": [
        (questionnaire(item("1", required="true")), "1"),
        (questionnaire(item("g", "group", item=[item("1", text=["a"])])), "1"),
        (questionnaire(item(), title=7), ""),
        (questionnaire(item(), contained=[{"resourceType": "ValueSet", "compose": 3}]), ""),
    ],
    "too_many_bytes": [(b" " * (limits.BYTES + 1), "")],
    "too_many_items": [(questionnaire(*(item(str(n)) for n in range(limits.ITEMS + 1))), "")],
    "too_deep": [(questionnaire(nested(limits.DEPTH + 1)), "in"), (questionnaire(nested(200)), "g186")],
    "too_many_instances": [(questionnaire(at_least(101, item("in"))), "g1")],
    "too_many_fields": [
        (questionnaire(at_least(71, at_least(70, item("in"), link_id="g2"))), ""),
        (
            questionnaire(
                at_least(
                    100,
                    at_least(100, at_least(100, at_least(100, item("in")), link_id="g2"), link_id="g3"),
                    link_id="g4",
                )
            ),
            "",
        ),
    ],
    "too_many_options": [
        (
            questionnaire(item("1", "choice", answerOption=[{"valueString": str(n)} for n in range(5_001)])),
            "1",
        ),
        (
            questionnaire(
                *(
                    item(str(m), "choice", answerOption=[{"valueString": str(n)} for n in range(4_001)])
                    for m in range(5)
                )
            ),
            "",
        ),
    ],
    "text_too_long": [(questionnaire(item(text="a" * (limits.TEXT + 1))), "1")],
    "too_much_markdown": [
        (
            questionnaire(
                *(
                    item(str(n), "string", extension(f"{HELSENORGE}sdf-sublabel", valueMarkdown="a" * 40_000))
                    for n in range(2)
                )
            ),
            "",
        )
    ],
    "too_many_regexes": [
        (
            questionnaire(
                *(item(str(n), "string", extension(f"{CORE}regex", valueString=f"a{n}")) for n in range(301))
            ),
            "",
        )
    ],
    "number_too_large": [
        (questionnaire(TOO_LARGE).replace(b'"valueDecimal": 0', b'"valueDecimal": 1e99999'), "1")
    ],
    "no_items": [(questionnaire(), "")],
    "no_link_id": [(questionnaire(item("")), ""), (questionnaire(item("a" * 256)), "a" * 159 + "…")],
    "duplicate_link_id": [(questionnaire(item("1"), item("g", "group", item=[item("1")])), "1")],
    "unknown_item_type": [(questionnaire(item("1", "question")), "1"), (questionnaire(item("1", "")), "1")],
    "items_below_display": [(questionnaire(item("1", "display", item=[item("2", "boolean")])), "1")],
    "no_enable_behavior": [
        (questionnaire(item("1", "boolean"), item("2", enableWhen=[{"question": "1", **YES}] * 2)), "2")
    ],
    "unknown_enable_behavior": [
        (
            questionnaire(
                item("1", "boolean"), item("2", enableBehavior="none", enableWhen=[{"question": "1", **YES}])
            ),
            "2",
        )
    ],
    "condition_on_nothing": [(questionnaire(asked_if("1", "2")), "1")],
    "condition_on_no_question": [
        (questionnaire(asked_if("1", "2"), item("2", "display")), "1"),
        (questionnaire(asked_if("1", "2"), item("2", "group", item=[item("3")])), "1"),
    ],
    "condition_on_itself": [(questionnaire(asked_if("1", "1")), "1")],
    "unknown_operator": [
        (questionnaire(item("2", "boolean"), asked_if("1", "2", operator="not", answerBoolean=True)), "1")
    ],
    "wrong_answer_type": [
        (questionnaire(item("2", "boolean"), asked_if("1", "2", operator="=", answerString="true")), "1"),
        (questionnaire(item("2", "date"), asked_if("1", "2", operator="=", answerDate="i går")), "1"),
        (questionnaire(item("2", "boolean"), asked_if("1", "2", operator="exists", answerInteger=1)), "1"),
        (questionnaire(choice("a", link_id="2"), asked_if("1", "2", operator="=", answerDecimal=1.5)), "1"),
    ],
    "no_answer_to_compare": [(questionnaire(item("2", "boolean"), asked_if("1", "2", operator="=")), "1")],
    "wrong_initial_type": [
        (questionnaire(item("1", "integer", initial=[{"valueString": "3"}])), "1"),
        (questionnaire(item("1", "date", initial=[{"valueDate": "2026-13-01"}])), "1"),
        (questionnaire(item("1", "decimal", initial=[{"valueDecimal": "NaN"}])), "1"),
    ],
    "wrong_limit_type": [
        (questionnaire(item("1", "date", extension(f"{CORE}minValue", valueInteger=3))), "1")
    ],
    "limits_crossed": [
        (
            questionnaire(
                item(
                    "1",
                    "integer",
                    extension(f"{CORE}minValue", valueInteger=3),
                    extension(f"{CORE}maxValue", valueInteger=2),
                )
            ),
            "1",
        )
    ],
    "no_options": [(questionnaire(item("1", "choice")), "1")],
    "broken_value_set": [
        (questionnaire(item("1", "choice", answerValueSet="#a")), "1"),
        (
            questionnaire(
                item("1", "choice", answerValueSet="#a"),
                contained=[{"resourceType": "ValueSet", "id": "a", "expansion": {}}],
            ),
            "1",
        ),
        (
            questionnaire(
                item("1", "choice", answerValueSet="#a"),
                contained=[
                    {"resourceType": "ValueSet", "id": "a", "compose": {"include": [{"system": "urn:x"}]}}
                ],
            ),
            "1",
        ),
        (
            questionnaire(
                item("1", "quantity", extension(f"{QUESTIONNAIRE}unitValueSet", valueCanonical="http://x"))
            ),
            "1",
        ),
    ],
    "wrong_option_type": [
        (questionnaire(item("1", "string", answerOption=[{"valueCoding": {"code": "a"}}])), "1"),
        (questionnaire(item("1", "integer", answerOption=[{"valueString": "7"}])), "1"),
    ],
    "value_set_on_type": [
        (questionnaire(item("1", "string", answerValueSet="http://x/koder")), "1"),
        (questionnaire(item("1", "text", answerValueSet="#mangler")), "1"),
        (questionnaire(item("1", "date", answerValueSet="#s"), contained=[LISTED]), "1"),
    ],
    "duplicate_option": [
        (
            questionnaire(
                item(
                    "1",
                    "choice",
                    answerOption=[{"valueCoding": {"code": "a", "display": each}} for each in "AB"],
                )
            ),
            "1",
        )
    ],
    "bad_regex": [
        (questionnaire(item("1", "string", extension(f"{CORE}regex", valueString=each))), "1")
        for each in ("(", "(?=a)b", r"(a)\1", "a{5000}", "a" * 1001)
    ],
    "unknown_modifier": [
        (questionnaire(item(), modifierExtension=[extension("urn:changes", valueBoolean=True)]), ""),
        (questionnaire(item(modifierExtension=[extension("urn:changes", valueBoolean=True)])), "1"),
    ],
    "changes_meaning": [
        (questionnaire(item(), extension=[extension(f"{SDC}questionnaireAdaptive", valueBoolean=True)]), ""),
        (
            questionnaire(
                item("1", "display", extension(f"{SDC}subQuestionnaire", valueCanonical="http://x"))
            ),
            "1",
        ),
        (
            questionnaire(
                item("1", "string", extension(f"{QUESTIONNAIRE}signatureRequired", valueCodeableConcept={}))
            ),
            "1",
        ),
    ],
    "critical_extension": [
        (
            questionnaire(
                item(), modifierExtension=[extension(CRITICAL, valueCanonical=f"{CORE}rendering-style")]
            ),
            "",
        )
    ],
    "not_assembled": [
        (
            questionnaire(
                item(), extension=[extension(f"{SDC}assemble-expectation", valueCode="assemble-root")]
            ),
            "",
        )
    ],
    "anonymous": [
        (
            questionnaire(
                item(),
                extension=[extension(f"{EHELSE}sdf-authenticationrequirement", valueCoding={"code": "1"})],
            ),
            "",
        )
    ],
    "implicit_rules": [(questionnaire(item(), implicitRules="urn:rules"), "")],
    "only_script": [
        (
            questionnaire(
                item(
                    text="",
                    _text={"extension": [extension(XHTML, valueString="<script>fetch('//x')</script>")]},
                )
            ),
            "1",
        )
    ],
}
