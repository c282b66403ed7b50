"""Look-ups as a hospital's log tells them."""

from typing import Any

from world import Resource

PROFILE = "http://hl7.no/fhir/StructureDefinition/auditevent-"
TEMPLATE = "https://terminology.dips.com/decisiontemplate"
REASON = "http://terminology.hl7.org/CodeSystem/v3-ActReason"

HOSPITAL: Resource = {"resourceType": "Organization", "id": "levanger", "name": "Sykehuset Levanger"}
WARD: Resource = {
    "resourceType": "Organization",
    "id": "ward",
    "name": "Medisinsk sengepost 2",
    "partOf": {"reference": "Organization/levanger"},
}
OTHER: Resource = {"resourceType": "Organization", "id": "skin", "name": "Hudavdelingen"}


def nurse(key: str, given: str, unit: str = "ward", title: str = "sykepleier") -> tuple[Resource, Resource]:
    """Somebody at a unit: a Practitioner and the role that a log points at."""
    practitioner = {
        "resourceType": "Practitioner",
        "id": key,
        "name": [{"given": [given], "family": "Vik"}],
    }
    role = {
        "resourceType": "PractitionerRole",
        "id": f"{key}-role",
        "practitioner": {"reference": f"Practitioner/{key}"},
        "organization": {"reference": f"Organization/{unit}"},
        "code": [{"text": title}],
    }
    return practitioner, role


ANNE = nurse("anne", "Anne")
BENTE = nurse("bente", "Bente")
CARL = nurse("carl", "Carl", "skin")
EVERYBODY = (HOSPITAL, WARD, OTHER, *ANNE, *BENTE, *CARL)


def look_up(
    id_: str,
    of: str = "kari",
    by: str = "anne",
    at: str = "2026-11-03T10:00:00+01:00",
    contact: str = "",
    template: str = "BELEGG",
    **more: Any,  # noqa: ANN401
) -> dict[str, Any]:
    """An AuditEvent of the trust-framework profile."""
    extensions: list[Any] = [
        {"url": f"{PROFILE}patient-extension", "valueReference": {"reference": f"Patient/{of}"}}
    ]
    if contact:
        reference = {"reference": f"Encounter/{contact}"}
        extensions.append({"url": f"{PROFILE}encounter-extension", "valueReference": reference})
    return {
        "resourceType": "AuditEvent",
        "id": id_,
        "extension": extensions,
        "type": {"system": "http://terminology.hl7.org/CodeSystem/audit-event-type", "code": "rest"},
        "action": "R",
        "recorded": at,
        "outcome": "0",
        "purposeOfEvent": [{"coding": [{"system": TEMPLATE, "code": template}]}],
        "agent": [{"who": {"reference": f"PractitionerRole/{by}-role"}, "requestor": True}],
        "source": {"observer": {"display": "Journalsystemet"}},
        **more,
    }


def decision(text: str, *, chosen: bool = False) -> Resource:
    """The extension that tells what the access stands on."""
    return {
        "url": f"{PROFILE}carerelation-metadata-extension",
        "extension": [
            {"url": "decision-ref-description", "valueString": text},
            {"url": "decision-ref-user-selected", "valueBoolean": chosen},
            {"url": "toa", "valueUnsignedInt": 1},
        ],
    }


def stay(id_: str, of: str, begins: str, ends: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """A stay at Medisinsk sengepost 2."""
    return {
        "resourceType": "Encounter",
        "id": id_,
        "status": "finished",
        "class": {"code": "IMP"},
        "type": [{"text": "Innleggelse"}],
        "subject": {"reference": f"Patient/{of}"},
        "period": {"start": begins, "end": ends},
        "serviceProvider": {"reference": "Organization/ward"},
        **more,
    }
