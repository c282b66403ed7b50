"""Referrals: a ServiceRequest is the referral; a Task about it is the receiver's answer and stands for it in the list.

An order of a laboratory analysis is not shown: there is one for each analysis, it decides nothing for the citizen, and
its answer comes as a test result. A referral to imaging is shown: people wait for it and ask where it is.
http://hl7.org/fhir/R4/servicerequest.html, http://hl7.org/fhir/R4/task.html
"""

from collections.abc import Callable
from typing import Any

from innsyn.journal.codes import NLK, SNOMED, normal_system
from innsyn.journal.fhir.care import ServiceRequest, Task
from innsyn.journal.fhir.datatypes import CodeableConcept, Reference
from innsyn.journal.fhir.reading import code_in, ended, notes_text
from innsyn.records.kinds import Kind
from innsyn.records.marks import is_withheld
from innsyn.records.people import first_said, heading, name_of_place, person_of, said, sentence
from innsyn.records.projected import About, NotShown, Projected
from innsyn.records.referrals.views import Referral

# "Laboratory procedure" and the test itself, in the value set of ServiceRequest.category and in version 2 of HL7.
_LABORATORY = {(SNOMED, "108252007"), (SNOMED, "15220000")}
_LABORATORY_CODES = frozenset({"LAB", "laboratory"})
# What a filler makes of an order for itself, and what is only on offer (http://hl7.org/fhir/R4/valueset-request-intent.html).
_INNER = frozenset({"reflex-order", "filler-order", "instance-order", "option"})
_OVER = frozenset({"completed", "revoked"})
_STATUS_OF_STAGE = {
    "draft": "draft",
    "on-hold": "on-hold",
    "rejected": "rejected",
    "completed": "completed",
    "cancelled": "revoked",
    "failed": "revoked",
}


def service_request(asked: ServiceRequest, about: About) -> Projected | NotShown | None:
    """A referral as it was sent. Until somebody answers, this is all there is to see."""
    if (reason := _hidden(asked)) is not None:
        return reason
    detail = _detail(asked, about)
    author, organisation = _wrote(asked, about)
    return Projected(
        kind=Kind.REFERRALS,
        patient=asked.subject,
        title=_title(asked),
        at=asked.authored_on or asked.occurrence_date_time,
        status="" if asked.status == "unknown" else asked.status,
        note=sentence(detail.to, detail.reason),
        organisation=organisation,
        author=author,
        words=(detail.reason, detail.to, detail.text),
        detail=detail,
    )


def task(answer: Task, about: About) -> Projected | NotShown | None:
    """The receiver's answer to a referral. It holds what the referral says, and the referral itself as its part."""
    if answer.status == "entered-in-error":
        return NotShown("entered_in_error")
    asked = _asked(answer, about)
    if isinstance(asked, NotShown):
        return asked
    sent = _detail(asked, about)
    author, organisation = _wrote(asked, about)
    owner = name_of_place(about, answer.owner)
    status_note = said(answer.business_status) or said(answer.status_reason) or notes_text(answer.note)
    return Projected(
        kind=Kind.REFERRALS,
        patient=answer.for_ or asked.subject,
        title=_title(asked),
        at=asked.authored_on or answer.authored_on or asked.occurrence_date_time,
        status=asked.status if asked.status in _OVER else _STATUS_OF_STAGE.get(answer.status, "active"),
        note=sentence(owner or sent.to, status_note or sent.reason),
        organisation=organisation,
        author=author,
        words=(sent.reason, sent.to, sent.text, owner, status_note),
        members=(answer.focus,) if answer.focus else (),
        detail=Referral(
            from_=sent.from_,
            to=owner or sent.to,
            reason=sent.reason,
            priority=sent.priority,
            requested=sent.requested,
            text=sent.text,
            due=(ended(answer.restriction.period) if answer.restriction else "") or sent.due,
            status_note=status_note,
            stage=answer.status,
            answered=answer.last_modified or answer.authored_on,
        ),
    )


def _asked(answer: Task, about: About) -> ServiceRequest | NotShown:
    """The referral that is answered, if it may be told of."""
    focus = about.lookup.key(answer.focus)
    if focus is None or focus[0] != "ServiceRequest":
        return NotShown("task")
    asked = about.find(answer.focus, "ServiceRequest", ServiceRequest)
    if answer.focus is not None and asked is not None and is_withheld(asked):
        about.lookup.look_again(answer.focus, "ServiceRequest")
        # The answer would tell what the referral itself does not tell yet.
        return NotShown("task_of_withheld")
    if answer.for_ is not None:
        asked = about.find_own(answer.focus, "ServiceRequest", ServiceRequest, answer.for_)
    if asked is None:
        # Without the referral there is nothing to recognise it by; the referral itself is shown when it comes.
        return NotShown("task_before_referral")
    return _hidden(asked) or asked


def _hidden(asked: ServiceRequest) -> NotShown | None:
    if asked.status == "entered-in-error":
        return NotShown("entered_in_error")
    if asked.intent in _INNER or asked.do_not_perform:
        return NotShown("order")
    if code_in(asked.code, NLK) or any(map(_is_laboratory, asked.category)):
        return NotShown("order")
    return None


def _is_laboratory(category: CodeableConcept) -> bool:
    return any(
        coding.code in _LABORATORY_CODES or (normal_system(coding.system), coding.code) in _LABORATORY
        for coding in category.coding
    )


def _detail(asked: ServiceRequest, about: About) -> Referral:
    reasons = [said(each) for each in asked.reason_code] + [each.display for each in asked.reason_reference]
    return Referral(
        from_=_who(asked.requester, about),
        to=", ".join(filter(None, (_who(each, about) for each in asked.performer)))
        or said(asked.performer_type),
        reason=", ".join(dict.fromkeys(filter(None, reasons))),
        priority=asked.priority,
        requested=asked.authored_on,
        text="\n\n".join(filter(None, (_ordered(asked), notes_text(asked.note), asked.patient_instruction))),
        due=ended(asked.occurrence_period),
    )


def _ordered(asked: ServiceRequest) -> str:
    return ", ".join(filter(None, map(said, asked.order_detail)))


def _who(reference: Reference | None, about: About) -> str:
    person = person_of(about, reference)
    return ", ".join(filter(None, (person.name, person.organisation))) if person else ""


def _wrote(asked: ServiceRequest, about: About) -> tuple[str, str]:
    author, organisation = about.wrote(asked.requester)
    return author, organisation


def _title(asked: ServiceRequest) -> str:
    return heading(said(asked.code), first_said(*asked.category), *map(said, asked.reason_code))


PROJECTIONS: dict[str, Callable[[Any, About], Projected | NotShown | None]] = {
    "ServiceRequest": service_request,
    "Task": task,
}
