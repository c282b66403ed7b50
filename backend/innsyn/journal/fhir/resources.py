"""FHIR R4 resources that a citizen reads something out of, with the fields we read (http://hl7.org/fhir/R4/resourcelist.html)."""

import msgspec

from innsyn.journal.fhir.datatypes import (
    Address,
    Annotation,
    Attachment,
    CodeableConcept,
    Coding,
    ContactPoint,
    Dosage,
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


class Resource(Part):
    """What every resource has. `contained` is kept as it came and parsed when a `#reference` points at it."""

    resource_type: str = ""
    id: str = ""
    meta: Meta | None = None
    language: str = ""
    text: Narrative | None = None
    extension: tuple[Extension, ...] = ()
    contained: tuple[msgspec.Raw, ...] = ()
    identifier: tuple[Identifier, ...] = ()


class Patient(Resource):
    active: bool = True
    name: tuple[HumanName, ...] = ()
    gender: str = ""
    birth_date: str = ""
    deceased_boolean: bool = False
    deceased_date_time: str = ""
    address: tuple[Address, ...] = ()
    link: tuple["PatientLink", ...] = ()


class PatientLink(Part):
    other: Reference | None = None
    type: str = ""


class ReferenceRange(Part):
    low: Quantity | None = None
    high: Quantity | None = None
    type: CodeableConcept | None = None
    text: str = ""


class Measured(Resource):
    """The value[x] that an Observation and its components share. (A struct has one base; a component has no id, which does no harm.)"""

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


class ObservationComponent(Measured):
    pass


class Observation(Measured):
    status: str = ""
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
    has_member: tuple[Reference, ...] = ()
    derived_from: tuple[Reference, ...] = ()
    component: tuple[ObservationComponent, ...] = ()


class DiagnosticReport(Resource):
    status: str = ""
    category: tuple[CodeableConcept, ...] = ()
    code: CodeableConcept | None = None
    subject: Reference | None = None
    encounter: Reference | None = None
    effective_date_time: str = ""
    effective_period: Period | None = None
    issued: str = ""
    performer: tuple[Reference, ...] = ()
    results_interpreter: tuple[Reference, ...] = ()
    result: tuple[Reference, ...] = ()
    imaging_study: tuple[Reference, ...] = ()
    conclusion: str = ""
    conclusion_code: tuple[CodeableConcept, ...] = ()
    presented_form: tuple[Attachment, ...] = ()


class ImagingStudy(Resource):
    status: str = ""
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


class Medication(Resource):
    code: CodeableConcept | None = None
    form: CodeableConcept | None = None
    manufacturer: Reference | None = None


class MedicationRequest(Resource):
    status: str = ""
    intent: str = ""
    status_reason: CodeableConcept | None = None
    medication_codeable_concept: CodeableConcept | None = None
    medication_reference: Reference | None = None
    subject: Reference | None = None
    encounter: Reference | None = None
    authored_on: str = ""
    requester: Reference | None = None
    reason_code: tuple[CodeableConcept, ...] = ()
    reason_reference: tuple[Reference, ...] = ()
    note: tuple[Annotation, ...] = ()
    dosage_instruction: tuple[Dosage, ...] = ()
    do_not_perform: bool = False


class MedicationStatement(Resource):
    status: str = ""
    status_reason: tuple[CodeableConcept, ...] = ()
    medication_codeable_concept: CodeableConcept | None = None
    medication_reference: Reference | None = None
    subject: Reference | None = None
    effective_date_time: str = ""
    effective_period: Period | None = None
    date_asserted: str = ""
    information_source: Reference | None = None
    reason_code: tuple[CodeableConcept, ...] = ()
    note: tuple[Annotation, ...] = ()
    dosage: tuple[Dosage, ...] = ()


class MedicationAdministration(Resource):
    """Also MedicationDispense: what was given or handed out, as one line."""

    status: str = ""
    medication_codeable_concept: CodeableConcept | None = None
    medication_reference: Reference | None = None
    subject: Reference | None = None
    effective_date_time: str = ""
    effective_period: Period | None = None
    when_handed_over: str = ""
    note: tuple[Annotation, ...] = ()


class Reaction(Part):
    substance: CodeableConcept | None = None
    manifestation: tuple[CodeableConcept, ...] = ()
    description: str = ""
    onset: str = ""
    severity: str = ""


class AllergyIntolerance(Resource):
    clinical_status: CodeableConcept | None = None
    verification_status: CodeableConcept | None = None
    type: str = ""
    category: tuple[str, ...] = ()
    criticality: str = ""
    code: CodeableConcept | None = None
    patient: Reference | None = None
    onset_date_time: str = ""
    onset_string: str = ""
    recorded_date: str = ""
    recorder: Reference | None = None
    asserter: Reference | None = None
    last_occurrence: str = ""
    note: tuple[Annotation, ...] = ()
    reaction: tuple[Reaction, ...] = ()


class Flag(Resource):
    status: str = ""
    category: tuple[CodeableConcept, ...] = ()
    code: CodeableConcept | None = None
    subject: Reference | None = None
    period: Period | None = None
    author: Reference | None = None


class ConditionStage(Part):
    summary: CodeableConcept | None = None


class Condition(Resource):
    clinical_status: CodeableConcept | None = None
    verification_status: CodeableConcept | None = None
    category: tuple[CodeableConcept, ...] = ()
    severity: CodeableConcept | None = None
    code: CodeableConcept | None = None
    body_site: tuple[CodeableConcept, ...] = ()
    subject: Reference | None = None
    encounter: Reference | None = None
    onset_date_time: str = ""
    onset_period: Period | None = None
    onset_string: str = ""
    abatement_date_time: str = ""
    abatement_string: str = ""
    recorded_date: str = ""
    recorder: Reference | None = None
    asserter: Reference | None = None
    stage: tuple[ConditionStage, ...] = ()
    note: tuple[Annotation, ...] = ()
