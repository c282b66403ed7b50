"""Diagnoses, from FHIR to what the list and the page say."""

from typing import Any

import pytest

from innsyn.journal.fhir.datatypes import Reference
from innsyn.journal.fhir.resources import Condition
from innsyn.records.diagnoses.projection import condition
from innsyn.records.diagnoses.views import Diagnosis
from innsyn.records.kinds import Kind
from innsyn.records.projected import NotShown, Projected
from records.trial import KARI, SETS, about, read, sweep


def coded(code: str) -> dict[str, Any]:
    return {"coding": [{"code": code}]}


DIABETES = {
    "resourceType": "Condition",
    "id": "d2",
    "clinicalStatus": coded("active"),
    "verificationStatus": coded("confirmed"),
    "category": [coded("problem-list-item")],
    "code": {
        "coding": [
            {
                "system": "urn:oid:2.16.578.1.12.4.1.1.7110",
                "code": "E11",
                "display": "Diabetes mellitus type 2",
            },
            {"system": "urn:oid:2.16.578.1.12.4.1.1.7170", "code": "T90"},
        ],
        "text": "Diabetes type 2",
    },
    "subject": KARI,
    "onsetDateTime": "2016-02",
}


def answer(**changes: object) -> Projected | NotShown | None:
    return condition(read(Condition, {**DIABETES, **changes}), about())


def shown(**changes: object) -> Projected:
    said = answer(**changes)
    assert isinstance(said, Projected)
    return said


def test_a_diagnosis_tells_since_when_by_whom_and_its_codes() -> None:
    around = about({"resourceType": "Practitioner", "id": "gp", "name": [{"text": "Lars Haug"}]})
    told = {
        **DIABETES,
        "recorder": {"reference": "Practitioner/gp"},
        "severity": {"text": "Moderat"},
        "bodySite": [{"text": "Bukspyttkjertel"}],
        "stage": [{"summary": {"text": "Uten komplikasjoner"}}],
        "note": [{"text": "Kontroll hver tredje måned."}],
    }
    assert condition(read(Condition, told), around) == Projected(
        kind=Kind.DIAGNOSES,
        patient=Reference(reference="Patient/kari"),
        title="Diabetes type 2",
        at="2016-02",
        status="active",
        note="Bukspyttkjertel · Moderat",
        author="Lars Haug",
        code="volven:7110|E11",
        words=(
            "Kontroll hver tredje måned.",
            "Diabetes mellitus type 2 (ICD-10 E11), ICPC-2 T90",
            "Bukspyttkjertel",
        ),
        detail=Diagnosis(
            code="Diabetes mellitus type 2 (ICD-10 E11), ICPC-2 T90",
            clinical="active",
            certainty="confirmed",
            severity="Moderat",
            body_site="Bukspyttkjertel",
            onset="2016-02",
            note="Kontroll hver tredje måned.",
            stage="Uten komplikasjoner",
            category="problem-list-item",
        ),
    )


def test_what_is_ruled_out_is_no_illness() -> None:
    assert answer(verificationStatus=coded("refuted")) == NotShown("refuted")
    assert answer(verificationStatus=coded("entered-in-error")) == NotShown("entered_in_error")


@pytest.mark.parametrize("unsure", ["unconfirmed", "provisional", "differential"])
def test_what_is_only_suspected_says_so(unsure: str) -> None:
    said = shown(verificationStatus=coded(unsure))
    assert (said.note, said.detail.certainty) == ("Ikke bekreftet", "unconfirmed")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("clinical", "status"),
    [
        ("active", "active"),
        ("recurrence", "active"),
        ("relapse", "active"),
        ("remission", "remission"),
        ("inactive", "inactive"),
        ("resolved", "resolved"),
    ],
)
def test_what_is_open_is_active(clinical: str, status: str) -> None:
    assert shown(clinicalStatus=coded(clinical)).status == status


def test_without_a_clinical_status_the_end_or_the_problem_list_decides() -> None:
    visit = [coded("encounter-diagnosis")]
    assert shown(clinicalStatus=None).status == "active"
    assert shown(clinicalStatus=None, category=visit).status == ""
    assert shown(clinicalStatus=None, category=visit, abatementDateTime="2020").status == "resolved"


def test_when_it_began_and_ended_may_be_an_age_or_words() -> None:
    said = shown(onsetDateTime="", onsetAge={"value": 46, "code": "a"}, abatementString="i fjor sommer")
    detail = said.detail
    assert isinstance(detail, Diagnosis)
    assert (said.at, detail.onset, detail.abated) == ("", "46 år", "i fjor sommer")


def test_no_known_problems_is_not_an_open_diagnosis() -> None:
    none = {"coding": [{"code": "no-known-problems", "display": "No known problems"}]}
    said = shown(code=none)
    assert (said.title, said.status) == ("No known problems", "")


@pytest.mark.parametrize("name", SETS)
def test_real_diagnoses_can_all_be_read(name: str) -> None:
    sweep(name, Condition, condition, Diagnosis)
