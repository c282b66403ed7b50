"""What a Task means for whoever is to fill in its form, decided from values."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final

from innsyn.access.book.ages import midnight
from innsyn.journal.fhir.reading import instant

REQUESTED, READY, IN_PROGRESS = "requested", "ready", "in_progress"
COMPLETED, CANCELLED = "completed", "cancelled"
OPEN: Final = (REQUESTED, READY, IN_PROGRESS)

# http://hl7.org/fhir/R4/valueset-task-status.html. A draft is not asked of anybody yet.
_STATES: Final = {
    "requested": REQUESTED,
    "received": REQUESTED,
    "on-hold": REQUESTED,
    "accepted": READY,
    "ready": READY,
    "in-progress": IN_PROGRESS,
    "completed": COMPLETED,
    "cancelled": CANCELLED,
    "rejected": CANCELLED,
    "failed": CANCELLED,
}
# For so long what the unit has cancelled is told, and what was begun for it can be read.
TOLD_FOR: Final = timedelta(days=30)
# Where the Task says nothing of reminders.
_REMIND_BEFORE: Final = timedelta(days=3)
_DAY, _MONTH, _YEAR, _DECEMBER = len("2026-11-27"), len("2026-11"), len("2026"), 12
_MOST_REMINDERS: Final = 10
# Of questions that are mostly one choice each.
_QUESTIONS_A_MINUTE: Final = 4


def state_of(status: str) -> str:
    """Our state of a Task with this status; '' where it asks nobody for anything."""
    return _STATES.get(status, "")


def deadline_of(end: str) -> datetime | None:
    """The first moment that is too late, of the end of a period: a day is over at midnight in Norway."""
    at = instant(end)
    if at is None or len(end) > _DAY:
        return at
    day = date(at.year, at.month, at.day)
    if len(end) == _YEAR:
        return midnight(date(day.year + 1, 1, 1))
    if len(end) == _MONTH:
        return midnight(date(day.year + day.month // _DECEMBER, day.month % _DECEMBER + 1, 1))
    return midnight(day + timedelta(days=1))


def remind_at(told: Iterable[str], asked: datetime, deadline: datetime | None) -> tuple[datetime, ...]:
    """When to remind: as the Task says, else some days before the deadline, where it was asked before that."""
    moments = sorted({at for each in told if (at := instant(each)) is not None})[:_MOST_REMINDERS]
    if not moments and deadline is not None and deadline - _REMIND_BEFORE > asked:
        moments = [deadline - _REMIND_BEFORE]
    return tuple(moments)


def is_overdue(deadline: datetime | None, now: datetime) -> bool:
    """Is it too late by now? It can be answered all the same: the care service decides what it still needs."""
    return deadline is not None and deadline <= now


def last_day(deadline: datetime) -> datetime:
    """A moment of the last day on which it is not too late."""
    return deadline - timedelta(microseconds=1)


def minutes_for(questions: int) -> int:
    """About how long so many questions take, in whole minutes that one would say."""
    exactly = max(1, -(-questions // _QUESTIONS_A_MINUTE))
    return exactly if exactly < 5 else 5 * -(-exactly // 5)  # noqa: PLR2004 - after that by fives
