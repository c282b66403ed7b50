"""Task: a form that somebody is asked to fill in.

Shape: Helsenorge's form tasks (focus.type Questionnaire, with its number as identifier), and the same said by a
reference or a canonical address. http://hl7.org/fhir/R4/task.html
"""

from collections.abc import Callable, Iterable
from typing import Any, Final
from uuid import UUID

from innsyn.access.filling import SYSTEM
from innsyn.forms.published_views import names_of
from innsyn.forms.tasks.rules import CANCELLED, COMPLETED, deadline_of, remind_at, state_of
from innsyn.forms.tasks.views import Asked
from innsyn.journal.fhir.care import Task
from innsyn.journal.fhir.datatypes import Identifier, Reference, TaskInput
from innsyn.journal.fhir.forms import SERVICE_AREA, TASK_INPUT
from innsyn.journal.fhir.reading import clipped, ended, instant, notes_text, text_of
from innsyn.journal.lookup import name_of
from innsyn.journal.projected import About, Beside, NotShown

_QUESTIONNAIRE: Final = "Questionnaire"
_TITLE, _NAME, _WORDS = 200, 200, 2_000
_MOST_INPUTS: Final = 50


def task(asked: Task, about: About) -> Beside | NotShown | None:
    """What is asked of whom; None for a Task about something else than a form."""
    names, version = _form(asked)
    if not names and (asked.focus is None or asked.focus.type != _QUESTIONNAIRE):
        return None
    if asked.status == "entered-in-error":
        return NotShown("entered_in_error")
    if not (state := state_of(asked.status)):
        return NotShown("not_asked_yet")
    at = instant(asked.authored_on) or about.recorded
    deadline = deadline_of(ended(asked.restriction.period) if asked.restriction else "")
    is_over = state in {COMPLETED, CANCELLED}
    security = asked.meta.security if asked.meta else ()
    return Beside(
        patient=asked.for_,
        row=Asked(
            questionnaire=names,
            questionnaire_version=version,
            state=state,
            title=clipped(_title(asked), _TITLE),
            unit=clipped(_unit(asked, about), _NAME),
            why=clipped(_why(asked), _WORDS),
            reason=clipped(text_of(asked.status_reason), _WORDS) if state == CANCELLED else "",
            may_fill=tuple(sorted({each.code for each in security if each.system == SYSTEM})),
            service_area=next((each.code for each in security if each.system == SERVICE_AREA), ""),
            deadline=deadline,
            asked_at=at,
            remind_at=() if is_over else remind_at(_reminders(asked.input), at, deadline),
            identifier=_identifier(asked.identifier),
            closed_at=(instant(asked.last_modified) or about.recorded) if is_over else None,
        ),
    )


PROJECTIONS: dict[str, Callable[[Any, About], Beside | NotShown | None]] = {"Task": task}


def _form(asked: Task) -> tuple[tuple[str, ...], str]:
    """What the form is called, and the version that is asked for."""
    focus = asked.focus
    if focus is not None and (
        focus.type == _QUESTIONNAIRE or name_of(focus).startswith(f"{_QUESTIONNAIRE}/")
    ):
        return _named(focus)
    for each in asked.input[:_MOST_INPUTS]:
        if each.value_canonical and _is(each, "questionnaire"):
            url, _, version = each.value_canonical.partition("|")
            return names_of((), url), version
    return (), ""


def _named(focus: Reference) -> tuple[tuple[str, ...], str]:
    url, _, version = focus.reference.partition("|")
    is_absolute = url.startswith(("http://", "https://", "urn:"))
    names = names_of((focus.identifier,) if focus.identifier else (), url if is_absolute else "")
    told = name_of(Reference(reference=url)) if url else ""
    if told.startswith(f"{_QUESTIONNAIRE}/"):
        names = (*names, f"ref:{told.partition('/')[2]}")
    return names, version


def _title(asked: Task) -> str:
    focus = asked.focus.display if asked.focus else ""
    return asked.description or focus or text_of(asked.code)


def _why(asked: Task) -> str:
    """In the unit's own words, beside what the form is called."""
    notes = notes_text(asked.note)
    said = text_of(asked.code)
    return notes or (said if said and said != _title(asked) else "")


def _unit(asked: Task, about: About) -> str:
    """Who asks: the unit, not the person in it."""
    for reference in (asked.requester, asked.owner):
        if reference is not None and (name := about.organisation(reference) or _display(reference)):
            return name
    return ""


def _display(reference: Reference) -> str:
    return "" if name_of(reference).startswith("Patient") else reference.display


def _reminders(inputs: Iterable[TaskInput]) -> Iterable[str]:
    for each in tuple(inputs)[:_MOST_INPUTS]:
        if _of_a_form_task(each):
            yield each.value_date_time or each.value_instant or each.value_date


def _of_a_form_task(each: TaskInput) -> bool:
    return each.type is not None and any(coding.system == TASK_INPUT for coding in each.type.coding)


def _is(each: TaskInput, code: str) -> bool:
    return each.type is not None and (
        each.type.text == code or any(coding.code == code for coding in each.type.coding)
    )


def _identifier(identifiers: Iterable[Identifier]) -> str:
    """system|value of the one that is a GUID, else of the first."""
    told = [each for each in identifiers if each.value]
    chosen = next((each for each in told if _is_guid(each.value)), told[0] if told else None)
    return f"{chosen.system}|{chosen.value}" if chosen else ""


def _is_guid(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True
