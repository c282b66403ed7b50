"""FHIR R4 resources about the care itself: contacts, documents and the people who give it."""

from innsyn.journal.fhir.datatypes import (
    Address,
    Annotation,
    Attachment,
    CodeableConcept,
    Coding,
    ContactPoint,
    HumanName,
    Identifier,
    Narrative,
    Part,
    Period,
    Quantity,
    Reference,
    Restriction,
    TaskInput,
    TaskOutput,
)
from innsyn.journal.fhir.resources import Resource


class ProtocolApplied(Part, frozen=True):
    series: str = ""
    target_disease: tuple[CodeableConcept, ...] = ()
    dose_number_positive_int: int | None = None
    dose_number_string: str = ""
    series_doses_positive_int: int | None = None
    series_doses_string: str = ""


class Performer(Part, frozen=True):
    """Who did it, in Immunization, Procedure and Encounter.participant alike."""

    function: CodeableConcept | None = None
    type: tuple[CodeableConcept, ...] | CodeableConcept | None = None
    actor: Reference | None = None
    individual: Reference | None = None
    on_behalf_of: Reference | None = None


class Immunization(Resource, frozen=True):
    status: str = ""
    status_reason: CodeableConcept | None = None
    vaccine_code: CodeableConcept | None = None
    patient: Reference | None = None
    occurrence_date_time: str = ""
    occurrence_string: str = ""
    primary_source: bool | None = None
    location: Reference | None = None
    manufacturer: Reference | None = None
    lot_number: str = ""
    site: CodeableConcept | None = None
    route: CodeableConcept | None = None
    dose_quantity: Quantity | None = None
    performer: tuple[Performer, ...] = ()
    note: tuple[Annotation, ...] = ()
    protocol_applied: tuple[ProtocolApplied, ...] = ()


class Procedure(Resource, frozen=True):
    status: str = ""
    category: CodeableConcept | None = None
    code: CodeableConcept | None = None
    subject: Reference | None = None
    encounter: Reference | None = None
    performed_date_time: str = ""
    performed_period: Period | None = None
    performed_string: str = ""
    recorder: Reference | None = None
    performer: tuple[Performer, ...] = ()
    location: Reference | None = None
    reason_code: tuple[CodeableConcept, ...] = ()
    reason_reference: tuple[Reference, ...] = ()
    body_site: tuple[CodeableConcept, ...] = ()
    outcome: CodeableConcept | None = None
    follow_up: tuple[CodeableConcept, ...] = ()
    note: tuple[Annotation, ...] = ()


class Hospitalization(Part, frozen=True):
    discharge_disposition: CodeableConcept | None = None


class EncounterDiagnosis(Part, frozen=True):
    condition: Reference | None = None


class EncounterLocation(Part, frozen=True):
    location: Reference | None = None
    period: Period | None = None


class Encounter(Resource, frozen=True):
    """`class` is a word of Python's: the field is `class_`, read from `class`."""

    status: str = ""
    class_: Coding | None = None
    type: tuple[CodeableConcept, ...] = ()
    service_type: CodeableConcept | None = None
    subject: Reference | None = None
    participant: tuple[Performer, ...] = ()
    period: Period | None = None
    reason_code: tuple[CodeableConcept, ...] = ()
    reason_reference: tuple[Reference, ...] = ()
    diagnosis: tuple[EncounterDiagnosis, ...] = ()
    hospitalization: Hospitalization | None = None
    location: tuple[EncounterLocation, ...] = ()
    service_provider: Reference | None = None


class AppointmentParticipant(Part, frozen=True):
    type: tuple[CodeableConcept, ...] = ()
    actor: Reference | None = None
    required: str = ""
    status: str = ""


class Appointment(Resource, frozen=True):
    status: str = ""
    cancelation_reason: CodeableConcept | None = None
    service_category: tuple[CodeableConcept, ...] = ()
    service_type: tuple[CodeableConcept, ...] = ()
    specialty: tuple[CodeableConcept, ...] = ()
    appointment_type: CodeableConcept | None = None
    reason_code: tuple[CodeableConcept, ...] = ()
    reason_reference: tuple[Reference, ...] = ()
    description: str = ""
    start: str = ""
    end: str = ""
    created: str = ""
    comment: str = ""
    patient_instruction: str = ""
    participant: tuple[AppointmentParticipant, ...] = ()


