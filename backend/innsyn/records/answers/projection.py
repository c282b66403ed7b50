"""Consent, Task and QuestionnaireResponse: the journal's answer to what was asked and sent here."""

from collections.abc import Callable, Iterable
from typing import Any, Final
from uuid import UUID

from innsyn.journal.delivery_bundle import OUTBOX
from innsyn.journal.fhir.care import Task
from innsyn.journal.fhir.consent import REQUEST, Consent
from innsyn.journal.fhir.datatypes import Identifier
from innsyn.journal.fhir.forms import QuestionnaireResponse
from innsyn.records.answers.views import Answer, Came, Reply
from innsyn.records.projected import About, Beside, NotShown, Projected

_LONGEST_REPLY: Final = 4_000
# http://hl7.org/fhir/R4/valueset-consent-state-codes.html. Proposed and draft are no answer yet.
_OUTCOMES: Final = {
    "active": "in_force",
    "rejected": "refused",
    "inactive": "ended",
    "entered-in-error": "ended",
}
# http://hl7.org/fhir/R4/valueset-task-status.html. Requested, received, on-hold and ready are no answer yet.
_STANDINGS: Final = {
    "accepted": "accepted",
    "in-progress": "accepted",
    "completed": "answered",
    "rejected": "declined",
    "cancelled": "declined",
    "failed": "declined",
    "entered-in-error": "declined",
}


def answer(consent: Consent, about: About) -> Projected | Beside | NotShown | None:  # noqa: ARG001 - as every projection
    """The answer, known by our identifier; a Consent that was made elsewhere is nothing we have asked for."""
    request_id, sent_as = _ours(consent.identifier, REQUEST), _ours(consent.identifier, OUTBOX)
    if request_id is None and sent_as is None:
        return NotShown("not_asked_here")
    outcome = _OUTCOMES.get(consent.status, "") if request_id else ""
    if not outcome and sent_as is None:
        return NotShown("no_answer_yet")
    return Beside(patient=consent.patient, row=Answer(request_id, outcome, sent_as))


def reply(task: Task, about: About) -> Projected | Beside | NotShown | None:  # noqa: ARG001 - as every projection
    """What became of a question; None for a Task that was made elsewhere, which others may want."""
    request_id, sent_as = _ours(task.identifier, REQUEST), _ours(task.identifier, OUTBOX)
    if request_id is None and sent_as is None:
        return None
    standing = _STANDINGS.get(task.status, "") if request_id else ""
    words = "\n\n".join(each.value_string.strip() for each in task.output if each.value_string.strip())
    said = words[:_LONGEST_REPLY] if standing in {"answered", "declined"} else ""
    return Beside(patient=task.for_, row=Reply(request_id, standing, said, sent_as))


def came(response: QuestionnaireResponse, about: About) -> Projected | Beside | NotShown | None:  # noqa: ARG001 - as every projection
    """That an answered form has arrived. One that was answered elsewhere is not shown (yet)."""
    sent_as = _ours((response.identifier,) if response.identifier else (), OUTBOX)
    return Beside(patient=response.subject, row=Came(sent_as)) if sent_as is not None else None


PROJECTIONS: dict[str, Callable[[Any, About], Projected | Beside | NotShown | None]] = {
    "Consent": answer,
    "Task": reply,
    "QuestionnaireResponse": came,
}


def _ours(identifiers: Iterable[Identifier], system: str) -> UUID | None:
    for identifier in identifiers:
        if identifier.system == system:
            try:
                return UUID(identifier.value)
            except ValueError:
                return None
    return None
