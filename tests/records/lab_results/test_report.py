"""Laboratory reports: which of them are panels of results, and what such a panel says."""

import pytest

from innsyn.journal.fhir.datatypes import Reference
from innsyn.journal.fhir.resources import DiagnosticReport
from innsyn.records.kinds import Kind
from innsyn.records.lab_results.projection import report
from innsyn.records.lab_results.views import LabResult
from innsyn.records.projected import Document, NotShown, Projected
from records.trial import KARI, SETS, about, read, sweep

REPORT = {
    "resourceType": "DiagnosticReport",
    "id": "panel",
    "status": "final",
    "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0074", "code": "LAB"}]}],
    "code": {"text": "Blodprøver ved kontroll"},
    "subject": KARI,
    "effectiveDateTime": "2026-11-20T08:10:00+01:00",
    "issued": "2026-11-20T15:00:00+01:00",
    "result": [{"reference": "Observation/hba1c-17"}],
}


def test_a_report_is_the_panel_of_its_results() -> None:
    told = {
        **REPORT,
        "conclusion": "HbA1c er litt høy.",
        "performer": [{"reference": "Organization/lab", "display": "St. Olavs hospital"}],
        "presentedForm": [
            {"contentType": "text/plain; charset=utf-8", "data": "U3ZhciBzb20gdGVrc3Q="},
            {"contentType": "application/pdf", "data": "JVBERg=="},
        ],
    }
    assert report(read(DiagnosticReport, told), about()) == Projected(
        kind=Kind.LAB_RESULTS,
        patient=Reference(reference="Patient/kari"),
        title="Blodprøver ved kontroll",
        at="2026-11-20T08:10:00+01:00",
        status="final",
        note="HbA1c er litt høy.",
        organisation="St. Olavs hospital",
        words=("HbA1c er litt høy.", "Svar som tekst"),
        members=(Reference(reference="Observation/hba1c-17"),),
        documents=(Document("Blodprøver ved kontroll", "application/pdf", "JVBERg=="),),
        detail=LabResult(
            comment="Svar som tekst",
            conclusion="HbA1c er litt høy.",
            collected="2026-11-20T08:10:00+01:00",
            issued="2026-11-20T15:00:00+01:00",
        ),
    )


def panel(**changes: object) -> Projected | NotShown | None:
    return report(read(DiagnosticReport, {**REPORT, **changes}), about())


def test_a_report_of_another_category_with_something_to_read_is_a_note() -> None:
    cardiology = [{"coding": [{"system": "http://loinc.org", "code": "LP29708-2"}]}]
    assert panel(category=cardiology, conclusion="Normal sinusrytme.") is None


def test_a_report_of_another_category_with_results_alone_is_a_panel() -> None:
    answer = panel(category=[{"coding": [{"code": "PF"}]}])
    assert isinstance(answer, Projected)
    assert answer.kind == Kind.LAB_RESULTS


def test_a_report_without_a_category_is_a_panel_when_it_has_results() -> None:
    assert isinstance(panel(category=[]), Projected)
    assert panel(category=[], result=[], conclusion="Epikrise.") is None


def test_a_report_of_pictures_is_not_ours() -> None:
    assert panel(category=[], imagingStudy=[{"reference": "ImagingStudy/1"}]) is None
    assert panel(category=[{"coding": [{"code": "RAD"}]}], conclusion="Normale funn.") is None


def test_a_report_said_by_mistake_is_not_shown() -> None:
    assert panel(status="entered-in-error") == NotShown("entered_in_error")


def test_a_report_of_a_vital_sign_is_a_measurement() -> None:
    assert panel(code={"coding": [{"system": "http://loinc.org", "code": "85354-9"}]}) is None


@pytest.mark.parametrize("name", SETS)
def test_real_reports_can_all_be_read(name: str) -> None:
    sweep(name, DiagnosticReport, report, LabResult)
