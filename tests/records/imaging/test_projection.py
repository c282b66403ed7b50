"""Imaging, from FHIR to what the list and the page say."""

from typing import Any

import pytest

from innsyn.journal.fhir.datatypes import Reference
from innsyn.journal.fhir.resources import DiagnosticReport, ImagingStudy, Observation
from innsyn.records.imaging.projection import finding, report, study
from innsyn.records.imaging.views import Imaging
from innsyn.records.kinds import Kind
from innsyn.records.projected import NotShown, Projected
from records.trial import KARI, SETS, about, read, sweep

PATIENT = Reference(reference="Patient/kari")
STUDY = {
    "resourceType": "ImagingStudy",
    "id": "knee",
    "status": "available",
    "subject": KARI,
    "started": "2026-10-02T10:00:00+02:00",
    "numberOfInstances": 3,
    "series": [
        {
            "modality": {"code": "DX", "display": "Digital Radiography"},
            "bodySite": {"display": "Kne (body structure)"},
        },
        {"modality": {"code": "DX"}, "bodySite": {"display": "Kne"}},
    ],
}
REPORT = {
    "resourceType": "DiagnosticReport",
    "id": "knee-report",
    "status": "final",
    "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0074", "code": "RAD"}]}],
    "code": {"text": "RG Kne høyre"},
    "subject": KARI,
    "effectiveDateTime": "2026-10-02",
    "issued": "2026-10-03T12:00:00+02:00",
    "imagingStudy": [{"reference": "ImagingStudy/knee"}],
    "conclusion": "Ingen brudd.",
    "presentedForm": [{"contentType": "text/plain", "data": "S25lZXQgaGFyIG5vcm1hbCBmb3JtLg=="}],
}


def test_a_report_stands_for_the_pictures_it_is_about() -> None:
    around = about(STUDY, {"resourceType": "Practitioner", "id": "r", "name": [{"text": "Siri Dahl"}]})
    told = {**REPORT, "resultsInterpreter": [{"reference": "Practitioner/r"}]}
    assert report(read(DiagnosticReport, told), around) == Projected(
        kind=Kind.IMAGING,
        patient=PATIENT,
        title="RG Kne høyre",
        at="2026-10-02",
        status="final",
        note="Ingen brudd.",
        author="Siri Dahl",
        words=("Ingen brudd.", "Kneet har normal form."),
        members=(Reference(reference="ImagingStudy/knee"),),
        detail=Imaging(
            conclusion="Ingen brudd.",
            text="Kneet har normal form.",
            body_site="Kne",
            modality="Røntgen",
            issued="2026-10-03T12:00:00+02:00",
            images=3,
        ),
    )


def test_pictures_of_somebody_else_are_not_described() -> None:
    around = about({**STUDY, "subject": {"reference": "Patient/olav"}})
    answer = report(read(DiagnosticReport, REPORT), around)
    assert isinstance(answer, Projected)
    assert answer.detail == Imaging(
        conclusion="Ingen brudd.", text="Kneet har normal form.", issued="2026-10-03T12:00:00+02:00"
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"category": [{"coding": [{"code": "MR"}]}]},
        {"category": [{"coding": [{"system": "http://loinc.org", "code": "LP29684-5"}]}]},
        {"category": [], "imagingStudy": [{"reference": "ImagingStudy/knee"}]},
        {
            "category": [],
            "code": {
                "coding": [
                    {"system": "http://ehelse.no/fhir/CodeSystem/no-kodeverk-7270-ncrp", "code": "SKE0AA"}
                ]
            },
        },
    ],
)
def test_pictures_are_known_by_category_study_or_norwegian_code(changes: dict[str, Any]) -> None:
    answer = report(read(DiagnosticReport, {**REPORT, "imagingStudy": [], **changes}), about())
    assert isinstance(answer, Projected)
    assert answer.kind == Kind.IMAGING


def test_other_reports_are_not_ours() -> None:
    lab = {**REPORT, "imagingStudy": [], "category": [{"coding": [{"code": "LAB"}]}]}
    assert report(read(DiagnosticReport, lab), about()) is None


def test_pictures_without_a_report_are_an_entry_of_their_own() -> None:
    told = {**STUDY, "reasonCode": [{"text": "Fall på isen"}], "referrer": {"display": "Lars Haug"}}
    assert study(read(ImagingStudy, told), about()) == Projected(
        kind=Kind.IMAGING,
        patient=PATIENT,
        title="Røntgen kne",
        at="2026-10-02T10:00:00+02:00",
        status="available",
        words=("", ""),
        detail=Imaging(
            body_site="Kne", modality="Røntgen", requester="Lars Haug", reason="Fall på isen", images=3
        ),
    )


def test_the_description_goes_before_the_apparatus() -> None:
    answer = study(read(ImagingStudy, {**STUDY, "description": "Kontroll etter operasjon"}), about())
    assert isinstance(answer, Projected)
    assert (answer.title, answer.note) == ("Kontroll etter operasjon", "Røntgen · Kne")


def test_nothing_but_a_study_has_a_name_too() -> None:
    answer = study(read(ImagingStudy, {"resourceType": "ImagingStudy", "status": "available"}), about())
    assert isinstance(answer, Projected)
    assert answer.title == "Bildeundersøkelse"


@pytest.mark.parametrize("status", ["entered-in-error", "cancelled"])
def test_a_study_that_was_not_made_is_not_shown(status: str) -> None:
    assert study(read(ImagingStudy, {**STUDY, "status": status}), about()) == NotShown(
        status.replace("-", "_")
    )


def test_a_finding_in_the_pictures_is_imaging_and_others_are_not() -> None:
    density = {
        "resourceType": "Observation",
        "status": "final",
        "category": [{"coding": [{"code": "imaging"}]}],
        "code": {"text": "Beintetthet, venstre lårbein"},
        "subject": KARI,
        "effectiveDateTime": "2026-02",
        "valueQuantity": {"value": 0.887, "code": "g/cm2"},
    }
    assert finding(read(Observation, density), about()) == Projected(
        kind=Kind.IMAGING,
        patient=PATIENT,
        title="Beintetthet, venstre lårbein",
        at="2026-02",
        value="0.887",
        unit="g/cm²",
        status="final",
        code="text|beintetthet, venstre lårbein",
        words=("", ""),
        detail=Imaging(),
    )
    assert finding(read(Observation, {**density, "category": []}), about()) is None


@pytest.mark.parametrize("name", SETS)
def test_real_imaging_can_all_be_read(name: str) -> None:
    sweep(name, DiagnosticReport, report, Imaging)
    sweep(name, ImagingStudy, study, Imaging)
    sweep(name, Observation, finding, Imaging)
