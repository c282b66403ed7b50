"""The last look at a draft before it leaves, in the act that sends it."""

import base64
from collections.abc import Mapping
from typing import ClassVar
from uuid import UUID

import msgspec
import structlog

from innsyn.access.acting import Act
from innsyn.forms.drafts import queries as drafts
from innsyn.forms.drafts.refusals import NotAsItShould
from innsyn.forms.drafts.views import closed, context_of
from innsyn.forms.engine.checking import problems_of
from innsyn.forms.engine.conformance import issues_of
from innsyn.forms.engine.filling import fill
from innsyn.forms.engine.responding import Meta, answers_in, response_of
from innsyn.forms.engine.state import Filled
from innsyn.forms.engine.values import read_answers, write_answers
from innsyn.forms.files.commands import forget_others
from innsyn.forms.files.queries import File, bodies_of
from innsyn.forms.sent import commands
from innsyn.forms.sent.rules import is_shared, keeps_copy
from innsyn.refusal import Refusal

log = structlog.get_logger()


class LookAgain(Refusal):
    """It is not as it was on the page that was sent, or something is missing: nothing was sent."""

    status_code: ClassVar[int] = 409


class Closed(Refusal):
    """Nobody waits for it any more, or whoever is here may not send it: nothing was sent."""

    status_code: ClassVar[int] = 409


async def send(act: Act, draft_id: UUID, revision: int, locale: str) -> UUID:
    """Send the draft as it was when this revision of it was read through. Gives the id of what it became.

    Raises AlreadySent, NoSuchDraft, LookAgain, Closed, AnsweredElsewhere or NotAsItShould.
    """
    opened = (await drafts.draft_to_save(act, draft_id)).opened
    draft, form = opened.draft, opened.form
    if closed(act.author, opened):
        raise Closed
    if draft.newest is not None or draft.revision != revision:
        raise LookAgain
    filled = fill(form, read_answers(opened.answers), context_of(opened.about, act.author.at, locale))
    if problems_of(filled, None, complete=True):
        raise LookAgain
    return await _leave(act, opened, filled)


async def _leave(act: Act, opened: drafts.Opened, filled: Filled) -> UUID:
    draft, form, author = opened.draft, opened.form, act.author
    about = Meta(
        subject=str(author.subject_id),
        author=str(author.actor_id),
        authored=author.at,
        task=_identifier(draft.task.identifier) if draft.task else {},
    )
    response = response_of(filled, about=about)
    answers = write_answers(answers_in(response))
    files = await bodies_of(act, draft.draft_id)
    await forget_others(act, draft.draft_id, _named(answers, files) if keeps_copy(form) else [])
    await _must_fit(act, draft.questionnaire_id, response)
    leaving = commands.Leaving(
        draft_id=draft.draft_id,
        occasion=draft.task_id or draft.occasion,
        task_id=draft.task_id,
        asked_at=draft.task.asked_at if draft.task else None,
        questionnaire_id=draft.questionnaire_id,
        is_shared=is_shared(form, own=author.actor_id == author.subject_id),
        keeps_copy=keeps_copy(form),
        answers=answers,
        response=response,
        outgoing=response_of(filled, about=_with_files(about, files)) if files else response,
    )
    return await commands.send(act, leaving)


async def _must_fit(act: Act, questionnaire_id: UUID, response: bytes) -> None:
    """The form itself has the last word: not what we made of it, but what was published."""
    body = await drafts.body_of(act, questionnaire_id)
    issues = issues_of(msgspec.json.decode(body), msgspec.json.decode(response))
    wrong = sorted({issue.key for issue in issues if issue.is_error})
    if wrong:
        log.error("response_does_not_fit", issues=wrong)
        raise NotAsItShould


def _with_files(about: Meta, files: Mapping[str, File]) -> Meta:
    data = {url: base64.b64encode(file.body).decode() for url, file in files.items()}
    return msgspec.structs.replace(about, files=data)


def _named(answers: bytes, files: Mapping[str, File]) -> list[UUID]:
    return [file.file_id for url, file in files.items() if url.encode() in answers]


def _identifier(told: str) -> dict[str, str]:
    """system|value, as an Identifier; {} where the Task has none."""
    system, _, value = told.rpartition("|")
    return {name: text for name, text in (("system", system), ("value", value)) if text}
