"""What has been sent: one of them with its form, and all that is under way or done."""

from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import JSON, ColumnElement, Text, and_, bindparam, cast, func, literal_column, select
from sqlalchemy.types import Uuid

from innsyn.access.opening import Question, ReadSession, many, one, reader
from innsyn.access.reader import Reader
from innsyn.forms.drafts.tables import draft
from innsyn.forms.engine.model import Form
from innsyn.forms.files.queries import files_of, read_files
from innsyn.forms.filling.views import FileShown, SentBefore
from innsyn.forms.published import forms, published
from innsyn.forms.sent.refusals import NoSuchSent
from innsyn.forms.sent.tables import sent
from innsyn.forms.tables import questionnaire, task
from innsyn.forms.tasks.queries import sees, sees_sent

_MOST: Final[ColumnElement[int]] = literal_column("200")


class How(msgspec.Struct, frozen=True):
    """How far it has come: a state of the outbox, when, and who sent it."""

    state: str
    queued: datetime
    answered: datetime | None
    author: str


class Sent(msgspec.Struct, frozen=True):
    """Something that has been sent. `how` None: it left no trace in the outbox that this reader may see."""

    sent_id: UUID
    author_id: UUID
    draft_id: UUID
    task_id: UUID | None
    questionnaire_id: UUID
    sent_at: datetime
    receipt: str
    title: str
    unit: str
    how: How | None


class Opened(NamedTuple):
    """One of them, with its form. `response` b'' where the form wants no copy to be kept."""

    sent: Sent
    form: Form
    response: bytes
    files: list[FileShown]
    before: list[SentBefore]


class DraftListed(msgspec.Struct, frozen=True):
    """Something that has been begun."""

    draft_id: UUID
    task_id: UUID | None
    title: str
    started: datetime
    saved: datetime


class TaskListed(msgspec.Struct, frozen=True):
    """Something that is asked for: `state` is the journal's last word."""

    task_id: UUID
    title: str
    unit: str
    state: str
    asked: datetime
    deadline: datetime | None


_read_before = msgspec.json.Decoder(SentBefore).decode
_read_sent = msgspec.json.Decoder(Sent).decode
_read_draft = msgspec.json.Decoder(DraftListed).decode
_read_task = msgspec.json.Decoder(TaskListed).decode
_person = reader.c.subject_id
_told = cast(
    func.json_build_object(
        *("sent_id", sent.c.sent_id, "author_id", sent.c.author_id, "draft_id", sent.c.draft_id),
        *("task_id", sent.c.task_id, "questionnaire_id", sent.c.questionnaire_id),
        *("sent_at", sent.c.sent_at, "receipt", sent.c.receipt, "title", questionnaire.c.title),
        *("unit", func.coalesce(task.c.unit, literal_column("''"))),
        *("how", cast(func.form.how_sent(sent.c.author_id, sent.c.key), JSON)),
    ),
    Text,
)
_with_form = sent.join(questionnaire, questionnaire.c.questionnaire_id == sent.c.questionnaire_id)
_with_task = _with_form.outerjoin(
    task, (task.c.person_id == sent.c.person_id) & (task.c.task_id == sent.c.task_id)
)
_mine = and_(sent.c.person_id == _person, sees_sent())
_this = sent.c.sent_id == bindparam("sent", type_=Uuid)
_before = sent.alias("before")
_told_before = cast(
    func.json_build_object(
        *("sent_id", _before.c.sent_id, "sent_at", _before.c.sent_at, "receipt", _before.c.receipt)
    ),
    Text,
)

_ONE: Final = Question(
    "forms.sent",
    told=one(select(_told).select_from(_with_task).where(_mine, _this)),
    response=one(select(sent.c.response).where(_mine, _this)),
    form=one(select(published()).select_from(_with_form).where(_mine, _this)),
    before=many(
        select(_told_before)
        .select_from(
            sent.join(
                _before,
                and_(
                    _before.c.person_id == sent.c.person_id,
                    _before.c.occasion == sent.c.occasion,
                    _before.c.task_id == sent.c.task_id,
                    _before.c.sent_at < sent.c.sent_at,
                ),
            )
        )
        .where(_mine, _this)
        .order_by(_before.c.sent_at.desc())
        .limit(_MOST)
    ),
    files=one(files_of(_person, select(sent.c.draft_id).where(_mine, _this).scalar_subquery())),
)
_RESPONSE: Final = Question("forms.sent", response=one(select(sent.c.response).where(_mine, _this)))
_ALL: Final = Question(
    "forms",
    tasks=many(
        select(
            cast(
                func.json_build_object(
                    *("task_id", task.c.task_id, "title", task.c.title, "unit", task.c.unit),
                    *("state", task.c.state, "asked", task.c.asked_at, "deadline", task.c.deadline),
                ),
                Text,
            )
        )
        .where(task.c.person_id == _person, sees(task.c.task_id))
        .order_by(task.c.asked_at.desc())
        .limit(_MOST)
    ),
    drafts=many(
        select(
            cast(
                func.json_build_object(
                    *("draft_id", draft.c.draft_id, "task_id", draft.c.task_id),
                    *("title", questionnaire.c.title),
                    *("started", draft.c.started_at, "saved", draft.c.saved_at),
                ),
                Text,
            )
        )
        .select_from(draft.join(questionnaire, questionnaire.c.questionnaire_id == draft.c.questionnaire_id))
        .where(draft.c.person_id == _person, draft.c.author_id == reader.c.actor_id)
        .order_by(draft.c.saved_at.desc())
        .limit(_MOST)
    ),
    sent=many(
        select(_told).select_from(_with_task).where(_mine).order_by(sent.c.sent_at.desc()).limit(_MOST)
    ),
)


class Listed(NamedTuple):
    """Everything of forms in a record that this reader may see; the drafts are the reader's own."""

    tasks: list[TaskListed]
    drafts: list[DraftListed]
    sent: list[Sent]


async def sent_of(db: ReadSession, sent_id: UUID) -> tuple[Reader, Opened]:
    """What was sent, with its form. Raises NoSuchSent: not there and not for this reader look the same."""
    held = forms.held()
    reader_, row = await db.ask(_ONE, sent=sent_id, known=list(held))
    if row["told"] is None:
        raise NoSuchSent
    files = read_files(row["files"])
    before = [_read_before(each) for each in row["before"]]
    opened = Opened(_read_sent(row["told"]), forms.form_of(row["form"], held), row["response"], files, before)
    return reader_, opened


async def response_of(db: ReadSession, sent_id: UUID) -> bytes:
    """The QuestionnaireResponse as it left, without the bytes of files. Raises NoSuchSent, also where none is kept."""
    _, row = await db.ask(_RESPONSE, sent=sent_id)
    if not row["response"]:
        raise NoSuchSent
    response: bytes = row["response"]
    return response


async def forms_of(db: ReadSession) -> tuple[Reader, Listed]:
    """Tasks, own drafts and what has been sent, each newest first."""
    reader_, row = await db.ask(_ALL)
    listed = Listed(
        [_read_task(each) for each in row["tasks"]],
        [_read_draft(each) for each in row["drafts"]],
        [_read_sent(each) for each in row["sent"]],
    )
    return reader_, listed
