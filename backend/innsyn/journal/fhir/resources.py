"""FHIR R4 resources that a citizen reads something out of, with the fields we read (http://hl7.org/fhir/R4/resourcelist.html)."""

import msgspec

from innsyn.journal.fhir.datatypes import (
    Address,
    Annotation,
    Attachment,
    CodeableConcept,
    Coding,
    Extension,
    HumanName,
    Identifier,
    Meta,
    Narrative,
    Part,
    Period,
    Quantity,
    Range,
    Ratio,
    Reference,
    SampledData,
)


class Resource(Part, frozen=True):
    """What every resource has. `contained` is kept as it came and parsed when a `#reference` points at it."""

    resource_type: str = ""
    id: str = ""
    meta: Meta | None = None
    language: str = ""
    text: Narrative | None = None
    extension: tuple[Extension, ...] = ()
    contained: tuple[msgspec.Raw, ...] = ()
    identifier: tuple[Identifier, ...] = ()


class Patient(Resource, frozen=True):
    active: bool = True
    name: tuple[HumanName, ...] = ()
    gender: str = ""
    birth_date: str = ""
    deceased_boolean: bool = False
    deceased_date_time: str = ""
    address: tuple[Address, ...] = ()
    link: tuple["PatientLink", ...] = ()


class PatientLink(Part, frozen=True):
    other: Reference | None = None
    type: str = ""


class ReferenceRange(Part, frozen=True):
    low: Quantity | None = None
    high: Quantity | None = None
    type: CodeableConcept | None = None
    applies_to: tuple[CodeableConcept, ...] = ()
    age: Range | None = None
    text: str = ""


class Measured(Resource, frozen=True):
    """The value[x] that an Observation and its components share.

    A struct has one base, so a component is a resource too: without an id, which does no harm.
    """

    code: CodeableConcept | None = None
    value_quantity: Quantity | None = None
    value_codeable_concept: CodeableConcept | None = None
    value_string: str = ""
    value_boolean: bool | None = None
    value_integer: int | None = None
    value_range: Range | None = None
    value_ratio: Ratio | None = None
    value_sampled_data: SampledData | None = None
    value_time: str = ""
    value_date_time: str = ""
    value_period: Period | None = None
    data_absent_reason: CodeableConcept | None = None
    interpretation: tuple[CodeableConcept, ...] = ()
    reference_range: tuple[ReferenceRange, ...] = ()


class ObservationComponent(Measured, frozen=True):
    pass


class Observation(Measured, frozen=True):
    status: str = ""
    based_on: tuple[Reference, ...] = ()
    category: tuple[CodeableConcept, ...] = ()
    subject: Reference | None = None
    focus: tuple[Reference, ...] = ()
    encounter: Reference | None = None
    effective_date_time: str = ""
    effective_period: Period | None = None
    effective_instant: str = ""
    issued: str = ""
    performer: tuple[Reference, ...] = ()
    note: tuple[Annotation, ...] = ()
    body_site: CodeableConcept | None = None
    method: CodeableConcept | None = None
    specimen: Reference | None = None
    device: Reference | None = None
    has_member: tuple[Reference, ...] = ()
    derived_from: tuple[Reference, ...] = ()
    component: tuple[ObservationComponent, ...] = ()


class DiagnosticReport(Resource, frozen=True):
    status: str = ""
    based_on: tuple[Reference, ...] = ()
    category: tuple[CodeableConcept, ...] = ()
    code: CodeableConcept | None = None
    subject: Reference | None = None
    encounter: Reference | None = None
    effective_date_time: str = ""
    effective_period: Period | None = None
    issued: str = ""
    performer: tuple[Reference, ...] = ()
    results_interpreter: tuple[Reference, ...] = ()
    specimen: tuple[Reference, ...] = ()
    result: tuple[Reference, ...] = ()
    imaging_study: tuple[Reference, ...] = ()
    conclusion: str = ""
    conclusion_code: tuple[CodeableConcept, ...] = ()
    presented_form: tuple[Attachment, ...] = ()


class ImagingSeries(Part, frozen=True):
    modality: Coding | None = None
    description: str = ""
    body_site: Coding | None = None
    laterality: Coding | None = None


class ImagingStudy(Resource, frozen=True):
    status: str = ""
    number_of_instances: int | None = None
    procedure_reference: Reference | None = None
    series: tuple[ImagingSeries, ...] = ()
    modality: tuple[Coding, ...] = ()
    subject: Reference | None = None
    started: str = ""
    referrer: Reference | None = None
    interpreter: tuple[Reference, ...] = ()
    description: str = ""
    procedure_code: tuple[CodeableConcept, ...] = ()
    reason_code: tuple[CodeableConcept, ...] = ()
    note: tuple[Annotation, ...] = ()
    location: Reference | None = None


class Reaction(Part, frozen=True):
    substance: CodeableConcept | None = None
    manifestation: tuple[CodeableConcept, ...] = ()
    description: str = ""
    onset: str = ""
    severity: str = ""


class AllergyIntolerance(Resource, frozen=True):
    clinical_status: CodeableConcept | None = None
    verification_status: CodeableConcept | None = None
    type: str = ""
    category: tuple[str, ...] = ()
    criticality: str = ""
    code: CodeableConcept | None = None
    patient: Reference | None = None
    onset_date_time: str = ""
    onset_age: Quantity | None = None
    onset_period: Period | None = None
    onset_range: Range | None = None
    onset_string: str = ""
    recorded_date: str = ""
    recorder: Reference | None = None
    asserter: Reference | None = None
    last_occurrence: str = ""
    note: tuple[Annotation, ...] = ()
    reaction: tuple[Reaction, ...] = ()


class Flag(Resource, frozen=True):
    status: str = ""
    category: tuple[CodeableConcept, ...] = ()
    code: CodeableConcept | None = None
    subject: Reference | None = None
    period: Period | None = None
    author: Reference | None = None


class ConditionStage(Part, frozen=True):
    summary: CodeableConcept | None = None


class Condition(Resource, frozen=True):
    clinical_status: CodeableConcept | None = None
    verification_status: CodeableConcept | None = None
    category: tuple[CodeableConcept, ...] = ()
    severity: CodeableConcept | None = None
    code: CodeableConcept | None = None
    body_site: tuple[CodeableConcept, ...] = ()
    subject: Reference | None = None
    encounter: Reference | None = None
    onset_date_time: str = ""
    onset_age: Quantity | None = None
    onset_period: Period | None = None
    onset_range: Range | None = None
    onset_string: str = ""
    abatement_date_time: str = ""
    abatement_age: Quantity | None = None
    abatement_period: Period | None = None
    abatement_range: Range | None = None
    abatement_string: str = ""
    recorded_date: str = ""
    recorder: Reference | None = None
    asserter: Reference | None = None
    stage: tuple[ConditionStage, ...] = ()
    note: tuple[Annotation, ...] = ()
