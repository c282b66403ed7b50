"""Medications, from FHIR to what the list and the page say."""

import pytest

from innsyn.journal.fhir.datatypes import Reference
from innsyn.journal.fhir.medicines import (
    MedicationRequest,
)
from innsyn.records.kinds import Kind
from innsyn.records.medications.projection import request
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
PRESCRIPTION = {
    "resourceType": "MedicationRequest",
    "id": "rx",
    "status": "active",
    "intent": "order",
    "medicationCodeableConcept": METFORMIN,
    "subject": KARI,
    "authoredOn": "2026-03-01",
    "dosageInstruction": [{"text": "1 tablett morgen og kveld"}],
}


def prescribed(**changes: object) -> Projected:
    answer = request(read(MedicationRequest, {**PRESCRIPTION, **changes}), about())
    assert isinstance(answer, Projected)
    return answer


def test_a_prescription_tells_what_how_why_and_by_whom() -> None:
    around = about(
        {"resourceType": "Practitioner", "id": "gp", "name": [{"text": "Lars Haug"}]},
        {"resourceType": "Condition", "id": "d2", "subject": KARI, "code": {"text": "Diabetes type 2"}},
    )
    told = {
        **PRESCRIPTION,
        "requester": {"reference": "Practitioner/gp"},
        "reasonReference": [{"reference": "Condition/d2"}],
        "note": [{"text": "Tas til mat."}],
        "dosageInstruction": [
            {
                "text": "1 tablett morgen og kveld",
                "route": {"text": "Oral bruk"},
                "timing": {"repeat": {"boundsPeriod": {"start": "2026-03-01", "end": "2027-03-01"}}},
            }
        ],
        "dispenseRequest": {
            "quantity": {"value": 100, "unit": "tabletter"},
            "numberOfRepeatsAllowed": 3,
            "validityPeriod": {"end": "2027-03-01"},
        },
    }
    assert request(read(MedicationRequest, told), around) == Projected(
        kind=Kind.MEDICATIONS,
        patient=PATIENT,
        title="Metformin tab 500 mg",
        at="2026-03-01",
        status="active",
        note="1 tablett morgen og kveld",
        author="Lars Haug",
        code="http://ehelse.no/fhir/CodeSystem/FEST|ID-1",
        words=("Metformin tab 500 mg", "Metformin", "Diabetes type 2", "Tas til mat."),
        detail=Medication(
            event="prescription",
            dosage="1 tablett morgen og kveld",
            substance="Metformin",
            route="Oral bruk",
            reason="Diabetes type 2",
            prescribed="2026-03-01",
            start="2026-03-01",
            end="2027-03-01",
            prescriber="Lars Haug",
            course="100 tabletter, kan hentes ut 4 ganger, gjelder til 01.03.2027",
            note="Tas til mat.",
        ),
    )


def test_the_reason_of_somebody_else_is_not_told() -> None:
    around = about(
        {
            "resourceType": "Condition",
            "id": "x",
            "subject": {"reference": "Patient/olav"},
            "code": {"text": "Olavs"},
        }
    )
    told = read(MedicationRequest, {**PRESCRIPTION, "reasonReference": [{"reference": "Condition/x"}]})
    answer = request(told, around)
    assert isinstance(answer, Projected)
    assert answer.words == ("Metformin tab 500 mg", "Metformin", "", "")


def test_a_medicine_by_reference_has_its_substance_strength_and_form() -> None:
    medication = {
        "resourceType": "Medication",
        "id": "m",
        "code": {"text": "Paracet"},
        "form": {"text": "Tablett"},
        "ingredient": [
            {
                "itemCodeableConcept": {"text": "Paracetamol"},
                "strength": {
                    "numerator": {"value": 500, "unit": "mg"},
                    "denominator": {"value": 1, "unit": "tablett"},
                },
            },
            {"itemCodeableConcept": {"text": "Stivelse"}, "isActive": False},
        ],
    }
    told = {
        **PRESCRIPTION,
        "medicationCodeableConcept": None,
        "medicationReference": {"reference": "Medication/m"},
    }
    answer = request(read(MedicationRequest, told), about(medication))
    assert isinstance(answer, Projected)
    detail = answer.detail
    assert isinstance(detail, Medication)
    assert (answer.title, detail.substance, detail.strength, detail.form) == (
        "Paracet",
        "Paracetamol",
        "500 mg/tablett",
        "Tablett",
    )


def test_a_contained_medicine_is_found() -> None:
    told = {**PRESCRIPTION, "medicationCodeableConcept": None, "medicationReference": {"reference": "#m"}}
    inside = {"resourceType": "Medication", "id": "m", "code": {"text": "Hostesaft"}}
    answer = request(read(MedicationRequest, told), about(contained=(inside,)))
    assert isinstance(answer, Projected)
    assert answer.title == "Hostesaft"


def test_a_medicine_that_has_not_come_is_shown_by_what_the_reference_says() -> None:
    told = {
        "medicationCodeableConcept": None,
        "medicationReference": {"reference": "Medication/gone", "display": "Ibux"},
    }
    assert prescribed(**told).title == "Ibux"
    assert prescribed(medicationCodeableConcept=None, medicationReference={}).title == "Legemiddel uten navn"


def test_what_must_not_be_used_says_so_first() -> None:
    answer = prescribed(doNotPerform=True)
    assert (answer.status, answer.note) == ("not-to-be-used", "Skal ikke brukes · 1 tablett morgen og kveld")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"status": "entered-in-error"}, NotShown("entered_in_error")),
        ({"status": "draft"}, NotShown("not_ordered")),
        ({"intent": "proposal"}, NotShown("not_ordered")),
        ({"intent": "option"}, NotShown("not_ordered")),
    ],
)
def test_what_nobody_has_decided_is_not_shown(changes: dict[str, object], expected: NotShown) -> None:
    assert request(read(MedicationRequest, {**PRESCRIPTION, **changes}), about()) == expected


@pytest.mark.parametrize("status", ["active", "on-hold", "completed", "stopped", "cancelled", "unknown"])
def test_the_status_of_a_prescription_is_kept(status: str) -> None:
    assert prescribed(status=status).status == status


def test_a_plan_is_not_in_use_yet() -> None:
    assert prescribed(intent="plan").status == "intended"


@pytest.mark.parametrize("name", SETS)
def test_real_prescriptions_can_all_be_read(name: str) -> None:
    sweep(name, MedicationRequest, request, Medication)
