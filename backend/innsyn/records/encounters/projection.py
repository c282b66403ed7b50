"""Contacts with the health service: Encounter is one that is or was, Appointment one that is agreed.

No clock is read: an appointment is `active` while the source says booked or pending; `at` tells whether it is ahead.
http://hl7.org/fhir/R4/encounter.html, http://hl7.org/fhir/R4/appointment.html
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

from innsyn.journal.fhir.care import Appointment, AppointmentParticipant, Encounter, Performer
from innsyn.journal.fhir.datatypes import CodeableConcept, Reference
from innsyn.journal.fhir.reading import began, codes_of, ended
from innsyn.records.encounters.views import Contact
from innsyn.records.kinds import Kind
from innsyn.records.people import (
    Person,
    first_said,
    gathered,
    heading,
    is_patient,
    name_of_place,
    person_of,
    place_of,
    said,
    sentence,
)
from innsyn.records.projected import About, NotShown, Projected

_ENCOUNTER_STATUS = {
    "planned": "active",
    "triaged": "arrived",
    "onleave": "in-progress",
    "finished": "completed",
    "unknown": "",
}
_APPOINTMENT_STATUS = {
    "booked": "active",
    "pending": "active",
    "checked-in": "arrived",
    "fulfilled": "completed",
}
# http://terminology.hl7.org/CodeSystem/v3-ActCode, the codes of Encounter.class
_SETTINGS = {
    "AMB": "ambulatory",
    "SS": "ambulatory",
    "EMER": "emergency",
    "IMP": "inpatient",
    "ACUTE": "inpatient",
    "NONAC": "inpatient",
    "OBSENC": "inpatient",
    "HH": "home",
    "FLD": "home",
    "VR": "virtual",
}
# Who answers for the contact, before those who only took part (v3-ParticipationType).
_ANSWERS = frozenset({"PPRF", "ATND"})
_VIDEO = re.compile(r"\bvideo", re.IGNORECASE)
_HOME = re.compile(r"\b(?:hjemmebesøk|hjemme hos|heime hos|home visit)", re.IGNORECASE)
_PHONE = re.compile(r"\b(?:telefon|phone|telephone|oppringning)", re.IGNORECASE)


def encounter(contact: Encounter, about: About) -> Projected | NotShown | None:
    """An Encounter: an admission, a consultation, a visit at home."""
    if contact.status == "entered-in-error":
        return NotShown("entered_in_error")
    references = [each.location for each in contact.location]
    place = place_of(about, *references, contact.service_provider)
    reason = _reasons(
        contact.reason_code, (*contact.reason_reference, *(d.condition for d in contact.diagnosis))
    )
    people = gathered(_participants(contact, about))
    setting = _SETTINGS.get(contact.class_.code, "") if contact.class_ else ""
    kind_of = first_said(*contact.type)
    service = said(contact.service_type)
    return Projected(
        kind=Kind.ENCOUNTERS,
        patient=contact.subject,
        title=heading(kind_of, service, contact.class_.display if contact.class_ else "", reason, place.name),
        at=began(contact.period),
        status=_ENCOUNTER_STATUS.get(contact.status, contact.status),
        note=sentence(reason),
        organisation=name_of_place(about, contact.service_provider)
        or place.name
        or next((each.organisation for each in people if each.organisation), ""),
        author=about.practitioner(_answering(contact.participant)),
        words=(reason, service, place.name),
        detail=Contact(
            start=began(contact.period),
            end=ended(contact.period),
            place=place.name,
            address=place.address,
            phone=place.phone,
            reason=reason,
            service_type=service,
            participants=people,
            mode=_mode(setting, kind_of, service),
            setting=setting,
            discharge=said(contact.hospitalization.discharge_disposition) if contact.hospitalization else "",
        ),
    )


def appointment(agreed: Appointment, about: About) -> Projected | NotShown | None:
    """An Appointment. Its patient is the participant that is one; of several the first, for it says no more."""
    if agreed.status == "entered-in-error":
        return NotShown("entered_in_error")
    actors = [each.actor for each in agreed.participant if each.actor is not None]
    place = place_of(about, *(each for each in actors if _is_place(about, each)))
    people = gathered(_invited(agreed.participant, about))
    service = first_said(*agreed.service_type, *agreed.specialty)
    kind = first_said(*agreed.service_category)
    called = (agreed.description, service, kind, said(agreed.appointment_type))
    reason = _reasons(agreed.reason_code, agreed.reason_reference)
    return Projected(
        kind=Kind.ENCOUNTERS,
        patient=next((each for each in actors if is_patient(about, each)), None),
        title=heading(*called, reason, place.name),
        at=agreed.start or agreed.created,
        status=_APPOINTMENT_STATUS.get(agreed.status, agreed.status),
        note=sentence(reason or agreed.comment),
        organisation=place.name or next((each.organisation for each in people if each.organisation), ""),
        author=next((_named(each) for each in people), ""),
        words=(reason, service, agreed.comment, agreed.patient_instruction, place.name),
        detail=Contact(
            start=agreed.start,
            end=agreed.end,
            place=place.name,
            address=place.address,
            phone=place.phone,
            prepare=agreed.patient_instruction,
            reason=reason,
            service_type=service,
            participants=people,
            mode=_mode("ambulatory" if place.name else "", *called, place.name, *_loose(actors)),
            cancelled_reason=said(agreed.cancelation_reason),
            comment=agreed.comment,
            pending=agreed.status == "pending",
        ),
    )


def _answering(participants: Iterable[Performer]) -> Reference | None:
    ranked = sorted(participants, key=lambda each: not _ANSWERS & codes_of(_types(each)))
    return next((each.individual for each in ranked if each.individual is not None), None)


def _types(participant: Performer) -> tuple[CodeableConcept, ...]:
    return participant.type if isinstance(participant.type, tuple) else ()


def _participants(contact: Encounter, about: About) -> Iterable[Person | None]:
    for each in contact.participant:
        yield person_of(about, each.individual, _role(_types(each)))


def _role(types: Iterable[CodeableConcept]) -> str:
    """In the source's own words. HL7's "attender" and "primary performer" are bookkeeping and tell nobody anything."""
    for each in types:
        bookkeeping = {
            coding.display.lower() for coding in each.coding if coding.system.endswith("ParticipationType")
        }
        if not bookkeeping or (each.text and each.text.lower() not in bookkeeping):
            return each.text or said(each)
    return ""


def _invited(participants: Iterable[AppointmentParticipant], about: About) -> Iterable[Person | None]:
    """Those whom one meets: neither the room nor the clinic, nor who has declined."""
    for each in participants:
        if each.actor is not None and each.status != "declined" and not _is_place(about, each.actor):
            met = person_of(about, each.actor, _role(each.type))
            # Free text such as "Phone call" stands where a person does: it has nothing to point at.
            if met is not None and (each.actor.reference or each.actor.identifier):
                yield met


def _is_place(about: About, reference: Reference) -> bool:
    key = about.lookup.key(reference)
    return key is not None and key[0] in {"Location", "HealthcareService", "Organization"}


def _reasons(said_so: Iterable[CodeableConcept], pointed_at: Iterable[Reference | None]) -> str:
    named = [said(each) for each in said_so] or [each.display for each in pointed_at if each]
    return ", ".join(dict.fromkeys(filter(None, named)))


def _mode(setting: str, *texts: str) -> str:
    spoken = " ".join(texts)
    if _VIDEO.search(spoken):
        return "video"
    if _PHONE.search(spoken):
        return "phone"
    if _HOME.search(spoken):
        return "home"
    return setting if setting in {"home", "virtual"} else "physical" if setting else ""


def _loose(actors: Iterable[Reference]) -> list[str]:
    """Free text in the place of a participant, such as "Phone call"."""
    return [actor.display for actor in actors if actor.display and not actor.reference]


def _named(person: Person) -> str:
    return ", ".join(filter(None, (person.name, person.role)))


PROJECTIONS: dict[str, Callable[[Any, About], Projected | NotShown | None]] = {
    "Encounter": encounter,
    "Appointment": appointment,
}