class ServiceRequest(Resource, frozen=True):
    status: str = ""
    intent: str = ""
    do_not_perform: bool = False
    category: tuple[CodeableConcept, ...] = ()
    priority: str = ""
    code: CodeableConcept | None = None
    order_detail: tuple[CodeableConcept, ...] = ()
    subject: Reference | None = None
    encounter: Reference | None = None
    occurrence_date_time: str = ""
    occurrence_period: Period | None = None
    authored_on: str = ""
    requester: Reference | None = None
    performer_type: CodeableConcept | None = None
    performer: tuple[Reference, ...] = ()
    reason_code: tuple[CodeableConcept, ...] = ()
    reason_reference: tuple[Reference, ...] = ()
    note: tuple[Annotation, ...] = ()
    patient_instruction: str = ""


class Task(Resource, frozen=True):
    status: str = ""
    business_status: CodeableConcept | None = None
    intent: str = ""
    code: CodeableConcept | None = None
    description: str = ""
    focus: Reference | None = None
    for_: Reference | None = None
    authored_on: str = ""
    last_modified: str = ""
    requester: Reference | None = None
    owner: Reference | None = None
    status_reason: CodeableConcept | None = None
    restriction: Restriction | None = None
    note: tuple[Annotation, ...] = ()
    input: tuple[TaskInput, ...] = ()
    output: tuple[TaskOutput, ...] = ()


class Section(Part, frozen=True):
    title: str = ""
    code: CodeableConcept | None = None
    text: Narrative | None = None
    entry: tuple[Reference, ...] = ()
    empty_reason: CodeableConcept | None = None
    section: tuple["Section", ...] = ()


class RelatesTo(Part, frozen=True):
    code: str = ""
    target: Reference | None = None


class Composition(Resource, frozen=True):
    """Unlike other resources it has one identifier and no list of them."""

    identifier: Identifier | None = None  # type: ignore[assignment]
    status: str = ""
    type: CodeableConcept | None = None
    category: tuple[CodeableConcept, ...] = ()
    subject: Reference | None = None
    encounter: Reference | None = None
    date: str = ""
    author: tuple[Reference, ...] = ()
    title: str = ""
    confidentiality: str = ""
    custodian: Reference | None = None
    section: tuple[Section, ...] = ()


class DocumentContent(Part, frozen=True):
    attachment: Attachment | None = None


class DocumentContext(Part, frozen=True):
    encounter: tuple[Reference, ...] = ()
    period: Period | None = None


class DocumentReference(Resource, frozen=True):
    status: str = ""
    doc_status: str = ""
    type: CodeableConcept | None = None
    category: tuple[CodeableConcept, ...] = ()
    subject: Reference | None = None
    date: str = ""
    author: tuple[Reference, ...] = ()
    authenticator: Reference | None = None
    custodian: Reference | None = None
    relates_to: tuple[RelatesTo, ...] = ()
    description: str = ""
    content: tuple[DocumentContent, ...] = ()
    context: DocumentContext | None = None


class Binary(Resource, frozen=True):
    content_type: str = ""
    security_context: Reference | None = None
    data: str = ""


class Practitioner(Resource, frozen=True):
    active: bool = True
    name: tuple[HumanName, ...] = ()
    telecom: tuple[ContactPoint, ...] = ()
    qualification: tuple["Qualification", ...] = ()


class Qualification(Part, frozen=True):
    code: CodeableConcept | None = None


class PractitionerRole(Resource, frozen=True):
    practitioner: Reference | None = None
    organization: Reference | None = None
    code: tuple[CodeableConcept, ...] = ()
    specialty: tuple[CodeableConcept, ...] = ()
    telecom: tuple[ContactPoint, ...] = ()


class Organization(Resource, frozen=True):
    name: str = ""
    alias: tuple[str, ...] = ()
    type: tuple[CodeableConcept, ...] = ()
    telecom: tuple[ContactPoint, ...] = ()
    address: tuple[Address, ...] = ()
    part_of: Reference | None = None


class Location(Resource, frozen=True):
    name: str = ""
    description: str = ""
    telecom: tuple[ContactPoint, ...] = ()
    address: Address | None = None
    managing_organization: Reference | None = None


class DeviceName(Part, frozen=True):
    name: str = ""


class Device(Resource, frozen=True):
    type: CodeableConcept | None = None
    device_name: tuple[DeviceName, ...] = ()


class HealthcareService(Resource, frozen=True):
    name: str = ""
    provided_by: Reference | None = None
    telecom: tuple[ContactPoint, ...] = ()


class RelatedPerson(Resource, frozen=True):
    active: bool = True
    patient: Reference | None = None
    relationship: tuple[CodeableConcept, ...] = ()
    name: tuple[HumanName, ...] = ()
    telecom: tuple[ContactPoint, ...] = ()
    period: Period | None = None
