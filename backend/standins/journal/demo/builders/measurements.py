"""Measurements: blood pressure with its two numbers, weight and the like, taken at an office or at home."""

from decimal import Decimal

from standins.journal.demo.chart import Chart, Written
from standins.journal.demo.codes import HL7, LOINC, MEASURES, SNOMED, UCUM, coding, concept
from standins.journal.demo.places import unit_reference
from standins.journal.taken import Resource

_VITAL = [concept("Måling", coding(HL7 + "observation-category", "vital-signs", "Vital Signs"))]


def blood_pressure(
    chart: Chart, note: Written, key: str, upper: int, lower: int, *, at_home: bool = False
) -> None:
    """One blood pressure as a single Observation with two components."""
    code = concept("Blodtrykk", coding(LOINC, "85354-9", "Blood pressure panel"), coding(SNOMED, "75367002"))
    resource = _basis(chart, note, code, at_home=at_home)
    parts = (("8480-6", "271649006", "Overtrykk", upper), ("8462-4", "271650006", "Undertrykk", lower))
    resource["component"] = [
        {
            "code": concept(text, coding(LOINC, loinc), coding(SNOMED, snomed)),
            "valueQuantity": {"value": value, "unit": "mmHg", "system": UCUM, "code": "mm[Hg]"},
        }
        for loinc, snomed, text, value in parts
    ]
    chart.take(note, "Observation", key, resource)


def measurement(
    chart: Chart, note: Written, key: str, measure: str, value: str, *, at_home: bool = False
) -> None:
    """One measured number; `measure` is a key of MEASURES."""
    loinc, snomed, text, unit, ucum = MEASURES[measure]
    codes = [coding(LOINC, loinc)] + ([coding(SNOMED, snomed)] if snomed else [])
    resource = _basis(chart, note, concept(text, *codes), at_home=at_home)
    resource["valueQuantity"] = {"value": Decimal(value), "unit": unit, "system": UCUM, "code": ucum}
    chart.take(note, "Observation", key, resource)


def _basis(chart: Chart, note: Written, code: Resource, *, at_home: bool) -> Resource:
    # At home the citizen is who measured; at an office the unit stands beside the one who did.
    by = (
        [chart.subject | {"display": "Målt selv"}] if at_home else [note.by, unit_reference(note.author.unit)]
    )
    resource: Resource = {
        "status": "final",
        "category": _VITAL,
        "code": code,
        "subject": chart.subject,
        "effectiveDateTime": note.when,
        "issued": note.recorded.isoformat(timespec="seconds"),
        "performer": by,
    }
    return resource | ({"note": [{"text": "Målt hjemme med eget apparat."}]} if at_home else {})
