"""The value, the flag and the reference range of an Observation or one of its components."""

from decimal import Decimal

from innsyn.journal.codes import DEVIATION, same_system
from innsyn.journal.fhir.datatypes import CodeableConcept
from innsyn.journal.fhir.reading import amount, number, text_of
from innsyn.journal.fhir.resources import Measured, ReferenceRange

# http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation. Codes that judge nothing (POS, NEG, S, R …) are words.
_FLAGS = {
    "N": "normal",
    "WR": "normal",
    "L": "low",
    "LU": "low",
    "H": "high",
    "HU": "high",
    "LL": "critical_low",
    "HH": "critical_high",
    "A": "abnormal",
    "AA": "critical",
}
# Volven 8244, the deviation flag of Norwegian results.
_DEVIATIONS = {"0": "normal", "1": "abnormal", "2": "critical", "3": "low", "4": "high"}


def value_of(measured: Measured) -> tuple[str, str]:
    """(value, unit) as a person reads it; ("", "") when there is none. Yes and no stay the codes `true` and `false`."""
    if measured.value_quantity is not None:
        return amount(measured.value_quantity)
    if measured.value_codeable_concept is not None:
        return text_of(measured.value_codeable_concept), ""
    if measured.value_boolean is not None:
        return ("true" if measured.value_boolean else "false"), ""
    if measured.value_integer is not None:
        return str(measured.value_integer), ""
    return _written(measured)


def _written(measured: Measured) -> tuple[str, str]:
    if measured.value_range is not None:
        low, unit = amount(measured.value_range.low)
        high, other = amount(measured.value_range.high)
        return f"{low}–{high}".strip("–"), unit or other
    if measured.value_ratio is not None:
        above, unit = amount(measured.value_ratio.numerator)
        below, other = amount(measured.value_ratio.denominator)
        return f"{above}:{below}", unit or other
    return measured.value_string or measured.value_date_time or measured.value_time, ""


def range_of(measured: Measured) -> tuple[str, str, str]:
    """(low, high, text) of the reference range that holds for everybody or for this person; '' where it is open."""
    for candidate in measured.reference_range:
        low = candidate.low.value if candidate.low else None
        high = candidate.high.value if candidate.high else None
        if _is_normal_range(candidate):
            return number(low), number(high), candidate.text
    return "", "", ""


def _is_normal_range(candidate: ReferenceRange) -> bool:
    """A range can also be a treatment goal or one trimester of a pregnancy: those are not `the normal`."""
    if candidate.type is None:
        return True
    return any(coding.code in {"normal", "recommended"} for coding in candidate.type.coding)


def flag_of(measured: Measured) -> str:
    """The flag that the source set, else one from its own numbers and range. Never a judgement beyond the two."""
    said = _interpreted(measured.interpretation)
    if said:
        return said
    low, high, _ = range_of(measured)
    quantity = measured.value_quantity
    if quantity is None or quantity.value is None or quantity.comparator or not (low or high):
        return ""
    if low and quantity.value < Decimal(low):
        return "low"
    return "high" if high and quantity.value > Decimal(high) else "normal"


def _interpreted(interpretations: tuple[CodeableConcept, ...]) -> str:
    for concept in interpretations:
        for coding in concept.coding:
            known = _DEVIATIONS if same_system(coding.system, DEVIATION) else _FLAGS
            if coding.code in known:
                return known[coding.code]
    return ""
