"""What is to be filled in: asked of the record that is open, and only of those who may see its forms."""

from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.types import Uuid

from innsyn.access.capability import Capability
from innsyn.access.opening import Question, ReadSession, many, one, reader
from innsyn.access.reader import Reader
from innsyn.forms.drafts.tables import draft
from innsyn.forms.published_views import RETIRED
from innsyn.forms.sent.tables import sent
from innsyn.forms.tables import questionnaire, task
from innsyn.forms.tasks.rules import CANCELLED, COMPLETED, OPEN, TOLD_FOR

_ONE: Any = literal_column("1")
_EMPTY: Any = literal_column("''")
_MOST: Any = literal_column("100")
_ON_THE_FIRST_PAGE: Any = literal_column("5")


def _has(capability: Capability) -> ColumnElement[bool]:
    return reader.c.capabilities.op("&")(literal_column(str(int(capability)))) != literal_column("0")


# The database asks the permits again (form.may_read). This is what the reader was opened with: in a preview, the one
# permit that is previewed.
sees_all: Final = _has(Capability.FORMS)
_given: Final = and_(_has(Capability.ONE_FORM), ~sees_all)


def sees(task_id: ColumnElement[UUID | None]) -> ColumnElement[bool]:
    """Whether what is about this task is the reader's to see: it, or all forms, has been opened to them."""
    return or_(sees_all, and_(_given, task_id == func.any(func.form.given_tasks())))


def sees_sent(of: Any = sent) -> ColumnElement[bool]:  # noqa: ANN401 - form.sent or an alias of it
    """The same of what was sent: with one form, what the reader has sent for it."""
    return or_(sees_all, and_(of.c.author_id == reader.c.actor_id, sees(of.c.task_id)))


_this = bindparam("task", type_=Uuid)
_is_open: ColumnElement[bool] = task.c.state.in_([literal_column(f"'{state}'") for state in OPEN])


def form_for(of: Any = task) -> Select[Any]:  # noqa: ANN401 - form.task or an alias of it
    """The row of the form that a task asks for: the version it names, else the current one. None is withdrawn."""
    return (
        select(questionnaire.c.title, questionnaire.c.may_fill, questionnaire.c.questions)
        .where(
            questionnaire.c.feed == of.c.feed,
            questionnaire.c.names.op("&&")(of.c.questionnaire),
            questionnaire.c.status != literal_column(f"'{RETIRED}'"),
            or_(
                and_(of.c.questionnaire_version == _EMPTY, questionnaire.c.is_current),
                questionnaire.c.version == of.c.questionnaire_version,
            ),
        )
        .order_by(questionnaire.c.is_current.desc(), questionnaire.c.landed_at.desc())
        .limit(_ONE)
        .correlate(of)
    )


_wanted = form_for().lateral("wanted")
_withdrawn = exists().where(
    questionnaire.c.feed == task.c.feed,
    questionnaire.c.names.op("&&")(task.c.questionnaire),
    questionnaire.c.status == literal_column(f"'{RETIRED}'"),
)
_mine = (
    select(draft.c.draft_id, draft.c.saved_at)
    .where(
        draft.c.person_id == task.c.person_id,
        draft.c.author_id == reader.c.actor_id,
        # Not the occasion: that of a form that keeps no drafts is another one in each login.
        draft.c.task_id == task.c.task_id,
    )
    .order_by(draft.c.saved_at.desc())
    .limit(_ONE)
    .correlate(task, reader)
    .lateral("mine")
)
_answered = (
    select(sent.c.sent_id)
    .where(
        sent.c.person_id == task.c.person_id,
        sent.c.occasion == task.c.task_id,
        sent.c.sent_at >= task.c.asked_at,
    )
    .order_by(sent.c.sent_at.desc())
    .limit(_ONE)
    .correlate(task)
    .lateral("answered")
)
# Also by somebody whose answers are not for whoever reads: that is not told, but that nobody waits for more.
_is_answered = or_(_answered.c.sent_id.is_not(None), func.form.is_answered(task.c.task_id, task.c.asked_at))
_told = cast(
    func.json_build_object(
        *("task_id", task.c.task_id, "title", task.c.title, "unit", task.c.unit),
        *(
            "state",
            case((and_(_is_open, _is_answered), literal_column(f"'{COMPLETED}'")), else_=task.c.state),
        ),
        *("why", task.c.why, "reason", task.c.reason, "deadline", task.c.deadline),
        *("asked_at", task.c.asked_at, "closed_at", task.c.closed_at, "reminded_at", task.c.reminded_at),
        *("may_fill", func.to_json(task.c.may_fill), "form_title", _wanted.c.title),
        *("form_may_fill", func.to_json(_wanted.c.may_fill), "questions", _wanted.c.questions),
        *("withdrawn", and_(_wanted.c.questions.is_(None), _withdrawn)),
        *("draft_id", _mine.c.draft_id, "saved_at", _mine.c.saved_at, "sent_id", _answered.c.sent_id),
    ),
    Text,
)
_true: Any = literal_column("true")
_everything = task.outerjoin(_wanted, _true).outerjoin(_mine, _true).outerjoin(_answered, _true)


def _tasks(*which: ColumnElement[bool]) -> Select[Any]:
    return (
        select(_told)
        .select_from(_everything)
        .where(task.c.person_id == reader.c.subject_id, sees(task.c.task_id), *which)
        .correlate(reader)
    )


