"""A draft with its form and all that a page of it needs: in one question, or in one statement of an act."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import asyncpg
import msgspec
from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    select,
)
from sqlalchemy.types import Integer, Uuid

from innsyn.access.acting import Act
from innsyn.access.opening import Question, ReadSession, one, reader
from innsyn.access.reader import Reader
from innsyn.db.statements import Statement
from innsyn.forms.drafts.refusals import AlreadySent, NoSuchDraft, PageTooOld
from innsyn.forms.drafts.tables import draft, draft_kept
from innsyn.forms.engine.model import Form
from innsyn.forms.files.queries import files_of, read_files
from innsyn.forms.filling.views import FileShown
from innsyn.forms.published import forms, published
from innsyn.forms.published_views import RETIRED
from innsyn.forms.sent.tables import sent
from innsyn.forms.tables import questionnaire, task

_ONE: Final[ColumnElement[int]] = literal_column("1")
_UTF8: Final[ColumnElement[str]] = literal_column("'UTF8'")
_NONE: Final[ColumnElement[str]] = literal_column("''")
_newest = questionnaire.alias("newest")


class Task(msgspec.Struct, frozen=True):
    """What a draft answers. `answered`: something has been sent for it, by whomever, since the draft was begun."""

    state: str
    title: str
    unit: str
    reason: str
    identifier: str
    may_fill: list[str]
    deadline: datetime | None
    asked_at: datetime
    answered: UUID | None


class Draft(msgspec.Struct, frozen=True):
    """A draft as it stands. `newest`: the version of its form that is to be filled in now, where that is another."""

    draft_id: UUID
    occasion: UUID
    task_id: UUID | None
    questionnaire_id: UUID
    started_at: datetime
    saved_at: datetime
    revision: int
    step: int
    lost: str
    newest: UUID | None
    task: Task | None


class About(msgspec.Struct, frozen=True):
    """Whom the record is about, as a form may know them."""

    name: str
    given_name: str
    birth_date: date | None


class Opened(NamedTuple):
    """A draft, its form, its answers as bytes, and the files that belong to it."""

    draft: Draft
    form: Form
    answers: bytes
    about: About
    files: list[FileShown]


class OpenedToSave(NamedTuple):
    """And what the page was made from: None where that is not kept any longer. `base_form` as it was then."""

    opened: Opened
    base: bytes | None
    base_form: Form | None


_read_draft = msgspec.json.Decoder(Draft).decode
_read_about = msgspec.json.Decoder(About).decode
Whose = ColumnElement[UUID]


def form_for_task(of: Any) -> Select[UUID]:  # noqa: ANN401 - form.task or an alias of it
    """The version of the form that a task asks for: the one it names, or the newest."""
    return (
        select(_newest.c.questionnaire_id)
        .where(
            _newest.c.feed == of.c.feed,
            _newest.c.names.op("&&")(of.c.questionnaire),
            _newest.c.status != literal_column(f"'{RETIRED}'"),
            case(
                (of.c.questionnaire_version == _NONE, _newest.c.is_current),
                else_=_newest.c.version == of.c.questionnaire_version,
            ),
        )
        .order_by(_newest.c.is_current.desc(), _newest.c.landed_at.desc())
        .limit(_ONE)
        .correlate(of)
    )


def _newest_of_its_kind() -> Select[UUID]:
    return (
        select(_newest.c.questionnaire_id)
        .where(
            _newest.c.feed == questionnaire.c.feed,
            _newest.c.id == questionnaire.c.id,
            _newest.c.is_current,
        )
        .limit(_ONE)
        .correlate(questionnaire)
    )


def _task_of_it() -> ColumnElement[Any]:
    answered = (
        select(sent.c.sent_id)
        .where(
            sent.c.person_id == draft.c.person_id,
            sent.c.occasion == draft.c.task_id,
            sent.c.sent_at >= task.c.asked_at,
        )
        .order_by(sent.c.sent_at.desc())
        .limit(_ONE)
        .correlate(draft, task)
        .scalar_subquery()
    )
    # Also where the answers are not for this reader: then it is only over.
    over = func.form.is_answered(task.c.task_id, task.c.asked_at)
    told = func.json_build_object(
        *("state", case((over, literal_column("'completed'")), else_=task.c.state)),
        *("title", task.c.title, "unit", task.c.unit, "reason", task.c.reason),
        *("identifier", task.c.identifier, "may_fill", func.to_json(task.c.may_fill)),
        *("deadline", task.c.deadline, "asked_at", task.c.asked_at, "answered", answered),
    )
    return case((task.c.task_id.is_not(None), told))


_told = cast(
    func.json_build_object(
        *("draft_id", draft.c.draft_id, "occasion", draft.c.occasion, "task_id", draft.c.task_id),
        *("questionnaire_id", draft.c.questionnaire_id),
        *("started_at", draft.c.started_at, "saved_at", draft.c.saved_at),
        *("revision", draft.c.revision, "step", draft.c.step),
        *("lost", func.convert_from(draft.c.lost, _UTF8)),
        *(
            "newest",
            func.nullif(
                case(
                    (task.c.task_id.is_not(None), form_for_task(task).scalar_subquery()),
                    else_=_newest_of_its_kind().scalar_subquery(),
                ),
                draft.c.questionnaire_id,
            ),
        ),
        *("task", _task_of_it()),
    ),
    Text,
)
_from_all = draft.join(questionnaire, questionnaire.c.questionnaire_id == draft.c.questionnaire_id).outerjoin(
    task, and_(task.c.person_id == draft.c.person_id, task.c.task_id == draft.c.task_id)
)
_this = bindparam("draft", type_=Uuid)


def _parts(
    person: Whose, author: Whose, as_one: Callable[[Select[Any]], ColumnElement[Any]]
) -> dict[str, Any]:
    mine = and_(draft.c.person_id == person, draft.c.author_id == author, draft.c.draft_id == _this)
    about = func.form.about().table_valued("name", "given_name", "birth_date", name="about")
    return {
        "draft": as_one(select(_told).select_from(_from_all).where(mine)),
        "answers": as_one(select(draft.c.answers).where(mine)),
        "form": as_one(
            select(published())
            .select_from(draft)
            .join(questionnaire, questionnaire.c.questionnaire_id == draft.c.questionnaire_id)
            .where(mine)
        ),
        "files": as_one(files_of(person, _this)),
        "about": as_one(select(cast(func.row_to_json(literal_column("about")), Text)).select_from(about)),
        "sent": as_one(
            select(sent.c.sent_id).where(
                sent.c.person_id == person, sent.c.author_id == author, sent.c.draft_id == _this
            )
        ),
    }


def _alone(answer: Select[Any]) -> ColumnElement[Any]:
    return answer.scalar_subquery()


def _base(person: Whose) -> dict[str, Any]:
    kept = and_(
        draft_kept.c.person_id == person,
        draft_kept.c.draft_id == _this,
        draft_kept.c.revision == bindparam("base", type_=Integer),
    )
    return {
        "base": select(draft_kept.c.answers).where(kept).scalar_subquery(),
        "base_form": select(published())
        .select_from(draft_kept)
        .join(questionnaire, questionnaire.c.questionnaire_id == draft_kept.c.questionnaire_id)
        .where(kept)
        .scalar_subquery(),
    }


_OPEN: Final = Question("forms.draft", **_parts(reader.c.subject_id, reader.c.actor_id, one))
_person = bindparam("person_id", type_=Uuid)
_author = bindparam("author_id", type_=Uuid)
_TO_SAVE: Final = Statement(
    select(
        *(part.label(name) for name, part in {**_parts(_person, _author, _alone), **_base(_person)}.items())
    )
)
_FORM: Final = Statement(
    select(published()).where(questionnaire.c.questionnaire_id == bindparam("questionnaire_id", type_=Uuid))
)
_BODY: Final = Statement(
    select(questionnaire.c.body).where(
        questionnaire.c.questionnaire_id == bindparam("questionnaire_id", type_=Uuid)
    )
)


async def draft_of(db: ReadSession, draft_id: UUID) -> tuple[Reader, Opened]:
    """The draft, if this reader has begun it. Raises AlreadySent, or NoSuchDraft: not there and not theirs are one."""
    held = forms.held()
    reader_, row = await db.ask(_OPEN, draft=draft_id, known=list(held))
    return reader_, _opened(row, held)


async def draft_to_save(act: Act, draft_id: UUID, revision: int = 0) -> OpenedToSave:
    """The same in an act, with what it was at this revision. Raises AlreadySent or NoSuchDraft."""
    held = forms.held()
    row = await act.db.row(
        _TO_SAVE,
        person_id=act.author.subject_id,
        author_id=act.author.actor_id,
        draft=draft_id,
        known=list(held),
        base=revision,
    )
    assert row is not None  # noqa: S101 - a SELECT without FROM
    opened = _opened(row, held)
    form = None if row["base"] is None else forms.form_of(row["base_form"], held)
    return OpenedToSave(opened, row["base"], form)


async def form_of(act: Act, questionnaire_id: UUID) -> Form:
    """A version of a form. Raises PageTooOld where there is none, and NotUsable."""
    held = forms.held()
    row = await act.db.row(_FORM, questionnaire_id=questionnaire_id, known=list(held))
    if row is None:
        raise PageTooOld
    return forms.form_of(row[0], held)


async def body_of(act: Act, questionnaire_id: UUID) -> bytes:
    """The Questionnaire as it was published."""
    body: bytes = await act.db.value(_BODY, questionnaire_id=questionnaire_id)
    return body


def _opened(row: asyncpg.Record, held: Mapping[str, Form]) -> Opened:
    if row["draft"] is None:
        if row["sent"] is not None:
            raise AlreadySent(row["sent"])
        raise NoSuchDraft
    return Opened(
        _read_draft(row["draft"]),
        forms.form_of(row["form"], held),
        row["answers"],
        _read_about(row["about"]),
        read_files(row["files"]),
    )
