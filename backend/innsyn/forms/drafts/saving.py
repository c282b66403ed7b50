"""One page that was sent, in one act: read what is there, take what was sent, keep it."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec

from innsyn.access.acting import Act
from innsyn.forms.drafts import commands, queries, rules
from innsyn.forms.drafts.queries import Opened, OpenedToSave
from innsyn.forms.drafts.refusals import PageTooOld
from innsyn.forms.drafts.rules import Based, Posted, Saved
from innsyn.forms.drafts.views import Standing, allowed, context_of, lost_on_page, lost_words, names_on
from innsyn.forms.engine.carrying import carry
from innsyn.forms.engine.checking import problems_of
from innsyn.forms.engine.filling import fill
from innsyn.forms.engine.merging import Conflict
from innsyn.forms.engine.model import Form
from innsyn.forms.engine.values import read_answers, write_answers
from innsyn.forms.filling.views import step_after, steps_of
from innsyn.forms.permission import MayNotFill
from innsyn.forms.published import NotUsable


class Kept(NamedTuple):
    """How the draft stands now.

    `step` is where to go on (`is_last`: none comes after the one that was sent), `has_problems`: with what has to be
    mended there first. `page`: the revision that the page which was sent is made of now, `is_stale`: it does not show
    all of the draft.
    """

    stands: Standing
    conflicts: Sequence[Conflict]
    step: int
    is_last: bool
    has_problems: bool
    page: int
    is_stale: bool


class Going(NamedTuple):
    """Where the person goes on, and what is to be told as lost from here on (b'': what is told already)."""

    step: int
    lost: bytes


async def keep(act: Act, draft_id: UUID, posted: Posted, locale: str, *, is_live: bool = False) -> Kept:
    """Keep what was sent, with or without problems; where there is a conflict, all but that.

    `is_live`: the page stays, so that at a conflict nothing is kept and it can be sent again. Raises AlreadySent,
    NoSuchDraft, PageTooOld, MayNotFill or TooMuch.
    """
    to_save = await queries.draft_to_save(act, draft_id, posted.revision)
    opened = to_save.opened
    if rule := allowed(act.author, opened):
        raise MayNotFill(rule)
    page_form = await _form_of_page(act, to_save, posted)
    saved = rules.save(opened.form, read_answers(opened.answers), _base(to_save, posted), posted, page_form)
    filled = fill(opened.form, saved.answers, context_of(opened.about, act.author.at, locale))
    steps = steps_of(filled)
    here = steps[min(posted.step, len(steps) - 1)]
    has_problems = posted.verb == "next" and bool(problems_of(filled, names_on(here), complete=True))
    step = rules.step_to(posted, steps, has_problems=has_problems or bool(saved.conflicts))
    now, page = opened, posted.revision
    if not (is_live and saved.conflicts):
        now, page = await _write(
            act, opened, saved, posted, Going(step, lost_on_page(opened, saved.lost, locale))
        )
    return Kept(
        Standing(now, filled, steps),
        saved.conflicts,
        step,
        is_last=step_after(steps, posted.step) is None,
        has_problems=has_problems,
        page=page,
        is_stale=bool(saved.lost) or page_form is not opened.form or saved.mine != saved.answers,
    )


async def carry_over(act: Act, draft_id: UUID, locale: str) -> None:
    """Go on with the version of the form that is to be filled in now. What it has no place for is remembered."""
    opened = (await queries.draft_to_save(act, draft_id)).opened
    if opened.draft.newest is None:
        return
    form = await queries.form_of(act, opened.draft.newest)
    answers, lost = carry(opened.form, read_answers(opened.answers), form)
    told = [*lost_words(opened, lost, locale)]
    version = commands.Version(
        opened.draft.newest,
        write_answers(answers),
        opened.draft.step,
        msgspec.json.encode(told) if told else b"",
    )
    await commands.save(act, draft_id, opened.draft.revision, version)


async def _form_of_page(act: Act, to_save: OpenedToSave, posted: Posted) -> Form:
    opened, _, base_form = to_save
    if posted.form == opened.draft.questionnaire_id:
        return opened.form
    if posted.form is not None:
        try:
            return await queries.form_of(act, posted.form)
        except NotUsable:
            raise PageTooOld from None
    # A page that does not say it is of the version that it was made from, or nobody knows what its fields are.
    if posted.revision == opened.draft.revision:
        return opened.form
    if base_form is None:
        raise PageTooOld
    return base_form


def _base(to_save: OpenedToSave, posted: Posted) -> Based | None:
    opened, base, form = to_save
    if posted.revision == opened.draft.revision:
        return Based(opened.form, read_answers(opened.answers))
    return None if base is None or form is None else Based(form, read_answers(base))


async def _write(act: Act, opened: Opened, saved: Saved, posted: Posted, going: Going) -> tuple[Opened, int]:
    """The draft as it is kept, and the revision that the page is made of."""
    draft, answers = opened.draft, write_answers(saved.answers)
    if posted.verb == "seen":
        await commands.forget_lost(act, draft.draft_id)
        draft = msgspec.structs.replace(draft, lost="")
        opened = opened._replace(draft=draft)
    step, lost = going
    mine = write_answers(saved.mine)
    # A page that does not show all of the draft, and has been typed on, is kept too: its next save is about that.
    if answers == opened.answers and not lost and (mine == answers or not saved.has_typed):
        if step != draft.step:
            await commands.go_to(act, draft.draft_id, step)
        page = draft.revision if mine == answers else posted.revision
        return _with(opened, answers, draft.revision, draft.saved_at, step), page
    version = commands.Version(draft.questionnaire_id, answers, step, lost or draft.lost.encode())
    revision, saved_at = await commands.save(
        act, draft.draft_id, draft.revision, version, None if mine == answers else mine
    )
    page = revision if mine == answers else revision - 1
    if lost:
        opened = opened._replace(draft=msgspec.structs.replace(draft, lost=lost.decode()))
    return _with(opened, answers, revision, saved_at, step), page


def _with(opened: Opened, answers: bytes, revision: int, saved_at: datetime, step: int) -> Opened:
    draft = msgspec.structs.replace(opened.draft, revision=revision, saved_at=saved_at, step=step)
    return opened._replace(draft=draft, answers=answers)
