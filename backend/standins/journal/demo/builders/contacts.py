"""Meetings with the health service: encounters, appointments, referrals and where they are, care plans."""

from datetime import datetime, timedelta
from typing import NamedTuple

from standins.journal.demo.chart import Chart, Written
from standins.journal.demo.codes import HL7, SNOMED, coding, concept, volven
from standins.journal.demo.places import place_reference, unit_name, unit_reference
from standins.journal.taken import Resource

_ACT = HL7 + "v3-ActCode"
_CLASSES = {
    "AMB": "ambulatory",
    "IMP": "inpatient encounter",
    "EMER": "emergency",
    "HH": "home health",
    "VR": "virtual",
}
_APPOINTMENT_TYPE = 7617


class Visit(NamedTuple):
    """A past contact: HL7 class, what kind in words, why, how long, and its diagnosis if one was set."""

    kind: str
    text: str
    reason: str
    hours: float = 0.5
    diagnosis: str = ""


class Meeting(NamedTuple):
    """An appointment: its title, what to do before it, where, how long, and its status."""

    title: str
    instruction: str
    place: str
    minutes: int = 30
    status: str = "booked"
    cancelled_because: str = ""


class Referral(NamedTuple):
    """A referral: to which unit, for what, why, where it is now (`stage`), and a deadline if set."""

    to: str
    what: str
    reason: str
    status: str = "active"
    stage: str = ""
    stage_status: str = "accepted"
    deadline: str = ""
    priority: str = "routine"


class Activity(NamedTuple):
    """One line of a care plan."""

    text: str
    schedule: str
    by: str
    status: str = "in-progress"


def encounter(chart: Chart, note: Written, key: str, visit: Visit) -> None:
    """A contact that has been, at the author's ward or office."""
    resource: Resource = {
        "status": "finished",
        "class": coding(_ACT, visit.kind, _CLASSES[visit.kind]),
        "type": [concept(visit.text)],
        "subject": chart.subject,
        "participant": [{"individual": note.by}],
        "period": _period(note.at, visit.hours),
        "reasonCode": [concept(visit.reason)],
        "serviceProvider": unit_reference(note.author.unit),
    }
    if visit.kind == "IMP":
        resource["location"] = [{"location": {"display": unit_name(note.author.unit)}, "status": "completed"}]
        resource["hospitalization"] = {"dischargeDisposition": concept("Utskrevet til hjemmet")}
    if visit.diagnosis:
        use = concept("", coding(HL7 + "diagnosis-role", "DD", "Discharge diagnosis"))
        resource["diagnosis"] = [{"condition": chart.reference("Condition", visit.diagnosis), "use": use}]
    chart.take(note, "Encounter", key, resource)


def appointment(chart: Chart, note: Written, key: str, start: datetime, meeting: Meeting) -> None:
    """An appointment ahead, past or cancelled. `note` is who booked it and when."""
    where: Resource = {"actor": place_reference(meeting.place), "required": "required", "status": "accepted"}
    resource: Resource = {
        "meta": {"profile": ["http://hl7.no/fhir/StructureDefinition/no-basis-Appointment"]},
        "status": meeting.status,
        "appointmentType": concept("Ordinær", volven(_APPOINTMENT_TYPE, note.source, "Ordinær")),
        "description": meeting.title,
        "start": start.isoformat(timespec="seconds"),
        "end": (start + timedelta(minutes=meeting.minutes)).isoformat(timespec="seconds"),
        "created": note.when,
        "patientInstruction": meeting.instruction,
        "participant": [
            {"actor": chart.subject, "required": "required", "status": "accepted"},
            {"actor": note.by, "required": "required", "status": "accepted"},
            where,
        ],
    }
    if meeting.cancelled_because:
        resource["cancelationReason"] = concept(meeting.cancelled_because)
    chart.take(note, "Appointment", key, {field: value for field, value in resource.items() if value != ""})


def referral(chart: Chart, note: Written, key: str, wish: Referral) -> None:
    """A referral and, where the receiver has answered, a Task that says where it is."""
    resource: Resource = {
        "status": wish.status,
        "intent": "order",
        "category": [concept("Henvisning", coding(SNOMED, "3457005", "Patient referral"))],
        "priority": wish.priority,
        "code": concept(wish.what),
        "subject": chart.subject,
        "authoredOn": note.when,
        "requester": note.by,
        "performer": [unit_reference(wish.to)],
        "reasonCode": [concept(wish.reason)],
    }
    chart.take(note, "ServiceRequest", key, resource)
    if wish.stage:
        chart.take(note.later(26), "Task", f"{key}-hvor", _whereabouts(chart, note, key, wish))


def _whereabouts(chart: Chart, note: Written, key: str, wish: Referral) -> Resource:
    answered = (note.at + timedelta(hours=26)).isoformat(timespec="seconds")
    task: Resource = {
        "status": wish.stage_status,
        "businessStatus": concept(wish.stage),
        "intent": "order",
        "code": concept("Behandle henvisning"),
        "focus": chart.reference("ServiceRequest", key),
        "for": chart.subject,
        "authoredOn": note.when,
        "lastModified": answered,
        "requester": note.by,
        "owner": unit_reference(wish.to),
    }
    return task | ({"restriction": {"period": {"end": wish.deadline}}} if wish.deadline else {})


def care_plan(
    chart: Chart, note: Written, key: str, title: str, about: str, activities: list[Activity]
) -> None:
    """A plan with its activities: what, how often and by whom, in the words of the plan."""
    resource: Resource = {
        "status": "active",
        "intent": "plan",
        "title": title,
        "description": about,
        "subject": chart.subject,
        "period": {"start": note.at.date().isoformat()},
        "created": note.when,
        "author": note.by,
        "activity": [
            {
                "detail": {
                    "status": activity.status,
                    "description": activity.text,
                    "scheduledString": activity.schedule,
                    "performer": [{"display": activity.by}],
                }
            }
            for activity in activities
        ],
    }
    chart.take(note, "CarePlan", key, resource)


def _period(start: datetime, hours: float) -> Resource:
    end = start + timedelta(hours=hours)
    return {"start": start.isoformat(timespec="seconds"), "end": end.isoformat(timespec="seconds")}
