"""Pages of a draft: how the form stands, and what of that a page shows."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Final, NamedTuple, Protocol
from uuid import UUID, uuid4

import msgspec

from innsyn.access.reader import Reader
from innsyn.access.views import Who, who
from innsyn.forms import permission
from innsyn.forms.drafts.queries import About, Opened
from innsyn.forms.drafts.rules import Posted, keeps_drafts, launch_of, to_choose
from innsyn.forms.engine.carrying import Lost
from innsyn.forms.engine.checking import problems_of
from innsyn.forms.engine.filling import fill
from innsyn.forms.engine.merging import Conflict
from innsyn.forms.engine.model import Option
from innsyn.forms.engine.state import Context, Filled
from innsyn.forms.engine.taking import MOST_IN_ALL, TooMuch
from innsyn.forms.engine.values import Answer, read_answers
from innsyn.forms.filling.summary import Section, sections_of
from innsyn.forms.filling.views import (
    CheckPage,
    Clash,
    ConflictPage,
    FileShown,
    FillPage,
    LostShown,
    Step,
    open_step,
    shown_steps,
    step_after,
    step_before,
    steps_of,
)
from innsyn.forms.filling.words import answer_words
from innsyn.web import dates
from innsyn.web.locale import catalogue


class Here(permission.Here, Protocol):
    """A Reader or an Author."""

    @property
    def at(self) -> datetime:
        """When."""


MOST_FOUND: Final = 20
CLOSED: Final = ("cancelled", "answered", "not_allowed")
_read_lost = msgspec.json.Decoder(list[LostShown]).decode


class Standing(NamedTuple):
    """A draft worked out: its answers as a form, and the steps of it."""

    opened: Opened
    filled: Filled
    steps: list[Step]


class Search(NamedTuple):
    """What was searched for in a field, and what was found (None: it could not be asked)."""

    field: str
    words: str
    options: Sequence[Option] | None


class DiscardPage(msgspec.Struct, frozen=True, kw_only=True):
    """Before a draft is thrown away."""

    reader: Who
    draft: UUID
    title: str
    saved: datetime


class ClosedPage(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A draft whose task is over: what was written can be read and thrown away. `reason`: one of CLOSED.

    `words`: why, as the unit or the rule says it; `sent`: what has been sent for the task, where somebody has.
    """

    reader: Who
    draft: UUID
    title: str
    reason: str
    words: str
    unit: str
    steps: list[Step]
    sent: UUID | None = None
    files: Mapping[str, FileShown] = {}

    @cached_property
    def sections(self) -> list[Section]:
        """What was answered."""
        return sections_of(self.steps, catalogue(self.reader.locale), self.files, {}, all_asked=False)


def context_of(about: About, now: datetime, locale: str) -> Context:
    """What the form's expressions may know."""
    birth_date = about.birth_date.isoformat() if about.birth_date else ""
    return Context(now=now, locale=locale, launch=launch_of(about.name, about.given_name, birth_date))


def standing(opened: Opened, now: datetime, locale: str) -> Standing:
    """The draft worked out as it is kept."""
    filled = fill(opened.form, read_answers(opened.answers), context_of(opened.about, now, locale))
    return Standing(opened, filled, steps_of(filled))


def allowed(here: Here, opened: Opened) -> str:
    """'' where whoever is here may fill it in today, else the name of the rule that says no.

    The form says who may, and the task may say that fewer do.
    """
    born, today = opened.about.birth_date, dates.today_of(here.at)
    codes = [opened.form.may_fill, *([opened.draft.task.may_fill] if opened.draft.task else [])]
    refused = (permission.refused_by(here, each, born, today) for each in codes if each or each is codes[0])
    return next(filter(None, refused), "")


def closed(here: Here, opened: Opened) -> str:
    """Why nothing more can be written: one of CLOSED, '' where it can."""
    task = opened.draft.task
    if task is not None and task.state == "cancelled":
        return "cancelled"
    if task is not None and (task.answered is not None or task.state == "completed"):
        return "answered"
    return "not_allowed" if allowed(here, opened) else ""


def names_on(step: Step) -> list[str]:
    """The fields of a step."""
    return [field.name for field in step.all()]


def fill_page(
    reader: Reader,
    locale: str,
    stands: Standing,
    *,
    step: int | None = None,
    mend: bool = False,
    search: Search | None = None,
) -> FillPage:
    """A step to fill in; the one where the person was last without one. `mend`: also what is missing is said."""
    draft, form = stands.opened.draft, stands.opened.form
    here = open_step(stands.steps, draft.step if step is None else step)
    shown = stands.steps[here]
    problems = problems_of(stands.filled, names_on(shown), complete=mend)
    task = draft.task
    return FillPage(
        reader=who(reader, locale),
        draft=draft.draft_id,
        title=form.title,
        steps=shown_steps(stands.steps, here, {problem.field for problem in problems}),
        step=here,
        fields=shown.fields,
        problems=problems,
        revision=draft.revision,
        form=draft.questionnaire_id,
        key=uuid4(),
        saved=draft.saved_at if draft.revision > 1 else None,
        has_before=step_before(stands.steps, here) is not None,
        has_after=step_after(stands.steps, here) is not None,
        intro=form.description,
        unit=task.unit if task else "",
        deadline=_last_day(task.deadline) if task and task.deadline else None,
        sidebar=form.sidebar,
        lost=lost_of(stands.opened),
        keeps_drafts=keeps_drafts(form),
        files=by_address(stands.opened.files),
        found={search.field: search.options} if search and search.options is not None else {},
        sought={search.field: search.words} if search else {},
        failed=[search.field] if search and search.options is None else [],
    )


