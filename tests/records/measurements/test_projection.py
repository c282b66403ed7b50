"""Measurements, from FHIR to what the list and the page say."""

from typing import Any

import pytest

from innsyn.journal.fhir.datatypes import Reference
from innsyn.journal.fhir.measured import Reading
from innsyn.journal.fhir.resources import DiagnosticReport, Observation
from innsyn.records.kinds import Kind
from innsyn.records.measurements.projection import observation, report
from innsyn.records.measurements.views import Measurement
from innsyn.records.projected import NotShown, Projected
from records.trial import KARI, SETS, about, read, sweep

LOINC = "http://loinc.org"
PULSE = {
    "resourceType": "Observation",
    "id": "pulse",
    "status": "final",
    "category": [{"coding": [{"code": "vital-signs"}]}],
    "code": {"coding": [{"system": LOINC, "code": "8867-4", "display": "Heart rate"}], "text": "Puls"},
    "subject": KARI,
    "effectiveDateTime": "2026-11-20",
    "valueQuantity": {
        "value": 61,
        "unit": "beats/minute",
        "system": "http://unitsofmeasure.org",
        "code": "/min",
    },
}


def pressure_part(code: str, title: str, value: float) -> dict[str, Any]:
    return {
        "code": {"coding": [{"system": LOINC, "code": code}], "text": title},
        "valueQuantity": {"value": value, "unit": "mmHg", "code": "mm[Hg]"},
    }


def shown(**changes: object) -> Projected:
    answer = observation(read(Observation, {**PULSE, **changes}), about())
    assert isinstance(answer, Projected)
    return answer


def test_a_measurement_tells_how_and_where_it_was_taken() -> None:
    around = about({"resourceType": "Device", "id": "d", "deviceName": [{"name": "Omron M7"}]})
    told = {
        **PULSE,
        "extension": [
            {
                "url": "http://hl7.no/fhir/no-domain/vitalsigns/StructureDefinition/NoDomainVitalSignsHeartRatePulseBodyPositionExtension",
                "valueCoding": {"code": "33586001", "display": "Sittende"},
            }
        ],
        "performer": [{"reference": "Practitioner/1", "display": "Anne Lund"}],
        "bodySite": {"coding": [{"display": "Håndledd"}]},
        "method": {"text": "Palpasjon"},
        "device": {"reference": "Device/d"},
        "note": [{"text": "Etter hvile."}],
    }
    assert observation(read(Observation, told), around) == Projected(
        kind=Kind.MEASUREMENTS,
        patient=Reference(reference="Patient/kari"),
        title="Puls",
        at="2026-11-20",
        value="61",
        unit="/min",
        status="final",
        note="Etter hvile.",
        author="Anne Lund",
        code="http://loinc.org|8867-4",
        words=("Etter hvile.", "", "Heart rate"),
        detail=Measurement(
            comment="Etter hvile.",
            method="Palpasjon",
            device="Omron M7",
            body_site="Håndledd",
            position="Sittende",
        ),
    )


def test_a_blood_pressure_is_said_as_one_value() -> None:
    answer = shown(
        code={"coding": [{"system": LOINC, "code": "55284-4"}], "text": "Blodtrykk"},
        valueQuantity=None,
        component=[pressure_part("8462-4", "Undertrykk", 80.4), pressure_part("8480-6", "Overtrykk", 120)],
    )
    assert (answer.value, answer.unit, answer.note, answer.code) == (
        "120/80",
        "mmHg",
        "",
        "http://loinc.org|85354-9",
    )
    assert answer.detail == Measurement(
        parts=(
            Reading(title="Undertrykk", value="80.4", unit="mmHg"),
            Reading(title="Overtrykk", value="120", unit="mmHg"),
        )
    )


def test_half_a_blood_pressure_is_told_by_its_part() -> None:
    lacking = {"code": {"text": "Undertrykk"}, "dataAbsentReason": {"coding": [{"code": "unknown"}]}}
    answer = shown(valueQuantity=None, component=[pressure_part("8480-6", "Overtrykk", 120), lacking])
    assert (answer.value, answer.note) == ("", "Overtrykk: 120 mmHg · Undertrykk: Ukjent")


