"""Diagnoses, medicines, allergies and critical information, vaccines, procedures."""

from datetime import date
from typing import NamedTuple

from standins.journal.demo.chart import Chart, Written
from standins.journal.demo.codes import (
    ATC,
    HL7,
    ICD_10,
    ICPC_2,
    PROCEDURES,
    SNOMED,
    coding,
    concept,
    volven,
)
from standins.journal.demo.places import unit_reference
from standins.journal.taken import Resource

_NO_BASIS = "http://hl7.no/fhir/StructureDefinition/no-basis-"


class Medicine(NamedTuple):
    """A medicine as prescribed: ATC code, name with form and strength, dosage and reason in words."""

    atc: str
    name: str
    dosage: str
    reason: str
    status: str = "active"
    stopped_because: str = ""
    kind: str = "MedicationRequest"
    inside: bool = False  # the medicine is a contained resource instead of a code


class Allergy(NamedTuple):
    """An allergy: what, its reaction in words (and SNOMED), how serious and how certain it is."""

    what: str
    reaction: str
    atc: str = ""
    reaction_code: str = ""
    criticality: str = "low"
    verification: str = "confirmed"
    category: str = "medication"
    since: str = ""


def diagnosis(
    chart: Chart,
    note: Written,
    key: str,
    code: str,
    text: str,
    *,
    since: str = "",
    ended: str = "",
    comment: str = "",
) -> None:
    """A condition: a code longer than three signs is ICD-10, else ICPC-2. `since` may be only a year."""
    system = volven(ICD_10, note.source, code, text) if len(code) > len("T90") else coding(ICPC_2, code, text)
    resource: Resource = {
        "clinicalStatus": concept("", coding(HL7 + "condition-clinical", "resolved" if ended else "active")),
        "verificationStatus": concept("", coding(HL7 + "condition-ver-status", "confirmed")),
        "category": [
            concept("", coding(HL7 + "condition-category", "problem-list-item", "Problem List Item"))
        ],
        "code": concept(text, system),
        "subject": chart.subject,
        "onsetDateTime": since or note.at.date().isoformat(),
        "recordedDate": note.when,
        "recorder": note.by,
    }
    resource |= {"abatementDateTime": ended} if ended else {}
    chart.take(note, "Condition", key, resource | ({"note": [{"text": comment}]} if comment else {}))


def medicine(chart: Chart, note: Written, key: str, drug: Medicine, started: str = "") -> None:
    """A prescription (MedicationRequest), or what the citizen takes (MedicationStatement)."""
    resource: Resource = {
        "status": drug.status,
        "subject": chart.subject,
        "reasonCode": [concept(drug.reason)],
    } | _what(drug)
    dosage = {"text": drug.dosage}
    if drug.stopped_because:
        resource["statusReason"] = _one_or_list(drug.kind, concept(drug.stopped_because))
    if drug.kind == "MedicationRequest":
        repeats = {"validityPeriod": {"start": note.at.date().isoformat()}, "numberOfRepeatsAllowed": 3}
        resource |= {"intent": "order", "authoredOn": note.when, "requester": note.by}
        resource |= {"dosageInstruction": [dosage], "dispenseRequest": repeats}
    else:
        resource |= {
            "effectivePeriod": {"start": started or note.at.date().isoformat()},
            "dateAsserted": note.when,
        }
        resource |= {"informationSource": note.by, "dosage": [dosage]}
    chart.take(note, drug.kind, key, resource)


def _what(drug: Medicine) -> Resource:
    code = concept(drug.name, *([coding(ATC, drug.atc)] if drug.atc else []))
    if not drug.inside:
        return {"medicationCodeableConcept": code}
    contained = {"resourceType": "Medication", "id": "legemiddel", "code": code}
    return {
        "contained": [contained],
        "medicationReference": {"reference": "#legemiddel", "display": drug.name},
    }