def check_page(reader: Reader, locale: str, stands: Standing) -> CheckPage:
    """Everything that will be sent, and what has to be mended first."""
    draft, form = stands.opened.draft, stands.opened.form
    return CheckPage(
        reader=who(reader, locale),
        draft=draft.draft_id,
        title=form.title,
        steps=stands.steps,
        problems=problems_of(stands.filled, None, complete=True),
        revision=draft.revision,
        key=uuid4(),
        saved=draft.saved_at,
        receiver=draft.task.unit if draft.task else "",
        keeps_drafts=keeps_drafts(form),
        files=by_address(stands.opened.files),
        lost=lost_of(stands.opened),
    )


def conflict_page(
    reader: Reader, locale: str, stands: Standing, conflicts: Sequence[Conflict], posted: Posted
) -> ConflictPage:
    """What was answered in two ways: the citizen chooses."""
    draft = stands.opened.draft
    clashes = clashes_of(stands.filled, conflicts)
    return ConflictPage(
        reader=who(reader, locale),
        draft=draft.draft_id,
        title=stands.opened.form.title,
        step=posted.step,
        revision=draft.revision,
        form=draft.questionnaire_id,
        clashes=clashes,
        posted=to_choose(posted, [(each.field.name, each.field.item, each.mine) for each in clashes]),
        saved_at=draft.saved_at,
        files=by_address(stands.opened.files),
    )


def clashes_of(filled: Filled, conflicts: Sequence[Conflict]) -> list[Clash]:
    """The conflicts at their fields, in the order of the form."""
    both: dict[str, tuple[tuple[Answer, ...], tuple[Answer, ...]]] = {
        each.name: (tuple(each.mine), tuple(each.theirs)) for each in conflicts
    }
    return [
        Clash(field=field, mine=both[field.name][0], theirs=both[field.name][1])
        for field in filled.all()
        if field.name in both
    ]


def closed_page(reader: Reader, locale: str, stands: Standing, reason: str, words: str) -> ClosedPage:
    """What was written, to be read."""
    draft = stands.opened.draft
    return ClosedPage(
        reader=who(reader, locale),
        draft=draft.draft_id,
        title=stands.opened.form.title,
        reason=reason,
        words=words,
        unit=draft.task.unit if draft.task else "",
        steps=stands.steps,
        sent=draft.task.answered if draft.task else None,
        files=by_address(stands.opened.files),
    )


def fitting(options: Iterable[Option], words: str) -> list[Option]:
    """The options of the form itself that have every word in their text, as many as a page can take."""
    sought = words.casefold().split()
    return [each for each in options if all(word in each.text.casefold() for word in sought)][:MOST_FOUND]


def lost_of(opened: Opened) -> list[LostShown]:
    """What a new version of the form had no place for, until the person has seen it."""
    return _read_lost(opened.draft.lost) if opened.draft.lost else []


def lost_words(opened: Opened, lost: Iterable[Lost], locale: str) -> list[LostShown]:
    """What has not been seen yet, and what is lost now: each question with what had been answered."""
    texts = catalogue(locale)
    told = (
        (each.text, (answer_words(each.item, one, each.item.options, texts, {}) for one in each.answers))
        for each in lost
    )
    return [*lost_of(opened), *(LostShown(text=text, answer=", ".join(words)) for text, words in told)]


def lost_on_page(opened: Opened, lost: Sequence[Lost], locale: str) -> bytes:
    """What is told as lost now that this is; b'' where that is what is told already.

    A page that is sent as it is typed says the same a little longer each time: the longest is told. Raises TooMuch.
    """
    before = lost_of(opened)
    told = lost_words(opened, lost, locale)
    kept = [*before]
    for one in told[len(before) :]:
        kept = [each for each in kept if each.text != one.text or not one.answer.startswith(each.answer)]
        kept.append(one)
    if kept == before:
        return b""
    as_bytes = msgspec.json.encode(kept)
    if len(as_bytes) > MOST_IN_ALL:
        raise TooMuch
    return as_bytes


def by_address(files: Iterable[FileShown]) -> dict[str, FileShown]:
    """Files as the answers name them."""
    return {f"urn:uuid:{file.file_id}": file for file in files}


def _last_day(deadline: datetime) -> date:
    return dates.today_of(deadline - timedelta(microseconds=1))
