"""AuditEvent: who in the health service opened the record, from where, and why.

Profile no-domain-Trustframework-Auditevent of HL7 Norway. What an AuditEvent does not say is not shown; a broken one is
shown with what can be read of it, because a look-up that is left out would be the one worth asking about.
"""

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from innsyn.access.lookups.rules import SERVICE_TYPE, act_of, was_refused, why
from innsyn.access.lookups.views import Lookup
from innsyn.journal.codes import normal_system
from innsyn.journal.fhir.audit import (
    CARE_RELATION,
    DECISION,
    ENCOUNTER,
    PATIENT,
    USER_SELECTED,
    AuditAgent,
    AuditEvent,
    AuditExtension,
    AuditRole,
)
from innsyn.journal.fhir.care import Organization, Practitioner
from innsyn.journal.fhir.datatypes import Reference
from innsyn.journal.fhir.reading import clipped, instant
from innsyn.journal.lookup import name_of
from innsyn.records.kinds import Kind
from innsyn.records.people import is_patient, said
from innsyn.records.projected import About, Beside, NotShown, Projected

_NAME, _TEXT = 120, 300
# Of a thousand agents or entities the first ones tell what there is to tell.
_MOST_AGENTS, _MOST_ENTITIES, _MOST_LEVELS = 20, 50, 4
_AREAS = {
    "Observation": Kind.LAB_RESULTS,
    "DiagnosticReport": Kind.LAB_RESULTS,
    "ImagingStudy": Kind.IMAGING,
    "MedicationRequest": Kind.MEDICATIONS,
    "MedicationStatement": Kind.MEDICATIONS,
    "Composition": Kind.NOTES,
    "DocumentReference": Kind.NOTES,
    "AllergyIntolerance": Kind.ALLERGIES,
    "Flag": Kind.ALLERGIES,
    "Condition": Kind.DIAGNOSES,
    "Immunization": Kind.VACCINATIONS,
    "Procedure": Kind.PROCEDURES,
    "Encounter": Kind.ENCOUNTERS,
    "Appointment": Kind.ENCOUNTERS,
    "ServiceRequest": Kind.REFERRALS,
    "Task": Kind.REFERRALS,
    "CarePlan": Kind.CARE_PLANS,
    "CareTeam": Kind.CARE_TEAM,
}


def look_up(event: AuditEvent, about: About) -> Projected | Beside | NotShown | None:
    """A look-up, for the log of the person whose record it was."""
    agents = list(islice(event.agent, _MOST_AGENTS))
    agent = _who_wanted_it(agents, about)
    codings = list(_codings(event, agent))
    reason = why(codings)
    decision = _within(event.extension, CARE_RELATION)
    contact = _reference(event.extension, ENCOUNTER)
    key = about.lookup.key(contact)
    return Beside(
        patient=_patient(event, about),
        row=Lookup(
            at=_time(event),
            **_person(agent, about),
            act=act_of(event.action, (each.code for each in (*_type(event), *event.subtype))),
            areas=_areas(event),
            reason=reason.reason,
            decision=clipped(_string(decision, DECISION), _TEXT),
            service=clipped(_service(event), _NAME),
            emergency=reason.emergency,
            self_authorised=any(each.value_boolean is True for each in _named(decision, USER_SELECTED)),
            by_patient=agent is not None and is_patient(about, agent.who),
            refused=was_refused(event.outcome),
            encounter=key if key is not None and key[0] == "Encounter" else None,
        ),
    )


def _patient(event: AuditEvent, about: About) -> Reference | None:
    """The extension tells; without it the one patient among what was opened. Two of them tell nothing."""
    if (told := _reference(event.extension, PATIENT)) is not None:
        return told
    found = {
        name_of(each.what, "Patient"): each.what
        for each in islice(event.entity, _MOST_ENTITIES)
        if each.what is not None and (is_patient(about, each.what) or _is_person(each.what, each.type))
    }
    return next(iter(found.values())) if len(found) == 1 else None


def _is_person(what: Reference, type_: Any) -> bool:  # noqa: ANN401 - a Coding, or none
    """A reference by identifier alone, where the entity says that it is a patient."""
    return (
        not what.reference and what.identifier is not None and type_ is not None and type_.code == "Patient"
    )


