"""Form tasks: as the feed says them, as they are asked for, and as pages show them."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from innsyn.access.filling import ASSIGNED, FULLMAKT, ONLY_CITIZEN, PARENT_OF_CHILD, PARENT_OF_YOUTH, STANDARD
from innsyn.access.reader import Reader
from innsyn.access.views import who
from innsyn.forms.tasks.rules import CANCELLED, COMPLETED, IN_PROGRESS, is_overdue, last_day, minutes_for
from innsyn.web.dates import today_of


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A form that a person is asked to fill in; the fields are those of form.task (tables.py)."""

    questionnaire: tuple[str, ...]
    questionnaire_version: str
    state: str
    title: str
    unit: str
    why: str
    reason: str
    may_fill: tuple[str, ...]
    service_area: str
    deadline: datetime | None
    asked_at: datetime
    remind_at: tuple[datetime, ...]
    identifier: str
    closed_at: datetime | None


class Todo(msgspec.Struct, frozen=True, kw_only=True):
    """A task with its form, where that has come (`questions` None: it has not), and what this reader has done."""

    task_id: UUID
    title: str
    unit: str
    state: str
    why: str
    reason: str
    deadline: datetime | None
    asked_at: datetime
    closed_at: datetime | None
    reminded_at: datetime | None
    may_fill: list[str]
    form_title: str | None
    form_may_fill: list[str] | None
    questions: int | None
    withdrawn: bool
    draft_id: UUID | None
    saved_at: datetime | None
    sent_id: UUID | None


class Choice(msgspec.Struct, frozen=True):
    """A form that one may begin unasked."""

    form: UUID
    title: str
    questions: int
    may_fill: list[str]


class Begun(msgspec.Struct, frozen=True):
    """A draft that answers no task."""

    draft_id: UUID
    title: str
    saved_at: datetime


class Sent(msgspec.Struct, frozen=True):
    """What has been sent. `own`: by whoever reads."""

    sent_id: UUID
    title: str
    sent_at: datetime
    receipt: str
    own: bool


class HelpersDraft(msgspec.Struct, frozen=True):
    """What somebody has begun who was given this form by the person here."""

    name: str
    draft_id: UUID
    saved_at: datetime


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A task in a list. `due`: the last day as a date, '' without a deadline. `href`: where it goes on."""

    href: str
    title: str
    unit: str
    due: str
    overdue: bool
    begun: bool
    reminded: bool
    # As in TaskPage.
    stands: str
    # Of what is over: when, and in which words.
    closed: str = ""
    reason: str = ""


class Doable(msgspec.Struct, frozen=True):
    """Something to begin: `form` is its id, `minutes` about how long it takes."""

    form: UUID
    title: str
    minutes: int


class ListPage(msgspec.Struct, frozen=True, kw_only=True):
    """GET /forms. `may_start` False: a preview, in which nothing is begun."""

    reader: Any
    to_do: list[Row]
    begun: list[Begun]
    choices: list[Doable]
    cancelled: list[Row]
    elsewhere: list[Row]
    sent: list[Sent]
    may_start: bool


class TaskPage(msgspec.Struct, frozen=True, kw_only=True):
    """GET /forms/tasks/{id}. `why_not`: the rule by which whoever is here may not fill it in ('' they may).

    `stands`: open, waits (for its form), withdrawn (the form is), sent, done (in another way), cancelled. `who` may
    fill it in: standard, citizen, parents or helpers. `helpers`: what those have begun whom the reader has given it.
    """

    reader: Any
    task_id: UUID
    title: str
    unit: str
    why: str
    asked: datetime
    due: str
    overdue: bool
    reminded: bool
    minutes: int
    who: str
    stands: str
    why_not: str
    draft: UUID | None
    saved: datetime | None
    sent: UUID | None
    closed: str
    reason: str
    may_give: bool
    helpers: list[HelpersDraft]


_todo = msgspec.json.Decoder(Todo).decode
_choice = msgspec.json.Decoder(Choice).decode
_begun = msgspec.json.Decoder(Begun).decode
_sent = msgspec.json.Decoder(Sent).decode
_helpers = msgspec.json.Decoder(list[HelpersDraft]).decode
Allowed = Callable[[Iterable[str]], str]


def rows_of(told: Iterable[str], now: datetime) -> list[Row]:
    """Tasks as lines of a list."""
    return [_row(_todo(each), now) for each in told]


def begun_of(told: Iterable[str]) -> list[Begun]:
    """Drafts that answer no task."""
    return list(map(_begun, told))


def sent_of(told: Iterable[str]) -> list[Sent]:
    """What has been sent."""
    return list(map(_sent, told))


def choices_of(told: Iterable[str], refused: Allowed) -> list[Doable]:
    """What whoever is here may begin; `refused` names the rule that keeps a form with such codes from them."""
    return [
        Doable(each.form, each.title, minutes_for(each.questions))
        for each in map(_choice, told)
        if not refused(each.may_fill)
    ]


def task_page(reader: Reader, locale: str, told: str, refused: Allowed, helpers: str | None) -> TaskPage:
    """The page of one task; `helpers` as queries.Told has them."""
    todo = _todo(told)
    line = _row(todo, reader.at)
    # The form says who may, and the task may say that fewer do.
    why_not = refused(todo.form_may_fill or ()) or (refused(todo.may_fill) if todo.may_fill else "")
    codes = frozenset(todo.may_fill or todo.form_may_fill or STANDARD)
    return TaskPage(
        reader=who(reader, locale),
        task_id=todo.task_id,
        title=line.title,
        unit=line.unit,
        why=todo.why,
        asked=todo.asked_at,
        due=line.due,
        overdue=line.overdue,
        reminded=line.reminded,
        minutes=minutes_for(todo.questions or 0),
        who=_who(codes),
        stands=_stands(todo),
        why_not=why_not,
        draft=todo.draft_id,
        saved=todo.saved_at,
        sent=todo.sent_id,
        closed=line.closed,
        reason=todo.reason,
        may_give=reader.own and not why_not and FULLMAKT in codes and ONLY_CITIZEN not in codes,
        helpers=_helpers(helpers) if helpers else [],
    )


def _who(codes: frozenset[str]) -> str:
    helpers, parents = codes & {ASSIGNED, FULLMAKT}, codes & {PARENT_OF_CHILD, PARENT_OF_YOUTH}
    if ONLY_CITIZEN in codes or not (helpers or parents):
        return "citizen"
    return "standard" if helpers and parents else "helpers" if helpers else "parents"


def _stands(todo: Todo) -> str:
    if todo.state == CANCELLED:
        return "cancelled"
    if todo.sent_id is not None:
        return "sent"
    if todo.state == COMPLETED:
        return "done"
    if todo.questions is not None:
        return "open"
    return "withdrawn" if todo.withdrawn else "waits"


def _row(todo: Todo, now: datetime) -> Row:
    stands = _stands(todo)
    is_open = stands in {"open", "waits", "withdrawn"}
    begun = todo.draft_id is not None
    return Row(
        href=f"/forms/drafts/{todo.draft_id}" if begun and is_open else f"/forms/tasks/{todo.task_id}",
        title=todo.form_title or todo.title,
        unit=todo.unit,
        due=_day(last_day(todo.deadline)).isoformat() if todo.deadline else "",
        overdue=is_open and is_overdue(todo.deadline, now),
        begun=begun or todo.state == IN_PROGRESS,
        reminded=is_open and todo.reminded_at is not None,
        stands=stands,
        closed=_day(todo.closed_at).isoformat() if todo.closed_at else "",
        reason=todo.reason,
    )


def _day(moment: datetime) -> date:
    return today_of(moment)
