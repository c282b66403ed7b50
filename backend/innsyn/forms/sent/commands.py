"""Sending a form: the answers into the outbox, the receipt, and the draft gone, all or nothing."""

from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.types import DateTime, Uuid

from innsyn.access.acting import Act
from innsyn.db.statements import Statement
from innsyn.forms.drafts.tables import draft
from innsyn.forms.sent.refusals import AnsweredElsewhere
from innsyn.forms.sent.rules import receipt_of, sent_id_of
from innsyn.forms.sent.tables import sent
from innsyn.journal import outbox

_GIVEN: Final = (
    *("person_id", "sent_id", "author_id", "draft_id", "occasion", "task_id", "questionnaire_id"),
    *("key", "receipt", "is_shared", "answers", "response"),
)
_gone = (
    delete(draft)
    .where(
        draft.c.person_id == bindparam("person_id", type_=Uuid),
        draft.c.draft_id == bindparam("draft_id", type_=Uuid),
    )
    .returning(draft.c.draft_id)
    .cte("gone")
)
_SEND: Final = Statement(
    insert(sent)
    .from_select(
        _GIVEN,
        select(*(bindparam(name, type_=sent.c[name].type) for name in _GIVEN)).where(
            # A task is answered once: somebody else may have sent theirs a moment ago, also one that this author may
            # not read.
            ~func.form.is_answered(
                bindparam("task_id", type_=Uuid), bindparam("asked_at", type_=DateTime(timezone=True))
            )
        ),
    )
    .returning(sent.c.sent_id)
    .add_cte(_gone)
)


class Leaving(NamedTuple):
    """What is sent: `answers` as engine/values.py writes them, and the QuestionnaireResponse.

    `response` is the one that is kept, `outgoing` the one that leaves, with the bytes of files in it.
    """

    draft_id: UUID
    occasion: UUID
    task_id: UUID | None
    # When the task was asked (last).
    asked_at: datetime | None
    questionnaire_id: UUID
    is_shared: bool
    keeps_copy: bool
    answers: bytes
    response: bytes
    outgoing: bytes


async def send(act: Act, leaving: Leaving) -> UUID:
    """Send it: once, however often it is tried. Gives the id of what it became. Raises AnsweredElsewhere."""
    author = act.author
    # Of the draft: two tabs, two devices and a second click are the same thing sent.
    sent_id = sent_id_of(leaving.draft_id)
    await outbox.put(
        act.db,
        subject_id=author.subject_id,
        author_id=author.actor_id,
        conversation=leaving.task_id or sent_id,
        resource_type="QuestionnaireResponse",
        resource=leaving.outgoing,
        key=sent_id,
        keep=leaving.keeps_copy,
    )
    found = await act.db.value(
        _SEND,
        person_id=author.subject_id,
        author_id=author.actor_id,
        sent_id=sent_id,
        key=sent_id,
        receipt=receipt_of(sent_id),
        draft_id=leaving.draft_id,
        occasion=leaving.occasion,
        task_id=leaving.task_id,
        asked_at=leaving.asked_at,
        questionnaire_id=leaving.questionnaire_id,
        is_shared=leaving.is_shared,
        answers=leaving.answers if leaving.keeps_copy else b"",
        response=leaving.response if leaving.keeps_copy else b"",
    )
    if found is None:
        raise AnsweredElsewhere
    return sent_id
