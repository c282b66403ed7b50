"""What was sent, as its page and as programs see it."""

from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

import msgspec

from innsyn.access.reader import Reader
from innsyn.access.views import who
from innsyn.forms.filling.views import SentPage, Step, steps_of
from innsyn.forms.sent.queries import How, Listed, Opened
from innsyn.forms.sent.rules import keeps_copy
from innsyn.forms.sent.standing import as_sent

State = Literal["waiting", "received", "late", "failed"]
# Most is delivered within seconds; after a day somebody has to be told.
_LATE_AFTER: Final = timedelta(days=1)


class TaskTold(msgspec.Struct, frozen=True):
    """A form that is asked for. `deadline`: the first moment that is too late."""

    id: UUID
    title: str
    unit: str
    state: str
    asked: datetime
    deadline: datetime | None


class DraftTold(msgspec.Struct, frozen=True):
    """A form that the reader has begun."""

    id: UUID
    task: UUID | None
    title: str
    started: datetime
    saved: datetime


class SentTold(msgspec.Struct, frozen=True):
    """A form that was sent. `author`: who filled it in, '' where that was the person."""

    id: UUID
    task: UUID | None
    title: str
    receipt: str
    sent: datetime
    state: State
    author: str


class FormsTold(msgspec.Struct, frozen=True):
    """Everything of forms in a record."""

    tasks: list[TaskTold]
    drafts: list[DraftTold]
    sent: list[SentTold]


def state_of(how: How | None, now: datetime) -> State:
    """In true words: `waiting` is with us, or on its way and nobody has heard."""
    if how is None:
        return "waiting"
    if how.state in {"refused", "dead"}:
        return "failed"
    if how.state == "received":
        return "received"
    return "late" if how.queued < now - _LATE_AFTER else "waiting"


def sent_page(reader: Reader, locale: str, opened: Opened, *, is_new: bool = False) -> SentPage:
    """The receipt, and the answers as they were sent."""
    sent, how = opened.sent, opened.sent.how
    kept = keeps_copy(opened.form)
    return SentPage(
        reader=who(reader, locale),
        sent=sent.sent_id,
        title=opened.form.title,
        receipt=sent.receipt,
        state=state_of(how, reader.at),
        sent_at=sent.sent_at,
        received_at=how.answered if how and how.state == "received" else None,
        steps=steps_shown(opened) if kept else [],
        is_new=is_new,
        author=_author(sent.author_id, reader, how),
        about=reader.subject_name,
        receiver=sent.unit,
        kept=kept,
        paper=f"/forms/sent/{sent.sent_id}/receipt.pdf",
        files={f"urn:uuid:{file.file_id}": file for file in opened.files},
        before=opened.before,
    )


def steps_shown(opened: Opened) -> list[Step]:
    """The answers at their questions, as they were sent."""
    return steps_of(as_sent(opened.form, opened.response))


def told(reader: Reader, listed: Listed) -> FormsTold:
    """For programs."""
    return FormsTold(
        tasks=[
            TaskTold(each.task_id, each.title, each.unit, each.state, each.asked, each.deadline)
            for each in listed.tasks
        ],
        drafts=[
            DraftTold(each.draft_id, each.task_id, each.title, each.started, each.saved)
            for each in listed.drafts
        ],
        sent=[
            SentTold(
                *(each.sent_id, each.task_id, each.title, each.receipt, each.sent_at),
                state=state_of(each.how, reader.at),
                author=_author(each.author_id, reader, each.how),
            )
            for each in listed.sent
        ],
    )


def _author(author_id: UUID, reader: Reader, how: How | None) -> str:
    return how.author if how is not None and author_id != reader.subject_id else ""
