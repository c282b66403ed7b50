"""Forms and form tasks as the journal's feed tells of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from world import Resource

NUMBER = "http://helsenorge.no/fhir/blankett-nummer"
KAN_UTFORES_AV = "http://helsenorge.no/fhir/KanUtforesAv"
TASK_INPUT = "http://helsenorge.no/fhir/task-input"
URL = "http://innsyn.test/fhir/Questionnaire/sleep"


def form(
    id_: str = "sleep",
    *,
    version: str = "1.0",
    who: Sequence[str] = (),
    title: str = "Om søvnen din",
    **more: Any,  # noqa: ANN401
) -> Resource:
    """A Questionnaire with two questions."""
    return {
        "resourceType": "Questionnaire",
        "id": id_,
        "meta": {"security": [{"system": KAN_UTFORES_AV, "code": code} for code in who]},
        "url": f"http://innsyn.test/fhir/Questionnaire/{id_}",
        "identifier": [{"system": NUMBER, "value": f"T-{id_}"}],
        "version": version,
        "title": title,
        "status": "active",
        "subjectType": ["Patient"],
        "item": [
            {"linkId": "1", "text": "Sover du godt?", "type": "boolean"},
            {"linkId": "2", "text": "Hvor lenge?", "type": "integer"},
        ],
        **more,
    }


def asked(
    id_: str = "t1",
    of: str = "kari",
    *,
    focus: Mapping[str, Any] | None = None,
    status: str = "ready",
    end: str = "",
    **more: Any,  # noqa: ANN401
) -> Resource:
    """A Task to fill in the form of `form()`."""
    return {
        "resourceType": "Task",
        "id": id_,
        "identifier": [
            {"system": "urn:ietf:rfc:3986", "value": "urn:uuid:7b7c19f0-6d52-4c6c-a4b1-3a8f1f5d0c11"}
        ],
        "status": status,
        "intent": "order",
        "description": "Om søvnen din",
        "focus": focus or {"type": "Questionnaire", "identifier": {"system": NUMBER, "value": "T-sleep"}},
        "for": {"reference": f"Patient/{of}"},
        "authoredOn": "2026-11-20T09:20:00+01:00",
        "requester": {"reference": "Organization/gp", "display": "Nordlis legekontor"},
        **({"restriction": {"period": {"end": end}}} if end else {}),
        **more,
    }
