"""What is said to be in use, what was handed out and what was given."""

import pytest

from innsyn.journal.fhir.datatypes import Reference
from innsyn.journal.fhir.medicines import (
    MedicationAdministration,
    MedicationDispense,
    MedicationStatement,
)
from innsyn.records.kinds import Kind
from innsyn.records.medications.projection import administration, dispense, statement
from innsyn.records.medications.views import Medication
from innsyn.records.projected import NotShown, Projected
from records.trial import KARI, SETS, about, read, sweep

PATIENT = Reference(reference="Patient/kari")
METFORMIN = {
    "coding": [
        {
            "system": "http://dmp.no/fhir/NamingSystem/festLegemiddelMerkevare",
            "code": "ID-1",
            "display": "Metformin tab 500 mg",
        },
        {"system": "http://www.whocc.no/atc", "code": "A10BA02", "display": "Metformin"},
    ]
}


def test_a_statement_tells_what_somebody_says_is_taken() -> None:
    told = {
        "resourceType": "MedicationStatement",
        "status": "active",
        "medicationCodeableConcept": {"text": "Tran"},
        "subject": KARI,
        "effectivePeriod": {"start": "2024"},
        "informationSource": {"reference": "Patient/kari"},
        "dosage": [{"text": "1 ss daglig"}],
    }
    kari = {"resourceType": "Patient", "id": "kari", "name": [{"text": "Kari Nordli"}]}
    assert statement(read(MedicationStatement, told), about(kari)) == Projected(
        kind=Kind.MEDICATIONS,
        patient=PATIENT,
        title="Tran",
        at="2024",
        status="active",
        note="1 ss daglig",
        author="Kari Nordli",
        code="text|tran",
        words=("", ""),
        detail=Medication(event="statement", dosage="1 ss daglig", start="2024"),
    )


def test_no_known_medications_is_no_medication_in_use() -> None:
    none = {
        "coding": [
            {"system": "http://snomed.info/sct", "code": "787481004", "display": "No known medications"}
        ]
    }
    told = {
        "resourceType": "MedicationStatement",
        "status": "active",
        "medicationCodeableConcept": none,
        "subject": KARI,
    }
    answer = statement(read(MedicationStatement, told), about())
    assert isinstance(answer, Projected)
    assert (answer.title, answer.status) == ("No known medications", "")


def test_what_was_handed_out_is_an_event() -> None:
    told = {
        "resourceType": "MedicationDispense",
        "status": "completed",
        "medicationCodeableConcept": METFORMIN,
        "subject": KARI,
        "performer": [{"actor": {"reference": "Organization/apotek", "display": "Apotek 1 Steinkjer"}}],
        "quantity": {"value": 100, "unit": "tabletter"},
        "daysSupply": {"value": 50, "unit": "Day", "code": "d"},
        "whenHandedOver": "2026-03-02",
    }
    assert dispense(read(MedicationDispense, told), about()) == Projected(
        kind=Kind.MEDICATIONS,
        patient=PATIENT,
        title="Metformin tab 500 mg",
        at="2026-03-02",
        status="dispensed",
        note="100 tabletter",
        organisation="Apotek 1 Steinkjer",
        code="http://ehelse.no/fhir/CodeSystem/FEST|ID-1",
        words=("Metformin tab 500 mg", "Metformin", "", ""),
        detail=Medication(event="dispense", substance="Metformin", course="100 tabletter, for 50 dager"),
    )


GIVEN = {
    "resourceType": "MedicationAdministration",
    "status": "completed",
    "medicationCodeableConcept": {"text": "Morfin"},
    "subject": KARI,
    "effectiveDateTime": "2026-05-05T16:13:00+02:00",
    "performer": [{"actor": {"display": "Anne Lund"}}],
    "dosage": {"dose": {"value": 2.5, "unit": "mg"}, "route": {"text": "Intravenøst"}},
}


def test_what_was_given_is_an_event() -> None:
    assert administration(read(MedicationAdministration, GIVEN), about()) == Projected(
        kind=Kind.MEDICATIONS,
        patient=PATIENT,
        title="Morfin",
        at="2026-05-05T16:13:00+02:00",
        status="given",
        note="2,5 mg · Intravenøst",
        author="Anne Lund",
        code="text|morfin",
        words=("", ""),
        detail=Medication(
            event="administration", dosage="2,5 mg", route="Intravenøst", start="2026-05-05T16:13:00+02:00"
        ),
    )


def test_what_was_not_given_says_why() -> None:
    told = {**GIVEN, "status": "not-done", "dosage": None, "statusReason": [{"text": "Pasienten sov"}]}
    answer = administration(read(MedicationAdministration, told), about())
    assert isinstance(answer, Projected)
    assert (answer.status, answer.note) == ("not-given", "Pasienten sov")


def test_mistakes_are_not_shown() -> None:
    wrong = {"status": "entered-in-error"}
    assert statement(read(MedicationStatement, wrong), about()) == NotShown("entered_in_error")
    assert dispense(read(MedicationDispense, wrong), about()) == NotShown("entered_in_error")
    assert administration(read(MedicationAdministration, wrong), about()) == NotShown("entered_in_error")


@pytest.mark.parametrize("name", SETS)
def test_real_events_can_all_be_read(name: str) -> None:
    sweep(name, MedicationStatement, statement, Medication)
    sweep(name, MedicationDispense, dispense, Medication)
    sweep(name, MedicationAdministration, administration, Medication)
