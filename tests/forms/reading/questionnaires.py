"""Questionnaires as small as they can be, for one thing at a time."""

import json
from typing import Any

from innsyn.forms.engine.model import Form, Item
from innsyn.forms.engine.reading import read

CORE = "http://hl7.org/fhir/StructureDefinition/"
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-"
EHELSE = "http://ehelse.no/fhir/StructureDefinition/"
HELSENORGE = "http://helsenorge.no/fhir/StructureDefinition/"
QUESTIONNAIRE = f"{CORE}questionnaire-"
Json = dict[str, Any]


def questionnaire(*items: Json, **said: Any) -> bytes:  # noqa: ANN401 - elements of FHIR
    """An active form with these items; `said` are further elements."""
    whole = {
        "resourceType": "Questionnaire",
        "url": "http://example.no/skjema",
        "title": "Et skjema",
        "status": "active",
        **said,
        "item": list(items),
    }
    return json.dumps({name: value for name, value in whole.items() if value is not None}).encode()


def item(link_id: str = "1", kind: str = "string", *extensions: Json, **said: Any) -> Json:  # noqa: ANN401
    """An item with a text."""
    made: Json = {"linkId": link_id, "type": kind, "text": "Et spørsmål", **said}
    if extensions:
        made["extension"] = list(extensions)
    return made


def choice(*codes: str, link_id: str = "1", **said: Any) -> Json:  # noqa: ANN401
    """A question with these codes to choose from."""
    options = [{"valueCoding": {"system": "urn:s", "code": code, "display": code.title()}} for code in codes]
    return item(link_id, "choice", answerOption=options, **said)


def extension(url: str, **value: Any) -> Json:  # noqa: ANN401
    """An extension with its value."""
    return {"url": url, **value}


def control(code: str, system: str = "http://hl7.org/fhir/questionnaire-item-control") -> Json:
    """An itemControl."""
    return extension(
        f"{QUESTIONNAIRE}itemControl", valueCodeableConcept={"coding": [{"system": system, "code": code}]}
    )


def fhirpath(expression: str, language: str = "text/fhirpath", **said: str) -> Json:
    """An Expression, as the value of an extension."""
    return {"valueExpression": {"language": language, "expression": expression, **said}}


def form_of(body: bytes) -> Form:
    """The form, of one that is usable."""
    verdict = read(body)
    assert verdict.form is not None, verdict.refusals
    return verdict.form


def item_of(*items: Json, **said: Any) -> Item:  # noqa: ANN401
    """The first item as it was read."""
    return form_of(questionnaire(*items, **said)).items[0]


def refused(body: bytes) -> list[tuple[str, str]]:
    """The keys and places of what a form is refused for."""
    verdict = read(body)
    assert verdict.form is None
    return [(each.key, each.where) for each in verdict.refusals]


def warned(body: bytes) -> list[tuple[str, str]]:
    """The keys and places of what is said about a usable form."""
    verdict = read(body)
    assert verdict.form is not None, verdict.refusals
    return [(each.key, each.where) for each in verdict.warnings]
