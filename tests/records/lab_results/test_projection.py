"""Test results, from the FHIR that a laboratory sends to what the list and the page say."""

import msgspec
import pytest

from innsyn.journal.fhir.datatypes import Reference
from innsyn.journal.fhir.measured import Reading
from innsyn.journal.fhir.resources import Observation
from innsyn.records.kinds import Kind
from innsyn.records.lab_results.projection import observation
from innsyn.records.lab_results.views import LabResult
from innsyn.records.projected import NotShown, Projected
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
        "interpretation": [
            {
                "coding": [{"system": "urn:oid:2.16.578.1.12.4.1.1.8244", "code": "1"}],
                "text": "Over referanseområdet",
            }
        ],
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


@pytest.mark.parametrize("name", SETS)
def test_real_results_can_all_be_read(name: str) -> None:
    sweep(name, Observation, observation, LabResult)