def allergy(chart: Chart, note: Written, key: str, found: Allergy) -> None:
    """An allergy or intolerance; `refuted` is one that turned out not to be."""
    resource: Resource = {
        "meta": {"profile": [f"{_NO_BASIS}AllergyIntolerance"]},
        "verificationStatus": concept(
            "", coding(HL7 + "allergyintolerance-verification", found.verification)
        ),
        "type": "allergy",
        "category": [found.category],
        "criticality": found.criticality,
        "code": concept(found.what, *([coding(ATC, found.atc)] if found.atc else [])),
        "patient": chart.subject,
        "recordedDate": note.when,
        "recorder": note.by,
    }
    if found.verification != "refuted":
        status = concept("", coding(HL7 + "allergyintolerance-clinical", "active"))
        resource |= {"clinicalStatus": status} | ({"onsetDateTime": found.since} if found.since else {})
        severity = "severe" if found.criticality == "high" else "mild"
        sign = concept(
            found.reaction, *([coding(SNOMED, found.reaction_code)] if found.reaction_code else [])
        )
        resource["reaction"] = [
            {"manifestation": [sign], "description": found.reaction, "severity": severity}
        ]
    else:
        resource["note"] = [{"text": found.reaction}]
    chart.take(note, "AllergyIntolerance", key, resource)


def critical_information(chart: Chart, note: Written, key: str, category: str, text: str) -> None:
    """A warning that everyone who treats the citizen must see: `kritisk informasjon`, as a Flag."""
    resource: Resource = {
        "status": "active",
        "category": [concept(category, coding(HL7 + "flag-category", "clinical", "Clinical"))],
        "code": concept(text),
        "subject": chart.subject,
        "period": {"start": note.at.date().isoformat()},
        "author": note.by,
    }
    chart.take(note, "Flag", key, resource)


def vaccination(
    chart: Chart, note: Written, key: str, vaccine: tuple[str, str], dose: int = 0, batch: str = ""
) -> None:
    """One vaccine given; `vaccine` is the ATC code and the name."""
    code, name = vaccine
    resource: Resource = {
        "status": "completed",
        "vaccineCode": concept(name, coding(ATC, code)),
        "patient": chart.subject,
        "occurrenceDateTime": note.at.date().isoformat(),
        "recorded": note.recorded.isoformat(timespec="seconds"),
        "primarySource": True,
        "performer": [{"actor": note.by}, {"actor": unit_reference(note.author.unit)}],
    }
    resource |= {"lotNumber": batch} if batch else {}
    chart.take(
        note,
        "Immunization",
        key,
        resource | ({"protocolApplied": [{"doseNumberPositiveInt": dose}]} if dose else {}),
    )


def vaccination_abroad(chart: Chart, note: Written, key: str, vaccine: tuple[str, str], given: str) -> None:
    """A vaccine that the citizen told about; often only the year is known."""
    code, name = vaccine
    resource: Resource = {
        "status": "completed",
        "vaccineCode": concept(name, coding(ATC, code)),
        "patient": chart.subject,
        "occurrenceDateTime": given,
        "recorded": note.recorded.isoformat(timespec="seconds"),
        "primarySource": False,
        "reportOrigin": concept("Etter opplysning fra pasienten"),
    }
    chart.take(note, "Immunization", key, resource)


def procedure(
    chart: Chart,
    note: Written,
    key: str,
    code: tuple[str, str],
    *,
    when: str = "",
    place: str = "",
    comment: str = "",
) -> None:
    """Something that was done; `code` is the national procedure code (may be empty) and its name."""
    number, name = code
    codings = [volven(PROCEDURES, note.source, number, name)] if number else []
    resource: Resource = {
        "meta": {"profile": [f"{_NO_BASIS}Procedure"]},
        "status": "completed",
        "code": concept(name, *codings),
        "subject": chart.subject,
        "performedDateTime": when or note.when,
        "performer": [{"actor": note.by, "onBehalfOf": unit_reference(note.author.unit)}],
    }
    resource |= {"bodySite": [concept(place)]} if place else {}
    chart.take(note, "Procedure", key, resource | ({"note": [{"text": comment}]} if comment else {}))


def age_in_months(born: date, months: int) -> date:
    """The day somebody becomes so many months old; the 28th at the latest, which every month has."""
    years, month = divmod(born.month - 1 + months, 12)
    return date(born.year + years, month + 1, min(born.day, 28))


def _one_or_list(kind: str, reason: Resource) -> Resource | list[Resource]:
    # The reason is single in a MedicationRequest and repeats in a MedicationStatement.
    return reason if kind == "MedicationRequest" else [reason]
