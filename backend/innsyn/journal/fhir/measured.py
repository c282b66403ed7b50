"""The value, the flag and the reference range of an Observation or one of its components."""

from decimal import Decimal

import msgspec

from innsyn.journal.codes import DEVIATION, LOINC, NLK, SNOMED, same_system
from innsyn.journal.fhir.datatypes import CodeableConcept
from innsyn.journal.fhir.reading import ABSENT, amount, began, code_in, code_key, ended, number, text_of, tidy
from innsyn.journal.fhir.resources import Measured, Observation, ReferenceRange

# http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation: what it judges,
_FLAGS = {
    "N": "normal",
    "L": "low",
    "LU": "low",
    "LX": "low",
    "<": "low",
    "H": "high",
    "HU": "high",
    "HX": "high",
    ">": "high",
    "LL": "critical_low",
    "HH": "critical_high",
    "A": "abnormal",
    "AA": "critical",
}
# … and what is an answer rather than a judgement, where the source gives no words of its own.
_ANSWERS = {
    "POS": "Positiv",
    "NEG": "Negativ",
    "DET": "Påvist",
    "ND": "Ikke påvist",
    "IND": "Ikke konklusiv",
    "E": "Usikker",
    "S": "Følsom",
    "I": "Følsom ved økt eksponering",
    "R": "Resistent",
    "RR": "Reaktiv",
    "NR": "Ikke reaktiv",
    "WR": "Svakt reaktiv",
}
# Volven 8244, the deviation flag of Norwegian results: above the limit, below it, outside the limits.
_DEVIATIONS = {"1": "high", "2": "low", "3": "abnormal"}
# More than this is read as text and not as a value beside a title.
_LONGEST_VALUE = 80
# LOINC codes that make an Observation a vital sign (http://hl7.org/fhir/R4/observation-vitalsigns.html).
# Not 2708-6: the saturation of a blood gas is a laboratory's too.
_VITAL_SIGNS = frozenset(
    {
        "85353-1",
        "85354-9",
        "55284-4",
        "8480-6",
        "8462-4",
        "8478-0",
        "8867-4",
        "9279-1",
        "59408-5",
        "8310-5",
        "8302-2",
        "9843-4",
        "29463-7",
        "39156-5",
    }
)
_NAMED_SYSTEMS = (NLK, LOINC, SNOMED)


