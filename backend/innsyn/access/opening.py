"""Opening a record: one statement that proves the access, logs the reading and asks the question.

`access.begin_access` (in the database) checks the session, writes the log row and sets the person whom row-level
security will show. It stands in the statement of the question itself, so a page is one round trip and one transaction:
no answer without a log row, none for an ended session. See backend/decisions/0002.
"""

import re
from hashlib import sha256
from typing import Any, ClassVar, Final, final
from uuid import UUID

import asyncpg
from sqlalchemy import (
    ColumnElement,
    DateTime,
    Integer,
    Interval,
    LargeBinary,
    Select,
    Text,
    Uuid,
    bindparam,
    column,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY

from innsyn.access.reader import Reader
from innsyn.db.queue import fairly
from innsyn.db.statements import Statement
from innsyn.refusal import Refusal
from innsyn.spans import span

_PROOF = (
    column("session_id", Uuid),
    column("actor_id", Uuid),
    column("subject_id", Uuid),
    column("name", Text),
    column("given_name", Text),
    column("locale", Text),
    column("subject_name", Text),
    column("subject_given", Text),
    column("audience", Integer),
    column("capabilities", Integer),
    column("kinds", ARRAY(Text)),
    column("hidden", ARRAY(Uuid)),
    column("rule", Text),
    column("handle", Text),
    column("new_since", DateTime(timezone=True)),
    column("at", DateTime(timezone=True)),
    column("expires_at", DateTime(timezone=True)),
    column("idle_limit", Interval),
)

_opened = func.access.begin_access(
    bindparam("token", type_=LargeBinary),
    bindparam("handle", type_=Text),
    bindparam("purpose", type_=Text),
    bindparam("entry", type_=Uuid),
).table_valued(*_PROOF, name="opened")

# MATERIALIZED, so that the access is opened once, before any question: the questions depend on its row.
reader = select(*_opened.c).where(_opened.c.session_id.is_not(None)).cte("reader").prefix_with("MATERIALIZED")


# Where a reader meets entries: what waits to be released has nothing in it there (migrations/shown.py).
_ENTRIES: Final = re.compile(r"\brecord\.entry\b")


class NotLoggedIn(Refusal):
    """No session, or one that has ended: for the person it is the same."""

    status_code: ClassVar[int] = 401
    text_key: ClassVar[str] = "refusal.not_logged_in"


class NoAccess(Refusal):
    """Somebody is logged in, and this record is not open to them: to them there is no such page.

    `rule` names the rule that said no, where a permit has ended or is denied; '' where there never was one.
    """

    status_code: ClassVar[int] = 404

    def __init__(self, rule: str = "") -> None:
        super().__init__(rule)
        self.rule = rule


class TermsFirst(Refusal):
    """The person has not agreed to the terms in force yet."""

    status_code: ClassVar[int] = 403


def many(answer: Select[Any]) -> ColumnElement[Any]:
    """The one column of `answer`, as an array: a page is one row, with an array for each thing on it."""
    return func.array(answer.correlate(reader).scalar_subquery())


def one(answer: Select[Any]) -> ColumnElement[Any]:
    """The one value of `answer` (NULL when there is none)."""
    return answer.correlate(reader).scalar_subquery()


class Question:
    """What a page asks, compiled once. Each part is built on `reader`, so it cannot be asked without one."""

    def __init__(self, purpose: str, **parts: ColumnElement[Any]) -> None:
        self.purpose = purpose
        self._statement = Statement(
            select(*reader.c, *(part.label(name) for name, part in parts.items())).select_from(reader)
        )
        self.sql = _ENTRIES.sub("shown.entry", self._statement.sql)

    def bind(self, **values: object) -> list[object]:
        return self._statement.bind(purpose=self.purpose, **values)


# For the pages that show nothing of a record but who is here (settings, the frame of an error page).
who_is_here = Question("who_is_here", nothing=literal_column("NULL"))


@final
class ReadSession:
    """One person's way into one record, for one request. It can run nothing but a Question.

    `handle` stands for somebody else's record in the address; None is the own one.
    """

    def __init__(self, pool: asyncpg.Pool, token: bytes | None, handle: str | None = None) -> None:
        self._pool = pool
        # Its hash opens the record; what begins an act is never in a statement that asks.
        self._hash = None if token is None else sha256(token).digest()
        self._handle = handle

    async def ask(
        self, question: Question, *, entry: UUID | None = None, **values: object
    ) -> tuple[Reader, asyncpg.Record]:
        """The reader, proved by the database, and the row of answers. Raises NotLoggedIn, NoAccess or TermsFirst."""
        if self._hash is None:
            raise NotLoggedIn
        with span("question", question=question.purpose):
            async with fairly(self._pool, self._hash):
                row = await self._pool.fetchrow(
                    question.sql, *question.bind(token=self._hash, handle=self._handle, entry=entry, **values)
                )
        if row is None:
            raise NotLoggedIn
        if row["subject_id"] is None:
            raise TermsFirst if row["rule"] == "terms" else NoAccess(row["rule"] or "")
        return Reader(*row[: len(_PROOF)]), row
