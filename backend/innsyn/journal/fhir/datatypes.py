"""FHIR R4 datatypes, with the fields we read (http://hl7.org/fhir/R4/datatypes.html).

Every field is optional here: a profile may demand it, but the journal's text is what it is. Numbers are Decimal,
because 0.10 mmol/l is not 0.1 mmol/l.
"""

from decimal import Decimal

import msgspec


def _fhir_name(name: str) -> str:
    first, *rest = name.rstrip("_").split("_")
    return first + "".join(word.capitalize() for word in rest)


class Part(msgspec.Struct, frozen=True, kw_only=True, rename=_fhir_name):
    """A piece of a resource. Field names are FHIR's in snake case; `class_` and `for_` are words of Python's."""


class Coding(Part, frozen=True):
    system: str = ""
    code: str = ""
    display: str = ""


class CodeableConcept(Part, frozen=True):
    coding: tuple[Coding, ...] = ()
    text: str = ""


class Identifier(Part, frozen=True):
    system: str = ""
    value: str = ""
    use: str = ""
    type: CodeableConcept | None = None


class Reference(Part, frozen=True):
    reference: str = ""
    type: str = ""
    identifier: Identifier | None = None
    display: str = ""


class Period(Part, frozen=True):
    start: str = ""
    end: str = ""


class Quantity(Part, frozen=True):
    value: Decimal | None = None
    comparator: str = ""
    unit: str = ""
    system: str = ""
    code: str = ""


class Range(Part, frozen=True):
    low: Quantity | None = None
    high: Quantity | None = None


class Ratio(Part, frozen=True):
    numerator: Quantity | None = None
    denominator: Quantity | None = None


class SampledData(Part, frozen=True):
    data: str = ""


class Annotation(Part, frozen=True):
    text: str = ""
    time: str = ""
    author_string: str = ""
    author_reference: Reference | None = None


class Attachment(Part, frozen=True):
    content_type: str = ""
    language: str = ""
    data: str = ""
    url: str = ""
    title: str = ""
    creation: str = ""


class HumanName(Part, frozen=True):
    use: str = ""
    text: str = ""
    family: str = ""
    given: tuple[str | None, ...] = ()
    prefix: tuple[str, ...] = ()
    period: Period | None = None


class ContactPoint(Part, frozen=True):
    system: str = ""
    value: str = ""
    use: str = ""


class Address(Part, frozen=True):
    use: str = ""
    type: str = ""
    text: str = ""
    line: tuple[str | None, ...] = ()
    city: str = ""
    district: str = ""
    postal_code: str = ""
    country: str = ""


class TimingRepeat(Part, frozen=True):
    """How often: `frequency` times per `period` `period_unit` (s min h d wk mo a), or at `when` and `time_of_day`."""

    bounds_duration: Quantity | None = None
    bounds_period: Period | None = None
    frequency: int | None = None
    frequency_max: int | None = None
    period: Decimal | None = None
    period_max: Decimal | None = None
    period_unit: str = ""
    day_of_week: tuple[str, ...] = ()
    time_of_day: tuple[str, ...] = ()
    when: tuple[str, ...] = ()


class Timing(Part, frozen=True):
    event: tuple[str, ...] = ()
    repeat: TimingRepeat | None = None
    code: CodeableConcept | None = None


class DoseAndRate(Part, frozen=True):
    dose_quantity: Quantity | None = None
    dose_range: Range | None = None
    rate_quantity: Quantity | None = None
    rate_range: Range | None = None
    rate_ratio: Ratio | None = None


class Dosage(Part, frozen=True):
    text: str = ""
    patient_instruction: str = ""
    additional_instruction: tuple[CodeableConcept, ...] = ()
    timing: Timing | None = None
    route: CodeableConcept | None = None
    as_needed_boolean: bool = False
    as_needed_codeable_concept: CodeableConcept | None = None
    dose_and_rate: tuple[DoseAndRate, ...] = ()
    max_dose_per_period: Ratio | None = None


class Extension(Part, frozen=True):
    """An extension with the values that we read; a nested one carries `extension`."""

    url: str = ""
    value_code: str = ""
    value_string: str = ""
    value_date_time: str = ""
    value_boolean: bool | None = None
    value_coding: Coding | None = None
    value_codeable_concept: CodeableConcept | None = None
    extension: tuple["Extension", ...] = ()


class Meta(Part, frozen=True):
    version_id: str = ""
    last_updated: str = ""
    profile: tuple[str, ...] = ()
    security: tuple[Coding, ...] = ()
    tag: tuple[Coding, ...] = ()


class Narrative(Part, frozen=True):
    status: str = ""
    div: str = ""


class Restriction(Part, frozen=True):
    period: Period | None = None


class TaskInput(Part, frozen=True):
    """Something that whoever does a Task is told: of the values that it can have, those that are read."""

    type: CodeableConcept | None = None
    value_date_time: str = ""
    value_date: str = ""
    value_instant: str = ""
    value_canonical: str = ""


class TaskOutput(Part, frozen=True):
    """Something that a Task has led to: of the values that it can have, the one that is read."""

    value_string: str = ""
