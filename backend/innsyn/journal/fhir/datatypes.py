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


class Coding(Part):
    system: str = ""
    code: str = ""
    display: str = ""


class CodeableConcept(Part):
    coding: tuple[Coding, ...] = ()
    text: str = ""


class Identifier(Part):
    system: str = ""
    value: str = ""
    use: str = ""
    type: CodeableConcept | None = None


class Reference(Part):
    reference: str = ""
    type: str = ""
    identifier: Identifier | None = None
    display: str = ""


class Period(Part):
    start: str = ""
    end: str = ""


class Quantity(Part):
    value: Decimal | None = None
    comparator: str = ""
    unit: str = ""
    system: str = ""
    code: str = ""


class Range(Part):
    low: Quantity | None = None
    high: Quantity | None = None


class Ratio(Part):
    numerator: Quantity | None = None
    denominator: Quantity | None = None


class SampledData(Part):
    data: str = ""


class Annotation(Part):
    text: str = ""
    time: str = ""
    author_string: str = ""
    author_reference: Reference | None = None


class Attachment(Part):
    content_type: str = ""
    language: str = ""
    data: str = ""
    url: str = ""
    title: str = ""
    creation: str = ""


class HumanName(Part):
    use: str = ""
    text: str = ""
    family: str = ""
    given: tuple[str | None, ...] = ()
    prefix: tuple[str, ...] = ()
    period: Period | None = None


class ContactPoint(Part):
    system: str = ""
    value: str = ""
    use: str = ""


class Address(Part):
    use: str = ""
    type: str = ""
    text: str = ""
    line: tuple[str | None, ...] = ()
    city: str = ""
    district: str = ""
    postal_code: str = ""
    country: str = ""


class Timing(Part):
    event: tuple[str, ...] = ()
    code: CodeableConcept | None = None


class DoseAndRate(Part):
    dose_quantity: Quantity | None = None
    dose_range: Range | None = None


class Dosage(Part):
    text: str = ""
    patient_instruction: str = ""
    timing: Timing | None = None
    route: CodeableConcept | None = None
    as_needed_boolean: bool = False
    dose_and_rate: tuple[DoseAndRate, ...] = ()


class Extension(Part):
    """An extension with the values that we read; a nested one carries `extension`."""

    url: str = ""
    value_code: str = ""
    value_string: str = ""
    value_date_time: str = ""
    value_boolean: bool | None = None
    value_coding: Coding | None = None
    value_codeable_concept: CodeableConcept | None = None
    extension: tuple["Extension", ...] = ()


class Meta(Part):
    version_id: str = ""
    last_updated: str = ""
    profile: tuple[str, ...] = ()
    security: tuple[Coding, ...] = ()
    tag: tuple[Coding, ...] = ()


class Narrative(Part):
    status: str = ""
    div: str = ""
