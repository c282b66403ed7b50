"""FHIR R4 resources about what is ahead: plans, goals and the teams that follow up, with the fields we read."""

from innsyn.journal.fhir.datatypes import (
    Annotation,
    CodeableConcept,
    ContactPoint,
    Part,
    Period,
    Quantity,
    Range,
    Reference,
    Timing,
)
from innsyn.journal.fhir.resources import Resource


class ActivityDetail(Part, frozen=True):
    kind: str = ""
    code: CodeableConcept | None = None
    status: str = ""
    status_reason: CodeableConcept | None = None
    do_not_perform: bool = False
    scheduled_timing: Timing | None = None
    description: str = ""
    scheduled_period: Period | None = None
    scheduled_string: str = ""
    location: Reference | None = None
    performer: tuple[Reference, ...] = ()


class Activity(Part, frozen=True):
    detail: ActivityDetail | None = None
    reference: Reference | None = None
    progress: tuple[Annotation, ...] = ()


class CarePlan(Resource, frozen=True):
    status: str = ""
    intent: str = ""
    category: tuple[CodeableConcept, ...] = ()
    title: str = ""
    description: str = ""
    subject: Reference | None = None
    period: Period | None = None
    created: str = ""
    author: Reference | None = None
    care_team: tuple[Reference, ...] = ()
    addresses: tuple[Reference, ...] = ()
    goal: tuple[Reference, ...] = ()
    activity: tuple[Activity, ...] = ()
    note: tuple[Annotation, ...] = ()


class GoalTarget(Part, frozen=True):
    measure: CodeableConcept | None = None
    detail_quantity: Quantity | None = None
    detail_range: Range | None = None
    detail_codeable_concept: CodeableConcept | None = None
    detail_string: str = ""
    due_date: str = ""


class Goal(Resource, frozen=True):
    lifecycle_status: str = ""
    achievement_status: CodeableConcept | None = None
    description: CodeableConcept | None = None
    subject: Reference | None = None
    start_date: str = ""
    target: tuple[GoalTarget, ...] = ()
    note: tuple[Annotation, ...] = ()


class TeamMember(Part, frozen=True):
    role: tuple[CodeableConcept, ...] = ()
    member: Reference | None = None
    on_behalf_of: Reference | None = None
    period: Period | None = None


class CareTeam(Resource, frozen=True):
    status: str = ""
    category: tuple[CodeableConcept, ...] = ()
    name: str = ""
    subject: Reference | None = None
    period: Period | None = None
    participant: tuple[TeamMember, ...] = ()
    reason_code: tuple[CodeableConcept, ...] = ()
    managing_organization: tuple[Reference, ...] = ()
    telecom: tuple[ContactPoint, ...] = ()
    note: tuple[Annotation, ...] = ()
