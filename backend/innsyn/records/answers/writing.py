"""Answers to rows, in the transaction of their batch."""

from collections.abc import Sequence

import asyncpg
from sqlalchemy import update

from innsyn.access.wishes.tables import request
from innsyn.db.batches import arrays, given
from innsyn.db.statements import Statement
from innsyn.records.answers.views import Answer
from innsyn.records.outcome import Noted

_ROW = ("person_id", "request_id", "outcome", "answered_at")
_answers = given(*(request.c[name] for name in _ROW))
# Of the same person: an answer about somebody else's request changes nothing.
_ANSWER = Statement(
    update(request)
    .where(request.c.person_id == _answers.c.person_id, request.c.request_id == _answers.c.request_id)
    .values(outcome=_answers.c.outcome, answered_at=_answers.c.answered_at)
)


async def take(db: asyncpg.Connection, noted: Sequence[Noted]) -> None:
    """Put the journal's answers where the requests stand."""
    rows = [
        (each.person_id, each.row.request_id, each.row.outcome, each.landed.recorded_at)
        for each in noted
        if isinstance(each.row, Answer)
    ]
    if rows:
        await db.execute(_ANSWER.sql, *_ANSWER.bind(**arrays(_ROW, rows)))
