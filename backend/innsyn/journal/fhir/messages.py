"""FHIR R4 resources of messages: the messages themselves, what is told of a thread, and whom one can write to.

http://hl7.org/fhir/R4/communication.html, http://hl7.org/fhir/R4/task.html,
http://hl7.org/fhir/R4/healthcareservice.html. The extensions of a payload are MedCom's, whose Communication is a whole
thread (http://medcomfhir.dk/ig/carecommunication).
"""

from typing import Final

from innsyn.journal.fhir import care
from innsyn.journal.fhir.datatypes import (
    Attachment,
    CodeableConcept,
    Coding,
    Identifier,
    Part,
    Period,
    Reference,
)
from innsyn.journal.fhir.resources import Resource

# What a message is about.
KIND: Final = "urn:innsyn:message-kind"
# Task.code of what is told of a thread, and Task.businessStatus: how it stands.
TASK: Final = "urn:innsyn:task"
STANDING: Final = "urn:innsyn:message-standing"
# HealthcareService: .eligibility (who may write), .characteristic (the promised time), and texts to begin with.
MAY_WRITE: Final = "urn:innsyn:may-write"
PROMISE: Final = "urn:innsyn:message-promise"
TEMPLATE: Final = "urn:innsyn:message-template"
# Communication.meta.security: a notice may not name the sender.
SENSITIVE_SENDER: Final = "http://helsenorge.no/fhir/sensitiv-avsender"
_MEDCOM: Final = "http://medcomfhir.dk/ig/core/StructureDefinition/medcom-core-"
SENT_AT, SEGMENT, AUTHOR = (
    f"{_MEDCOM}{name}-extension" for name in ("datetime", "identifier", "practitioner")
)


class Assigned(Identifier, frozen=True):
    assigner: Reference | None = None


class PayloadExtension(Part, frozen=True):
    url: str = ""
    value_date_time: str = ""
    value_identifier: Assigned | None = None
    value_reference: Reference | None = None


class Payload(Part, frozen=True):
    extension: tuple[PayloadExtension, ...] = ()
    content_string: str = ""
    content_attachment: Attachment | None = None
    content_reference: Reference | None = None


class Communication(Resource, frozen=True):
    status: str = ""
    category: tuple[CodeableConcept, ...] = ()
    topic: CodeableConcept | None = None
    part_of: tuple[Reference, ...] = ()
    in_response_to: tuple[Reference, ...] = ()
    about: tuple[Reference, ...] = ()
    subject: Reference | None = None
    sender: Reference | None = None
    recipient: tuple[Reference, ...] = ()
    sent: str = ""
    received: str = ""
    payload: tuple[Payload, ...] = ()


class Task(care.Task, frozen=True):
    """As everybody reads it, and when it was begun and ended."""

    execution_period: Period | None = None


class Role(care.PractitionerRole, frozen=True):
    """As everybody reads it, and in which service."""

    healthcare_service: tuple[Reference, ...] = ()


class AvailableTime(Part, frozen=True):
    days_of_week: tuple[str, ...] = ()
    all_day: bool = False
    available_start_time: str = ""
    available_end_time: str = ""


class NotAvailable(Part, frozen=True):
    description: str = ""
    during: Period | None = None


class Eligibility(Part, frozen=True):
    code: CodeableConcept | None = None


class TemplatePart(Part, frozen=True):
    url: str = ""
    value_code: str = ""
    value_string: str = ""
    value_coding: Coding | None = None


class ServiceExtension(Part, frozen=True):
    url: str = ""
    extension: tuple[TemplatePart, ...] = ()


class HealthcareService(care.HealthcareService, frozen=True):
    """As everybody reads it, and how one writes to it."""

    extension: tuple[ServiceExtension, ...] = ()  # type: ignore[assignment]
    active: bool = True
    type: tuple[CodeableConcept, ...] = ()
    eligibility: tuple[Eligibility, ...] = ()
    characteristic: tuple[CodeableConcept, ...] = ()
    available_time: tuple[AvailableTime, ...] = ()
    not_available: tuple[NotAvailable, ...] = ()
    availability_exceptions: str = ""
    extra_details: str = ""
