"""Beginning a form: what it begins with, and whether whoever is here may."""

from typing import Final, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import ARRAY, Text, and_, bindparam, cast, func, literal_column, null, or_, select
from sqlalchemy.types import Uuid

from innsyn.access.acting import Act
from innsyn.db.statements import Statement
from innsyn.forms.drafts import commands
from innsyn.forms.drafts.queries import About, form_for_task
from innsyn.forms.drafts.refusals import NoSuchDraft, TaskClosed
from innsyn.forms.drafts.rules import keeps_drafts, occasion_of, within
from innsyn.forms.drafts.tables import draft
from innsyn.forms.drafts.views import context_of
from innsyn.forms.engine.filling import begin
from innsyn.forms.engine.model import Form
from innsyn.forms.engine.values import write_answers
from innsyn.forms.permission import must_fill
from innsyn.forms.published import forms, published
from innsyn.forms.tables import questionnaire, task
from innsyn.web.dates import today_of

_OVER: Final = ("completed", "cancelled")
_about = select(cast(func.row_to_json(literal_column("about")), Text)).select_from(
    func.form.about().table_valued("name", "given_name", "birth_date", name="about")
)
_read_about = msgspec.json.Decoder(About).decode
_person = bindparam("person_id", type_=Uuid)
# By whomever: somebody else may have answered it whose answers are not for this author to read.
_answered = func.form.is_answered(task.c.task_id, task.c.asked_at)
_TASK: Final = Statement(
    select(
        questionnaire.c.questionnaire_id,
        published().label("form"),
        _about.scalar_subquery().label("about"),
        task.c.may_fill,
        task.c.state,
        _answered.label("answered"),
    )
    .select_from(task)
    .join(questionnaire, questionnaire.c.questionnaire_id == form_for_task(task).scalar_subquery())
    .where(task.c.person_id == _person, task.c.task_id == bindparam("task_id", type_=Uuid))
)
_asked = bindparam("questionnaire_id", type_=Uuid)
_named = questionnaire.alias("named")
_CHOICE: Final = Statement(
    select(
        questionnaire.c.questionnaire_id,
        published().label("form"),
        _about.scalar_subquery().label("about"),
        cast(null(), ARRAY(Text)).label("may_fill"),
        questionnaire.c.feed,
        questionnaire.c.id,
    )
    # The newest of what the page showed, which may be another by now.
    .select_from(_named)
    .join(
        questionnaire,
        and_(questionnaire.c.feed == _named.c.feed, questionnaire.c.id == _named.c.id),
    )
    .where(_named.c.questionnaire_id == _asked, questionnaire.c.is_current, questionnaire.c.by_choice)
)
_FOUND: Final = Statement(
    select(draft.c.draft_id).where(
        draft.c.person_id == _person,
        draft.c.author_id == bindparam("author_id", type_=Uuid),
        or_(*(draft.c.occasion == bindparam(name, type_=Uuid) for name in ("lasting", "passing"))),
    )
)


class _First(NamedTuple):
    questionnaire_id: UUID
    form: Form
    about: About
    may_fill: list[str]
    occasion: UUID
    task_id: UUID | None


async def for_task(act: Act, task_id: UUID, draft_id: UUID, locale: str) -> UUID:
    """The draft that answers the task: a new one with this id, or the one that is there.

    Raises NoSuchDraft, TaskClosed, MayNotFill or NotUsable.
    """
    if found := await _found(act, task_id):
        return found
    held = forms.held()
    row = await act.db.row(_TASK, person_id=act.author.subject_id, task_id=task_id, known=list(held))
    if row is None:
        raise NoSuchDraft
    if row["state"] in _OVER or row["answered"]:
        raise TaskClosed
    form = forms.form_of(row["form"], held)
    first = _First(
        row["questionnaire_id"], form, _read_about(row["about"]), row["may_fill"], task_id, task_id
    )
    return await _start(act, draft_id, first, locale)


async def by_choice(act: Act, questionnaire_id: UUID, draft_id: UUID, locale: str) -> UUID:
    """The draft of a form that nobody has asked for. Raises NoSuchDraft, MayNotFill or NotUsable."""
    held = forms.held()
    row = await act.db.row(_CHOICE, questionnaire_id=questionnaire_id, known=list(held))
    if row is None:
        raise NoSuchDraft
    form = forms.form_of(row["form"], held)
    occasion = occasion_of(row["feed"], row["id"])
    if found := await _found(act, occasion):
        return found
    first = _First(row["questionnaire_id"], form, _read_about(row["about"]), [], occasion, None)
    return await _start(act, draft_id, first, locale)


async def _found(act: Act, occasion: UUID) -> UUID | None:
    found: UUID | None = await act.db.value(
        _FOUND,
        person_id=act.author.subject_id,
        author_id=act.author.actor_id,
        lasting=occasion,
        passing=within(occasion, act.author.session_id),
    )
    return found


async def _start(act: Act, draft_id: UUID, first: _First, locale: str) -> UUID:
    author, form, about = act.author, first.form, first.about
    must_fill(author, form.may_fill, about.birth_date, today_of(author.at))
    if first.may_fill:
        must_fill(author, first.may_fill, about.birth_date, today_of(author.at))
    session = None if keeps_drafts(form) else author.session_id
    begun = commands.Begun(
        occasion=within(first.occasion, session),
        task_id=first.task_id,
        questionnaire_id=first.questionnaire_id,
        session_id=session,
        answers=write_answers(begin(form, context_of(about, author.at, locale))),
    )
    return await commands.start(act, draft_id, begun)
