"""How a thread stands by the Task that tells of it: when it was read, to whom it was handed on, what came of it."""

from datetime import datetime
from typing import Final

import msgspec

from innsyn.journal.fhir.datatypes import Reference
from innsyn.journal.fhir.messages import STANDING, TASK, Task
from innsyn.journal.fhir.reading import clipped, code_in, ended, instant, text_of
from innsyn.journal.lookup import name_of
from innsyn.journal.projected import About, Beside, NotShown
from innsyn.messages.naming import sent_as, thread_named

STANDINGS: Final = frozenset({"read", "handed_on", "answered", "closed"})
# http://hl7.org/fhir/R4/valueset-task-status.html, where the Task does not say it in our words.
_BY_STATUS: Final = {
    "accepted": "read",
    "in-progress": "read",
    "completed": "closed",
    "rejected": "closed",
    "cancelled": "closed",
    "failed": "closed",
}
_REFUSED: Final = frozenset({"rejected", "cancelled", "failed"})
_NAME, _WORDS = 200, 4_000


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What a Task tells of a thread, and how it left where it was written here.

    `thread` is a name for messages/naming.py; `standing` '' tells nothing yet.
    """

    thread: str
    standing: str
    at: datetime
    handed_to_ref: str
    handed_to: str
    outcome: str
    sent_as: str = ""


def told(task: Task, about: About) -> Beside | NotShown | None:
    """What is told of which thread; None for a Task about something else."""
    if not (thread := _thread(task)):
        return None
    if task.status == "entered-in-error":
        return NotShown("entered_in_error")
    standing = _standing(task)
    handed = task.owner if standing == "handed_on" else None
    return Beside(
        patient=task.for_,
        row=Told(
            thread=thread,
            standing=standing,
            at=_at(task, standing, about.recorded),
            handed_to_ref=ref_of(handed),
            handed_to=clipped(_name(handed, about), _NAME),
            outcome=_outcome(task) if standing == "closed" else "",
            sent_as=sent_as(task.identifier),
        ),
    )


def ref_of(reference: Reference | None) -> str:
    """Kind/id in the feed, '' for one that tells none."""
    name = name_of(reference)
    return name if "/" in name and not name.startswith(("#", "urn:")) and "?" not in name else ""


def _thread(task: Task) -> str:
    if task.focus is None or not _is_about_a_message(task):
        return ""
    return thread_named((task.focus,))


def _is_about_a_message(task: Task) -> bool:
    if code_in(task.code, TASK) == "message":
        return True
    focus = task.focus
    return focus is not None and (
        focus.type == "Communication" or name_of(focus).startswith("Communication/")
    )


def _standing(task: Task) -> str:
    said = code_in(task.business_status, STANDING)
    # A Task that is over is over, whatever else it says.
    by_status = _BY_STATUS.get(task.status, "")
    return said if said in STANDINGS and by_status != "closed" else by_status


def _at(task: Task, standing: str, recorded: datetime) -> datetime:
    """A clock that goes ahead must not put it before what is written later."""
    period = task.execution_period
    begun = period.start if period and standing == "read" else ""
    told_at = ended(period) if standing == "closed" else task.last_modified or begun
    found = instant(told_at) or instant(task.last_modified) or instant(task.authored_on)
    return min(found, recorded) if found else recorded


def _name(reference: Reference | None, about: About) -> str:
    if reference is None:
        return ""
    return about.organisation(reference) or about.practitioner(reference) or reference.display


def _outcome(task: Task) -> str:
    notes = [each.value_string.strip() for each in task.output if each.value_string.strip()]
    why = text_of(task.status_reason) if task.status in _REFUSED or not notes else ""
    return "\n\n".join(part for part in (why, *notes) if part)[:_WORDS]