_is_to_do = and_(_is_open, ~_is_answered)
_soonest_first = (task.c.deadline.asc().nulls_last(), task.c.asked_at, task.c.task_id)
_just_cancelled = and_(
    task.c.state == literal_column(f"'{CANCELLED}'"),
    task.c.closed_at > reader.c.at - literal_column(f"interval '{TOLD_FOR.days} days'"),
)
# Answered in another way: by telephone, on paper.
_done_elsewhere = and_(task.c.state == literal_column(f"'{COMPLETED}'"), _answered.c.sent_id.is_(None))

# For the first page, which is one question: the tasks as JSON (read_todo), soonest deadline first.
to_do: Final = many(_tasks(_is_to_do).order_by(*_soonest_first).limit(_ON_THE_FIRST_PAGE))
to_do_count: Final = one(
    select(func.count())
    .select_from(task.outerjoin(_answered, _true))
    .where(task.c.person_id == reader.c.subject_id, sees(task.c.task_id), _is_to_do)
    .correlate(reader)
)

_about = func.form.about().table_valued("name", "given_name", "birth_date", name="about")
born: Final = one(select(literal_column("about.birth_date")).select_from(_about))

_by_choice = cast(
    func.json_build_object(
        *("form", questionnaire.c.questionnaire_id, "title", questionnaire.c.title),
        *("questions", questionnaire.c.questions, "may_fill", func.to_json(questionnaire.c.may_fill)),
    ),
    Text,
)
_begun = cast(
    func.json_build_object(
        *("draft_id", draft.c.draft_id, "title", questionnaire.c.title, "saved_at", draft.c.saved_at),
    ),
    Text,
)
_has_line = (
    exists()
    .where(
        task.c.person_id == draft.c.person_id,
        task.c.task_id == draft.c.task_id,
        or_(
            and_(_is_open, ~func.form.is_answered(task.c.task_id, task.c.asked_at)),
            _just_cancelled,
        ),
    )
    .correlate(draft, reader)
)
_sent = cast(
    func.json_build_object(
        *("sent_id", sent.c.sent_id, "title", questionnaire.c.title, "sent_at", sent.c.sent_at),
        *("receipt", sent.c.receipt, "own", sent.c.author_id == reader.c.actor_id),
    ),
    Text,
)
_LIST: Final = Question(
    "forms.list",
    to_do=many(_tasks(_is_to_do).order_by(*_soonest_first).limit(_MOST)),
    cancelled=many(_tasks(_just_cancelled).order_by(task.c.closed_at.desc()).limit(_MOST)),
    elsewhere=many(_tasks(_done_elsewhere).order_by(task.c.closed_at.desc()).limit(_MOST)),
    begun=many(
        select(_begun)
        .select_from(draft.join(questionnaire, questionnaire.c.questionnaire_id == draft.c.questionnaire_id))
        .where(
            draft.c.person_id == reader.c.subject_id,
            draft.c.author_id == reader.c.actor_id,
            # Also one whose task is over, or no more: it has no other line.
            ~_has_line,
            sees(draft.c.task_id),
        )
        .order_by(draft.c.saved_at.desc())
        .limit(_MOST)
    ),
    choices=many(
        select(_by_choice)
        .where(questionnaire.c.by_choice, questionnaire.c.is_current, sees_all)
        .order_by(questionnaire.c.title)
        .limit(_MOST)
    ),
    sent=many(
        select(_sent)
        .select_from(sent.join(questionnaire, questionnaire.c.questionnaire_id == sent.c.questionnaire_id))
        .where(sent.c.person_id == reader.c.subject_id, sees_sent())
        .order_by(sent.c.sent_at.desc())
        .limit(_MOST)
    ),
    born=born,
)
_TASK: Final = Question(
    "forms.task",
    task=one(_tasks(task.c.task_id == _this)),
    helpers=one(select(func.form.begun_by_helpers(_this))),
    born=born,
)


class Listed(NamedTuple):
    """Everything as JSON (views.py reads it), and when whom it is about was born."""

    to_do: list[str]
    cancelled: list[str]
    elsewhere: list[str]
    begun: list[str]
    choices: list[str]
    sent: list[str]
    born: Any


def sees_forms(reader_: Reader) -> bool:
    """Whether whoever reads may answer forms in this record, or one of them: to others it has none."""
    return bool(reader_.capabilities & (Capability.FORMS | Capability.ONE_FORM))


async def list_of(db: ReadSession) -> tuple[Reader, Listed]:
    """All that the page of forms shows. Raises NotLoggedIn or NoAccess."""
    reader_, row = await db.ask(_LIST)
    return reader_, Listed(*(row[name] for name in Listed._fields))


class Told(NamedTuple):
    """One task as JSON (None: there is none for whoever is here), and when whom it is about was born.

    `helpers` is JSON too: what has been begun by those whom the person here has given this form (None: nothing).
    """

    task: str | None
    born: Any
    helpers: str | None


async def task_of(db: ReadSession, task_id: UUID) -> tuple[Reader, Told]:
    """One task. Raises NotLoggedIn or NoAccess."""
    reader_, row = await db.ask(_TASK, task=task_id)
    return reader_, Told(row["task"], row["born"], row["helpers"])
