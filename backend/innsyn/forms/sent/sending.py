"""The last look at a draft before it leaves, in the act that sends it."""

from typing import ClassVar
from uuid import UUID

import structlog

from innsyn.access.acting import Act
from innsyn.forms.drafts import queries as drafts
from innsyn.forms.drafts.views import allowed, closed, context_of
from innsyn.forms.engine.checking import problems_of
from innsyn.forms.engine.filling import fill
from innsyn.forms.engine.values import read_answers
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
    if closed(act.author, opened) or allowed(act.author, opened):
        raise Closed
    if draft.newest is not None or draft.revision != revision:
        raise LookAgain
    filled = fill(form, read_answers(opened.answers), context_of(opened.about, act.author.at, locale))
    if problems_of(filled, None, complete=True):
        raise LookAgain
    raise NotImplementedError