class Reading(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One value with its name: a component of a result that was reported as a whole."""

    title: str
    value: str = ""
    unit: str = ""
    flag: str = ""
    low: str = ""
    high: str = ""

    def __str__(self) -> str:
        value = self.value.replace(".", ",") if self.unit else self.value
        return " ".join(part for part in (f"{self.title}:", value, self.unit) if part)


class Answer(msgspec.Struct, frozen=True):
    """What was found: a short value with its unit, or a text to read."""

    value: str = ""
    unit: str = ""
    text: str = ""


_NOTHING = Answer()
_DONE = frozenset({"final", "amended", "corrected"})


def answer_of(measured: Measured) -> Answer:
    """The value; without one, the source's interpretation in words; without that, why there is none."""
    value, unit = value_of(measured)
    if not value:
        return Answer(interpretation_of(measured) or absence_of(measured))
    if len(value) > _LONGEST_VALUE or "\n" in value:
        return Answer(text=value)
    return Answer(value, unit)


def value_of(measured: Measured) -> tuple[str, str]:
    """(value, unit) as a person reads it; ("", "") when there is none, the unit never alone."""
    if measured.value_quantity is not None:
        value, unit = amount(measured.value_quantity)
        return (value, unit) if value else ("", "")
    if measured.value_codeable_concept is not None:
        return text_of(measured.value_codeable_concept), ""
    if measured.value_boolean is not None:
        return ("Ja" if measured.value_boolean else "Nei"), ""
    if measured.value_integer is not None:
        return str(measured.value_integer), ""
    return _written(measured)


def _written(measured: Measured) -> tuple[str, str]:
    if measured.value_range is not None:
        low, unit = amount(measured.value_range.low)
        high, other = amount(measured.value_range.high)
        return _span(low, high), unit or other
    if measured.value_ratio is not None:
        above, unit = amount(measured.value_ratio.numerator)
        below, other = amount(measured.value_ratio.denominator)
        return f"{above}:{below}".strip(":"), unit or other
    if measured.value_period is not None:
        return _span(began(measured.value_period), ended(measured.value_period)), ""
    return (measured.value_string or measured.value_date_time or measured.value_time).strip(), ""


def _span(low: str, high: str) -> str:
    return "\N{EN DASH}".join(end for end in (low, high) if end)


def absence_of(measured: Measured) -> str:
    """Why there is no value, in words; '' where the source does not say."""
    reason = measured.data_absent_reason
    if reason is None:
        return ""
    for coding in reason.coding:
        if coding.code in ABSENT:
            return ABSENT[coding.code]
    return text_of(reason)


def interpretation_of(measured: Measured) -> str:
    """An interpretation that is an answer (positive, resistant), in words; '' for a judgement."""
    for concept in measured.interpretation:
        if _interpreted((concept,)):
            continue
        codes = [coding.code for coding in concept.coding]
        if concept.text:
            return tidy(concept.text)
        known = next((_ANSWERS[code] for code in codes if code in _ANSWERS), "")
        if known or any(coding.display for coding in concept.coding):
            return known or text_of(concept)
    return ""


def range_of(measured: Measured) -> tuple[str, str, str]:
    """(low, high, text) of the reference range that holds for this person; '' where it is open.

    Of several normal ranges (women and men, each age) none is chosen: which one holds is for the laboratory to say.
    """
    if not measured.reference_range:
        return "", "", ""
    normal = [candidate for candidate in measured.reference_range if _is_normal(candidate)]
    if len(normal) > 1:
        normal = [one for one in normal if not one.applies_to and one.age is None] or normal
    if len(normal) > 1 and (normal[0].applies_to or normal[0].age):
        return "", "", "\n".join(text for text in map(_range_text, normal) if text)
    if not normal:
        return "", "", ""
    low, high = normal[0].low, normal[0].high
    return number(low.value if low else None), number(high.value if high else None), _said(normal[0].text)


def _said(text: str) -> str:
    return "" if text.strip().lower() in {"na", "n/a", "-"} else text.strip()


def _is_normal(candidate: ReferenceRange) -> bool:
    """A range can also be a treatment goal or one trimester of a pregnancy: those are not `the normal`."""
    if candidate.type is None:
        return True
    return any(coding.code in {"normal", "recommended"} for coding in candidate.type.coding)


def _range_text(candidate: ReferenceRange) -> str:
    if candidate.text:
        return tidy(candidate.text)
    for_whom = ", ".join(text for text in map(text_of, candidate.applies_to) if text)
    low, unit = amount(candidate.low)
    high, other = amount(candidate.high)
    span = f"{_span(low, high)} {unit or other}".replace(".", ",").strip()
    return f"{for_whom}: {span}" if for_whom and span else span


def flag_of(measured: Measured) -> str:
    """The flag that the source set, else one from its own numbers and range. Never a judgement beyond these."""
    said = _interpreted(measured.interpretation) if measured.interpretation else ""
    if said or not measured.reference_range:
        return said
    quantity = measured.value_quantity
    if quantity is None or quantity.value is None or quantity.comparator or _in_other_units(measured):
        return ""
    low, high, _ = range_of(measured)
    if low and quantity.value < Decimal(low):
        return "low"
    if high and quantity.value > Decimal(high):
        return "high"
    return "normal" if low or high else ""


def _in_other_units(measured: Measured) -> bool:
    unit = amount(measured.value_quantity)[1]
    limits = [limit for each in measured.reference_range for limit in (each.low, each.high) if limit]
    return any(other != unit for limit in limits if (other := amount(limit)[1]))


def _interpreted(interpretations: tuple[CodeableConcept, ...]) -> str:
    for concept in interpretations:
        for coding in concept.coding:
            known = _DEVIATIONS if same_system(coding.system, DEVIATION) else _FLAGS
            if coding.code in known:
                return known[coding.code]
    return ""


def says_nothing(result: Observation) -> bool:
    """Done, and yet neither value, reason, parts nor words: only a name is left, and that is no answer."""
    return (
        result.status in _DONE
        and not (result.component or result.has_member or result.note or result.value_sampled_data)
        and answer_of(result) == _NOTHING
    )


def reading_of(component: Measured) -> Reading:
    """A component as one row of a table."""
    found = answer_of(component)
    low, high, _ = range_of(component)
    return Reading(
        title=text_of(component.code),
        value=found.value or found.text,
        unit=found.unit,
        flag=flag_of(component),
        low=low,
        high=high,
    )


def trend_code(concept: CodeableConcept | None) -> str:
    """What groups the values of one analysis, also when the services list its codes in different orders."""
    if concept is None:
        return ""
    if len(concept.coding) > 1:
        for system in _NAMED_SYSTEMS:
            if code := code_in(concept, system):
                return f"{system}|{code}"
    return code_key(concept)


def is_vital_sign(code: CodeableConcept | None) -> bool:
    """The code goes before the category: systems that know only two send a blood pressure as a laboratory result."""
    return code is not None and any(one.code in _VITAL_SIGNS and one.system == LOINC for one in code.coding)


def taken(result: Observation) -> str:
    """When it was measured or sampled, as a FHIR dateTime in its own precision; else when it was issued."""
    return (
        result.effective_date_time
        or began(result.effective_period)
        or result.effective_instant
        or ended(result.effective_period)
        or result.issued
    )