PRESSURE_REPORT = {
    "resourceType": "DiagnosticReport",
    "status": "final",
    "category": [{"coding": [{"code": "LAB"}]}],
    "code": {"coding": [{"system": LOINC, "code": "85354-9"}], "text": "Blodtrykk"},
    "subject": KARI,
    "effectiveDateTime": "2026-11-20",
    "result": [{"reference": "Observation/o"}, {"reference": "Observation/u"}],
}


def test_a_blood_pressure_of_two_observations_is_said_as_one_value() -> None:
    over, under = pressure_part("8480-6", "Overtrykk", 120), pressure_part("8462-4", "Undertrykk", 80)
    around = about(
        {"resourceType": "Observation", "id": "o", "subject": KARI, **over},
        {"resourceType": "Observation", "id": "u", "subject": KARI, **under},
    )
    assert report(read(DiagnosticReport, PRESSURE_REPORT), around) == Projected(
        kind=Kind.MEASUREMENTS,
        patient=Reference(reference="Patient/kari"),
        title="Blodtrykk",
        at="2026-11-20",
        value="120/80",
        unit="mmHg",
        status="final",
        code="http://loinc.org|85354-9",
        words=("",),
        members=(Reference(reference="Observation/o"), Reference(reference="Observation/u")),
        detail=Measurement(),
    )


def test_the_values_of_somebody_else_are_not_told() -> None:
    over, under = pressure_part("8480-6", "Overtrykk", 120), pressure_part("8462-4", "Undertrykk", 80)
    olav = {"reference": "Patient/olav"}
    around = about(
        {"resourceType": "Observation", "id": "o", "subject": olav, **over},
        {"resourceType": "Observation", "id": "u", "subject": olav, **under},
    )
    answer = report(read(DiagnosticReport, PRESSURE_REPORT), around)
    assert isinstance(answer, Projected)
    assert answer.value == ""


def test_other_reports_are_other_kinds() -> None:
    assert report(read(DiagnosticReport, {**PRESSURE_REPORT, "code": {"text": "Lipider"}}), about()) is None


def test_a_score_has_no_unit() -> None:
    answer = shown(valueQuantity={"value": 9, "unit": "{score}", "code": "{score}"})
    assert (answer.value, answer.unit) == ("9", "")


@pytest.mark.parametrize(
    ("unit", "said"),
    [("mm[Hg]", "mmHg"), ("Cel", "°C"), ("kg/m2", "kg/m²"), ("{T-score}", "T-score"), ("1", ""), ("%", "%")],
)
def test_units_are_written_as_people_write_them(unit: str, said: str) -> None:
    assert shown(valueQuantity={"value": 5, "code": unit}).unit == said


def test_yes_and_no_are_words() -> None:
    assert shown(valueQuantity=None, valueBoolean=True).value == "Ja"
    assert shown(valueQuantity=None, valueBoolean=False).value == "Nei"


def test_a_masked_measurement_says_that_it_is_masked() -> None:
    masked = {
        "coding": [{"system": "http://terminology.hl7.org/CodeSystem/data-absent-reason", "code": "masked"}]
    }
    assert shown(code=masked, valueQuantity=None, dataAbsentReason=masked).title == "Skjermet"


def test_a_name_loses_what_only_coders_need() -> None:
    assert shown(code={"text": "Body mass index (BMI) [Ratio]"}).title == "Body mass index (BMI)"
    assert (
        shown(code={"coding": [{"display": "Tobacco smoking behavior (observable entity)"}]}).title
        == "Tobacco smoking behavior"
    )
    assert (
        shown(code={"coding": [{"code": "8867-4", "display": "Heart rate"}], "text": "8867-4"}).title
        == "Heart rate"
    )


def test_a_long_name_is_cut_at_a_word() -> None:
    title = shown(code={"text": "ord " * 100}).title
    assert (len(title), title[-5:]) == (196, " ord…")


def test_what_was_said_by_mistake_or_says_nothing_is_not_shown() -> None:
    def answer(**changes: object) -> object:
        return observation(read(Observation, {**PULSE, **changes}), about())

    assert answer(status="entered-in-error") == NotShown("entered_in_error")
    assert answer(valueQuantity=None) == NotShown("no_value")


@pytest.mark.parametrize("name", SETS)
def test_real_measurements_can_all_be_read(name: str) -> None:
    sweep(name, Observation, observation, Measurement)
    sweep(name, DiagnosticReport, report, Measurement)
