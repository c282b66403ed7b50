"""Procedures, as they were done, are being done or were not done (http://hl7.org/fhir/R4/procedure.html)."""

from collections.abc import Callable
from typing import Any

from innsyn.journal.fhir.care import Encounter, Procedure
from innsyn.journal.fhir.reading import began, ended, notes_text
from innsyn.records.kinds import Kind
from innsyn.records.people import (
    Person,
    first_said,
    gathered,
    heading,
    name_of_place,
    person_of,
    said,
    sentence,
)
from innsyn.records.procedures.views import ProcedureDone
from innsyn.records.projected import About, NotShown, Projected

# What is prepared is in force for the citizen; "unknown" is better left unsaid.
_STATUS = {"preparation": "active", "unknown": ""}


def procedure(done: Procedure, about: About) -> Projected | NotShown | None:
    """A Procedure; one entered in error is not shown."""
    if done.status == "entered-in-error":
        return NotShown("entered_in_error")
    people = gathered(person_of(about, each.actor, said(each.function)) for each in done.performer)
    author, organisation = _wrote(done, people, about)
    start = done.performed_date_time or began(done.performed_period)
    reason = _reason(done)
    outcome = said(done.outcome)
    comment = notes_text(done.note)
    return Projected(
        kind=Kind.PROCEDURES,
        patient=done.subject,
        title=heading(first_said(done.code, done.category), comment),
        at=start,
        status=_STATUS.get(done.status, done.status),
        note=sentence(reason or outcome or done.performed_string),
        organisation=organisation,
        author=author,
        words=(reason, outcome, comment, *_other_names(done)),
        detail=ProcedureDone(
            code=_codes(done),
            body_site=", ".join(filter(None, map(said, done.body_site))),
            outcome=outcome,
            reason=reason,
            performed_by=people,
            place=name_of_place(about, done.location),
            follow_up="\n".join(filter(None, map(said, done.follow_up))),
            note="\n\n".join(filter(None, (done.performed_string, comment))),
            start=start,
            end=ended(done.performed_period),
        ),
    )


def _wrote(done: Procedure, people: tuple[Person, ...], about: About) -> tuple[str, str]:
    author, organisation = about.wrote(*(each.actor for each in done.performer), done.recorder)
    organisation = organisation or next((each.organisation for each in people if each.organisation), "")
    for performer in done.performer:
        organisation = organisation or name_of_place(about, performer.on_behalf_of)
    return author, organisation or name_of_place(about, done.location) or _house(done, about)


def _house(done: Procedure, about: About) -> str:
    """Where nothing else tells: who had the patient that day."""
    contact = about.find_own(done.encounter, "Encounter", Encounter, done.subject)
    return name_of_place(about, contact.service_provider) if contact else ""


def _reason(done: Procedure) -> str:
    named = [said(reason) for reason in done.reason_code] + [each.display for each in done.reason_reference]
    return ", ".join(dict.fromkeys(filter(None, named)))


def _other_names(done: Procedure) -> list[str]:
    return [coding.display for coding in done.code.coding if coding.display] if done.code else []


def _codes(done: Procedure) -> str:
    return (
        " ".join(dict.fromkeys(coding.code for coding in done.code.coding if coding.code))
        if done.code
        else ""
    )


PROJECTIONS: dict[str, Callable[[Any, About], Projected | NotShown | None]] = {"Procedure": procedure}