def _who_wanted_it(agents: Iterable[AuditAgent], about: About) -> AuditAgent | None:
    ranked = sorted(agents, key=lambda each: (not each.requestor, not _is_somebody(each, about)))
    return next(iter(ranked), None)


def _is_somebody(agent: AuditAgent, about: About) -> bool:
    return bool(name_of(agent.who)) or bool(agent.name) or is_patient(about, agent.who)


def _person(agent: AuditAgent | None, about: About) -> dict[str, str]:
    """Name, role, unit and organisation of who looked."""
    if agent is None or agent.who is None:
        return {"name": clipped(agent.name if agent else "", _NAME), "role": _role_of(agent)}
    role = about.find(agent.who, "PractitionerRole", AuditRole)
    who = role.practitioner if role else agent.who
    practitioner = about.find(who, "Practitioner", Practitioner)
    learnt = (
        next((words for each in practitioner.qualification if (words := said(each.code))), "")
        if practitioner
        else ""
    )
    called = (
        "" if is_patient(about, agent.who) else about.practitioner(who) or agent.who.display or agent.name
    )
    unit, house, at = _houses(role.organization if role else None, about)
    place = next((name for each in (role.location if role else ()) if (name := about.organisation(each))), "")
    return {
        "name": clipped(called, _NAME),
        "role": clipped(next(filter(None, map(said, role.code)), "") if role else "", _NAME)
        or clipped(learnt, _NAME)
        or _role_of(agent),
        "unit": clipped(unit or place, _NAME),
        "organisation": clipped(house or unit or place, _NAME),
        "unit_reference": at if len(at) <= _NAME else "",
    }


def _role_of(agent: AuditAgent | None) -> str:
    return clipped(next(filter(None, map(said, agent.role)), ""), _NAME) if agent else ""


def _houses(reference: Reference | None, about: About) -> tuple[str, str, str]:
    """(department, legal entity, where the department is found): a house that is part of nothing is both in one."""
    names: list[str] = []
    at = name_of(reference, "Organization")
    step = reference
    while step is not None and len(names) < _MOST_LEVELS:
        house = about.find(step, "Organization", Organization)
        if name := (house.name if house else "") or step.display:
            names.append(name)
        step = house.part_of if house else None
    if not names:
        return "", "", ""
    return ("" if len(names) == 1 else names[0]), names[-1], "" if at.startswith("#") or "?" in at else at


def _codings(event: AuditEvent, agent: AuditAgent | None) -> Iterable[tuple[str, str]]:
    purposes = (*event.purpose_of_event, *(agent.purpose_of_use if agent else ()))
    for concept in islice(purposes, _MOST_ENTITIES):
        for coding in concept.coding:
            yield normal_system(coding.system), coding.code


def _service(event: AuditEvent) -> str:
    for concept in event.purpose_of_event:
        for coding in concept.coding:
            if normal_system(coding.system) == SERVICE_TYPE and coding.display:
                return coding.display
    return ""


def _type(event: AuditEvent) -> tuple[Any, ...]:
    return (event.type,) if event.type is not None else ()


def _areas(event: AuditEvent) -> tuple[str, ...]:
    opened = (each.what for each in islice(event.entity, _MOST_ENTITIES) if each.what is not None)
    told = (each.type or name_of(each).partition("/")[0] for each in opened)
    return tuple(dict.fromkeys(str(_AREAS[kind]) for kind in told if kind in _AREAS))


def _time(event: AuditEvent) -> str:
    candidates = (event.recorded, event.period.start if event.period else "")
    return next((each for each in candidates if each and instant(each) is not None), "")


def _named(extensions: Iterable[AuditExtension], name: str) -> list[AuditExtension]:
    return [each for each in extensions if each.url_end == name]


def _within(extensions: Iterable[AuditExtension], name: str) -> list[AuditExtension]:
    return [inner for each in _named(extensions, name) for inner in each.extension]


def _reference(extensions: Iterable[AuditExtension], name: str) -> Reference | None:
    return next((each.value_reference for each in _named(extensions, name) if each.value_reference), None)


def _string(extensions: Iterable[AuditExtension], name: str) -> str:
    return next((each.value_string for each in _named(extensions, name) if each.value_string), "")


PROJECTIONS: dict[str, Callable[[Any, About], Projected | Beside | NotShown | None]] = {"AuditEvent": look_up}
