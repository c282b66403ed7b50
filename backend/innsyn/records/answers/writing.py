"""Answers to rows, in the transaction of their batch. Of the same person: one about somebody else changes nothing."""

from collections.abc import Iterable, Sequence

import asyncpg
from sqlalchemy import null, select, update
from sqlalchemy.dialects.postgresql import insert

from innsyn.access.lookups.tables import reply
from innsyn.access.wishes.tables import request
from innsyn.db.batches import arrays, given
from innsyn.db.statements import Statement
from innsyn.journal.outbox_tables import outbox
from innsyn.journal.projected import Became
from innsyn.journal.versions import Landed
from innsyn.records.answers.views import Answer, Came, Reply

_ROW = ("person_id", "request_id", "outcome", "answered_at")
_answers = given(*(request.c[name] for name in _ROW))
_ANSWER = Statement(
    update(request)
    .where(request.c.person_id == _answers.c.person_id, request.c.request_id == _answers.c.request_id)
    .values(outcome=_answers.c.outcome, answered_at=_answers.c.answered_at)
)
_REPLY = tuple(c.name for c in reply.c)
_replies = given(*reply.c)
_put = insert(reply).from_select(list(_REPLY), select(*_replies.c))
_PUT_REPLIES = Statement(
    _put.on_conflict_do_update(
        index_elements=["person_id", "request_id"],
        set_={name: _put.excluded[name] for name in ("standing", "words", "at")},
    )
)
_CAME = ("person_id", "outbox_id", "answered_at")
_came = given(*(outbox.c[name] for name in _CAME))
# What has come back has arrived, whatever we heard when it was sent.
_RECEIVED = Statement(
    update(outbox)
    .where(
        outbox.c.person_id == _came.c.person_id,
        outbox.c.outbox_id == _came.c.outbox_id,
        outbox.c.state != "received",
    )
    .values(
        state="received",
        reason="came_back",
        unsure=False,
        answered_at=_came.c.answered_at,
        claim=null(),
        claimed_until=null(),
    )
)


async def take(db: asyncpg.Connection, _feed: str, became: Became, _gone: Sequence[Landed]) -> None:
    """Put the journal's answers where the requests and questions stand, and take what came back for received."""
    answers = [(each, each.row) for each in became.noted if isinstance(each.row, Answer)]
    replies = [(each, each.row) for each in became.noted if isinstance(each.row, Reply)]
    await _run(
        db,
        _ANSWER,
        _ROW,
        (
            (each.person_id, row.request_id, row.outcome, each.landed.recorded_at)
            for each, row in answers
            if row.outcome
        ),
    )
    await _run(
        db,
        _PUT_REPLIES,
        _REPLY,
        (
            (each.person_id, row.request_id, row.standing, row.words, each.landed.recorded_at)
            for each, row in replies
            if row.standing
        ),
    )
    came = [(each, each.row.sent_as) for each in became.noted if isinstance(each.row, Answer | Reply | Came)]
    await _run(db, _RECEIVED, _CAME, ((each.person_id, sent, each.landed.recorded_at) for each, sent in came))


async def _run(
    db: asyncpg.Connection, statement: Statement, columns: Sequence[str], rows: Iterable[tuple[object, ...]]
) -> None:
    # One row for each key, the last of a batch: and in one order, so that two batches do not wait for each other.
    found = {row[:2]: row for row in rows if None not in row[:2]}
    if found:
        ordered = [found[key] for key in sorted(found, key=str)]
        await db.execute(statement.sql, *statement.bind(**arrays(columns, ordered)))
