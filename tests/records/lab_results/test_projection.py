"""Test results, from the FHIR that a laboratory sends to what the list and the page say."""

import msgspec
import pytest

from innsyn.journal.fhir.datatypes import Reference
from innsyn.journal.fhir.measured import Reading
from innsyn.journal.fhir.resources import DiagnosticReport, Observation
from innsyn.records.kinds import Kind
from innsyn.records.lab_results.projection import observation, report
from innsyn.records.lab_results.views import LabResult
from innsyn.records.projected import Document, NotShown, Projected
from records.trial import KARI, SETS, about, read, sweep

PATIENT = Reference(reference="Patient/kari")
LABORATORY = [
    {
        "coding": [
            {"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "laboratory"}
        ]
    }
]
HBA1C = {
    "resourceType": "Observation",
    "id": "hba1c-17",
    "status": "final",
    "category": LABORATORY,
    "code": {
        "coding": [
            {
                "system": "urn:oid:2.16.578.1.12.4.1.1.7280",
                "code": "NPU27300",
                "display": "Hb(B)-Hemoglobin A1c(IFCC)",
            },
            {"system": "http://loinc.org", "code": "59261-8"},
        ],
        "text": "HbA1c (langtidsblodsukker)",
    },
    "subject": KARI,
    "effectiveDateTime": "2026-11-20T08:10:00+01:00",
    "issued": "2026-11-20T13:00:00+01:00",
    "valueQuantity": {
        "value": 58,
        "unit": "mmol/mol",
        "system": "http://unitsofmeasure.org",
        "code": "mmol/mol",
    },
}


def result(**changes: object) -> Projected | NotShown | None:
    return observation(read(Observation, {**HBA1C, **changes}), about())


def shown(**changes: object) -> Projected:
    answer = result(**changes)
    assert isinstance(answer, Projected)
    return answer


def test_a_result_tells_what_was_found_and_who_asked_for_it() -> None:
    around = about(
        {
            "resourceType": "PractitionerRole",
            "id": "eva",
            "practitioner": {"reference": "Practitioner/eva"},
            "organization": {"reference": "Organization/lab"},
            "code": [{"text": "bioingeniør"}],
        },
        {"resourceType": "Practitioner", "id": "eva", "name": [{"given": ["Eva"], "family": "Moe"}]},
        {"resourceType": "Practitioner", "id": "gp", "name": [{"text": "Lars Haug"}]},
        {"resourceType": "Organization", "id": "lab", "name": "St. Olavs hospital, laboratoriemedisin"},
        {"resourceType": "Specimen", "id": "s1", "subject": KARI, "type": {"text": "Venøst blod"}},
        {
            "resourceType": "ServiceRequest",
            "id": "order",
            "subject": KARI,
            "requester": {"reference": "Practitioner/gp"},
        },
    )
    told = {
        **HBA1C,
        "basedOn": [{"reference": "ServiceRequest/order"}],
        "performer": [{"reference": "PractitionerRole/eva"}],
        "specimen": {"reference": "Specimen/s1"},
        "method": {"text": "HPLC"},
        "note": [{"text": "Noe høyere enn sist."}],
        "referenceRange": [
            {"low": {"value": 28, "unit": "mmol/mol"}, "high": {"value": 42, "unit": "mmol/mol"}}
        ],
        "interpretation": [{"coding": [{"system": "urn:oid:2.16.578.1.12.4.1.1.8244", "code": "1"}]}],
    }
    assert observation(read(Observation, told), around) == Projected(
        kind=Kind.LAB_RESULTS,
        patient=PATIENT,
        title="HbA1c (langtidsblodsukker)",
        at="2026-11-20T08:10:00+01:00",
        value="58",
        unit="mmol/mol",
        flag="high",
        low="28",
        high="42",
        status="final",
        note="Noe høyere enn sist.",
        organisation="St. Olavs hospital, laboratoriemedisin",
        author="Eva Moe, bioingeniør",
        code="volven:7280|NPU27300",
        words=("Noe høyere enn sist.", "", "Hb(B)-Hemoglobin A1c(IFCC)"),
        detail=LabResult(
            comment="Noe høyere enn sist.",
            method="HPLC",
            specimen="Venøst blod",
            collected="2026-11-20T08:10:00+01:00",
            issued="2026-11-20T13:00:00+01:00",
            requester="Lars Haug",
            code="Hb(B)-Hemoglobin A1c(IFCC) (NPU27300), 59261-8",
        ),
    )


def test_what_is_about_somebody_else_is_not_followed() -> None:
    around = about(
        {
            "resourceType": "Specimen",
            "id": "s1",
            "subject": {"reference": "Patient/olav"},
            "type": {"text": "Olavs blod"},
        },
    )
    told = read(Observation, {**HBA1C, "specimen": {"reference": "Specimen/s1"}})
    answer = observation(told, around)
    assert isinstance(answer, Projected)
    assert answer.detail == LabResult(
        collected="2026-11-20T08:10:00+01:00",
        issued="2026-11-20T13:00:00+01:00",
        code="Hb(B)-Hemoglobin A1c(IFCC) (NPU27300), 59261-8",
    )


@pytest.mark.parametrize("code", ["vital-signs", "social-history", "imaging", "CT"])
def test_another_category_is_another_kind(code: str) -> None:
    assert result(category=[{"coding": [{"code": code}]}]) is None


def test_a_vital_sign_is_none_whatever_its_category() -> None:
    assert result(code={"coding": [{"system": "http://loinc.org", "code": "8480-6"}]}) is None
    assert panel(code={"coding": [{"system": "http://loinc.org", "code": "85354-9"}]}) is None


def test_without_a_category_a_norwegian_laboratory_code_says_what_it_is() -> None:
    assert shown(category=[]).kind == Kind.LAB_RESULTS


def test_without_a_category_a_specimen_says_what_it_is() -> None:
    loinc = {"coding": [{"system": "http://loinc.org", "code": "59261-8"}]}
    assert result(category=[], code=loinc) is None
    assert shown(category=[], code=loinc, specimen={"display": "Blod"}).kind == Kind.LAB_RESULTS


def test_what_was_said_by_mistake_is_not_shown() -> None:
    assert result(status="entered-in-error") == NotShown("entered_in_error")


def test_a_name_without_any_answer_is_not_shown() -> None:
    assert result(valueQuantity=None) == NotShown("no_value")


@pytest.mark.parametrize("status", ["registered", "preliminary", "amended", "corrected"])
def test_how_far_the_laboratory_has_come_is_kept(status: str) -> None:
    assert shown(status=status, valueQuantity=None, note=[{"text": "Svar følger."}]).status == status


def test_a_cancelled_result_says_why_there_is_no_answer() -> None:
    answer = shown(
        status="cancelled",
        valueQuantity=None,
        dataAbsentReason={"coding": [{"code": "not-performed"}]},
        note=[{"text": "Røret var knust."}],
    )
    assert (answer.status, answer.value, answer.note) == ("cancelled", "Ikke utført", "Røret var knust.")


def test_a_text_is_read_as_a_text_and_not_as_a_value() -> None:
    text = "Moderat vekst av Escherichia coli.\nNormal flora for øvrig."
    answer = shown(valueQuantity=None, valueString=text)
    assert (answer.value, answer.note) == ("", "Moderat vekst av Escherichia coli. Normal flora for øvrig.")
    assert answer.detail.conclusion == text  # type: ignore[attr-defined]


def test_an_answer_in_the_interpretation_is_the_answer() -> None:
    interpretation = [
        {
            "coding": [
                {
                    "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation",
                    "code": "NEG",
                }
            ]
        }
    ]
    answer = shown(valueQuantity=None, interpretation=interpretation)
    assert (answer.value, answer.flag) == ("Negativ", "")


def test_resistance_stands_beside_the_measured_concentration() -> None:
    answer = shown(
        valueQuantity={"value": 8, "comparator": ">", "unit": "mg/L"},
        interpretation=[{"coding": [{"code": "R"}]}],
        note=[{"text": "Meropenem."}],
    )
    assert (answer.value, answer.unit, answer.flag, answer.note) == (
        ">8",
        "mg/L",
        "",
        "Resistent · Meropenem.",
    )


def test_the_parts_of_a_result_without_a_value_are_told_in_its_line() -> None:
    parts = [
        {"code": {"text": "Farge"}, "valueString": " Gul "},
        {"code": {"text": "pH"}, "valueQuantity": {"value": 5.5, "unit": "pH"}},
    ]
    answer = shown(valueQuantity=None, component=parts)
    assert answer.note == "Farge: Gul · pH: 5.5"
    assert answer.detail.parts == (  # type: ignore[attr-defined]
        Reading(title="Farge", value="Gul"),
        Reading(title="pH", value="5.5"),
    )


def test_a_panel_of_results_names_its_members() -> None:
    answer = shown(
        valueQuantity=None, hasMember=[{"reference": "Observation/a"}, {"reference": "Observation/b"}]
    )
    assert answer.members == (Reference(reference="Observation/a"), Reference(reference="Observation/b"))


def test_a_flag_that_nobody_set_follows_from_the_range() -> None:
    high = [{"high": {"value": 42, "unit": "mmol/mol"}}]
    low = [{"low": {"value": 60, "unit": "mmol/mol"}}]
    assert shown(referenceRange=high).flag == "high"
    assert shown(referenceRange=low).flag == "low"
    assert shown(referenceRange=[{"high": {"value": 60}}]).flag == "normal"
    assert shown().flag == ""


def test_a_range_in_another_unit_judges_nothing() -> None:
    assert shown(referenceRange=[{"high": {"value": 6, "unit": "%"}}]).flag == ""


def test_a_goal_of_treatment_is_not_the_normal_range() -> None:
    goal = [{"high": {"value": 53}, "type": {"coding": [{"code": "treatment"}]}}]
    answer = shown(referenceRange=goal)
    assert (answer.low, answer.high, answer.flag) == ("", "", "")


def test_of_several_ranges_for_different_people_none_is_chosen() -> None:
    women = {
        "low": {"value": 11.7, "unit": "g/dL"},
        "high": {"value": 15.3, "unit": "g/dL"},
        "appliesTo": [{"text": "Kvinner"}],
    }
    men = {
        "low": {"value": 13.4, "unit": "g/dL"},
        "high": {"value": 17, "unit": "g/dL"},
        "appliesTo": [{"text": "Menn"}],
    }
    answer = shown(valueQuantity={"value": 12.0, "unit": "g/dL"}, referenceRange=[women, men])
    assert (answer.low, answer.high, answer.flag) == ("", "", "")
    assert answer.detail.reference == "Kvinner: 11,7–15,3 g/dL\nMenn: 13,4–17 g/dL"  # type: ignore[attr-defined]


def test_the_trend_is_one_also_when_the_codes_come_in_another_order() -> None:
    first, second = HBA1C["code"]["coding"]  # type: ignore[index]
    assert shown(code={"coding": [second, first]}).code == shown().code == "volven:7280|NPU27300"


def test_decimals_of_a_computer_are_rounded_and_those_of_a_laboratory_kept() -> None:
    def value(number: float) -> str:
        return shown(valueQuantity={"value": number, "unit": "mmol/L"}).value

    assert [value(4.917234567891234), value(0.10), value(140.0), value(0.00012345678)] == [
        "4.917",
        "0.1",
        "140.0",
        "0.0001235",
    ]


def test_a_number_without_end_is_not_written_out() -> None:
    text = b'{"category":[{"coding":[{"code":"laboratory"}]}],"valueQuantity":{"value":1e999999}}'
    answer = observation(msgspec.json.decode(text, type=Observation), about())
    assert isinstance(answer, Projected)
    assert (answer.title, answer.value) == ("Prøvesvar", "1E+999999")


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
        patient=PATIENT,
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


@pytest.mark.parametrize("name", SETS)
def test_real_results_can_all_be_read(name: str) -> None:
    sweep(name, Observation, observation, LabResult)
    sweep(name, DiagnosticReport, report, LabResult)
