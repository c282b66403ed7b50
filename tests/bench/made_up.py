"""What a journal says, made up: resources of realistic size, as pages of the sequence feed."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

PAGE = 500
PATIENTS = 100
_AUTHORS = 20
_FIRST = PATIENTS + 2 * _AUTHORS
_BEGAN = datetime(2016, 1, 1, 8, tzinfo=UTC)
_NOTE = (
    "Kontroll etter avtale. Føler seg i god form, ingen nye plager. Tar medisinene slik de er skrevet ut. "
)

Resource = dict[str, Any]


def page(seq: int, last: int, limit: int = PAGE) -> bytes:
    """The answer of a feed with `last` entries to `?seq=…&limit=…`."""
    entries = [entry(number) for number in range(seq, min(seq + limit, last + 1))]
    return msgspec.json.encode({"entries": entries, "last": last})


def entry(seq: int) -> Mapping[str, object]:
    """What the feed says under this number: people and places first, then what is written about them."""
    resource = _resource(seq)
    recorded = (_BEGAN + timedelta(minutes=20 * seq)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "seq": seq,
        "source": ("st-olavs", "levanger", "legekontoret")[seq % 3],
        "kind": resource["resourceType"],
        "id": resource["id"],
        "version": 1,
        "recorded": recorded,
        "subject": resource.get("subject", {}).get("reference", ""),
        "resource": resource,
    }


def _resource(seq: int) -> Resource:
    if seq <= PATIENTS:
        return _patient(seq)
    if seq <= PATIENTS + _AUTHORS:
        return _practitioner(seq - PATIENTS)
    if seq <= _FIRST:
        return _organization(seq - PATIENTS - _AUTHORS)
    made = _WRITTEN[seq % len(_WRITTEN)](seq)
    at = (_BEGAN + timedelta(minutes=20 * seq)).strftime("%Y-%m-%dT%H:%M:%S+00:00")
    meta = {
        "lastUpdated": at,
        "profile": [f"http://hl7.no/fhir/StructureDefinition/no-{seq % len(_WRITTEN)}"],
    }
    return {
        **made,
        "id": f"{made['resourceType'].lower()}-{seq}",
        "meta": meta,
        "subject": {"reference": f"Patient/patient-{1 + seq % PATIENTS}", "display": "Kari Nordli"},
    }


def _patient(number: int) -> Resource:
    return {
        "resourceType": "Patient",
        "id": f"patient-{number}",
        "active": True,
        "name": [{"use": "official", "family": f"Nordli {number}", "given": ["Kari", "Anne"]}],
        "telecom": [{"system": "phone", "value": "99 99 99 99", "use": "mobile"}],
        "gender": "female",
        "birthDate": f"19{40 + number % 60}-04-12",
        "address": [{"use": "home", "line": ["Kongens gate 12"], "postalCode": "7713", "city": "Steinkjer"}],
    }


def _practitioner(number: int) -> Resource:
    qualification = [{"code": {"text": "Overlege"}}]
    name = [{"family": f"Solbakken {number}", "given": ["Eirik"]}]
    return {
        "resourceType": "Practitioner",
        "id": f"doctor-{number}",
        "name": name,
        "qualification": qualification,
    }


def _organization(number: int) -> Resource:
    name = f"Avdeling {number} for medisinsk biokjemi, St. Olavs hospital"
    return {"resourceType": "Organization", "id": f"place-{number}", "active": True, "name": name}


def _coded(system: str, code: str, display: str) -> Resource:
    return {"coding": [{"system": system, "code": code, "display": display}], "text": display}


def _by(seq: int) -> list[Resource]:
    doctor, place = f"Practitioner/doctor-{1 + seq % _AUTHORS}", f"Organization/place-{1 + seq % _AUTHORS}"
    return [{"reference": doctor, "display": "Eirik Solbakken"}, {"reference": place}]


def _result(seq: int) -> Resource:
    category = _coded(
        "http://terminology.hl7.org/CodeSystem/observation-category", "laboratory", "Laboratory"
    )
    unit = {"unit": "mmol/mol", "system": "http://unitsofmeasure.org", "code": "mmol/mol"}
    return {
        "resourceType": "Observation",
        "status": "final",
        "category": [category],
        "code": _coded("urn:oid:2.16.578.1.12.4.1.1.7280", f"NPU{27300 + seq % 40}", f"Analyse {seq % 40}"),
        "effectiveDateTime": f"20{16 + seq % 10}-{1 + seq % 12:02}-{1 + seq % 28:02}T10:15:00+01:00",
        "issued": "2026-11-20T12:00:00+01:00",
        "performer": _by(seq),
        "valueQuantity": {"value": 30 + seq % 40 + 0.5, **unit},
        "referenceRange": [{"low": {"value": 20, **unit}, "high": {"value": 42, **unit}, "text": "20-42"}],
        "interpretation": [
            _coded("http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", "N", "Normal")
        ],
    }


def _pressure(seq: int) -> Resource:
    loinc = "http://loinc.org"
    unit = {"unit": "mmHg", "system": "http://unitsofmeasure.org", "code": "mm[Hg]"}
    category = "http://terminology.hl7.org/CodeSystem/observation-category"
    return {
        "resourceType": "Observation",
        "status": "final",
        "category": [_coded(category, "vital-signs", "Vital Signs")],
        "code": _coded(loinc, "85354-9", "Blodtrykk"),
        "effectiveDateTime": f"20{16 + seq % 10}-{1 + seq % 12:02}-{1 + seq % 28:02}",
        "performer": _by(seq),
        "component": [
            {
                "code": _coded(loinc, "8480-6", "Overtrykk"),
                "valueQuantity": {"value": 110 + seq % 60, **unit},
            },
            {
                "code": _coded(loinc, "8462-4", "Undertrykk"),
                "valueQuantity": {"value": 60 + seq % 40, **unit},
            },
        ],
    }


def _medicine(seq: int) -> Resource:
    return {
        "resourceType": "MedicationRequest",
        "status": "active" if seq % 3 else "stopped",
        "intent": "order",
        "medicationCodeableConcept": _coded(
            "http://www.whocc.no/atc", "A10BA02", "Metformin 500 mg tabletter"
        ),
        "authoredOn": f"20{16 + seq % 10}-{1 + seq % 12:02}-{1 + seq % 28:02}",
        "requester": _by(seq)[0],
        "reasonCode": [{"text": "Diabetes type 2"}],
        "dosageInstruction": [
            {
                "text": "1 tablett morgen og kveld sammen med mat",
                "timing": {"repeat": {"frequency": 2, "period": 1}},
            }
        ],
    }


def _diagnosis(seq: int) -> Resource:
    status = "http://terminology.hl7.org/CodeSystem/condition-clinical"
    return {
        "resourceType": "Condition",
        "clinicalStatus": _coded(status, "active" if seq % 2 else "resolved", ""),
        "code": _coded(
            "urn:oid:2.16.578.1.12.4.1.1.7110", "E11.9", "Diabetes mellitus type 2 uten komplikasjoner"
        ),
        "onsetDateTime": f"20{10 + seq % 16}-{1 + seq % 12:02}",
        "recordedDate": f"20{16 + seq % 10}-{1 + seq % 12:02}-{1 + seq % 28:02}",
        "recorder": _by(seq)[0],
        "note": [{"text": _NOTE * 2}],
    }


def _visit(seq: int) -> Resource:
    day = f"20{16 + seq % 10}-{1 + seq % 12:02}-{1 + seq % 28:02}"
    return {
        "resourceType": "Encounter",
        "status": "finished",
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"},
        "type": [{"text": "Poliklinisk konsultasjon"}],
        "period": {"start": f"{day}T09:00:00+01:00", "end": f"{day}T09:30:00+01:00"},
        "participant": [{"individual": _by(seq)[0]}],
        "serviceProvider": _by(seq)[1],
        "reasonCode": [{"text": "Årskontroll diabetes"}],
    }


# Laboratory results are most of a record.
_WRITTEN: tuple[Callable[[int], Resource], ...] = (
    *(_result, _result, _pressure, _medicine, _result),
    *(_diagnosis, _result, _visit, _result, _result),
)
