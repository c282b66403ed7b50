"""Opening a record: one statement that proves the access, logs the reading and asks the question.

`access.begin_access` (in the database) checks the session, writes the log row and sets the person whom row-level
security will show. It stands in the statement of the question itself, so a page is one round trip and one transaction:
no answer without a log row, none for an ended session. See backend/decisions/0002.
"""

from typing import Any, ClassVar, final
from uuid import UUID

import asyncpg
from sqlalchemy import (
    ColumnElement,
    DateTime,
    Integer,
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

from innsyn.access.reader import Reader
from innsyn.db.statements import Statement
from innsyn.refusal import Refusal

_PROOF = (
    column("session_id", Uuid),
    column("actor_id", Uuid),
    column("subject_id", Uuid),
    column("name", Text),
    column("given_name", Text),
    column("locale", Text),
    column("audience", Integer),
    column("new_since", DateTime(timezone=True)),
    column("at", DateTime(timezone=True)),
)

_opened = func.access.begin_access(
    bindparam("token", type_=LargeBinary),
    bindparam("purpose", type_=Text),
    bindparam("entry", type_=Uuid),
).table_valued(*_PROOF, name="opened")

# MATERIALIZED, so that the access is opened once, before any question: the questions depend on its row.
reader = select(*_opened.c).cte("reader").prefix_with("MATERIALIZED")


class NotLoggedIn(Refusal):
    """No session, or one that has ended: for the person it is the same."""

    status_code: ClassVar[int] = 401
    text_key: ClassVar[str] = "refusal.not_logged_in"


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

    @property
    def sql(self) -> str:
        return self._statement.sql

    def bind(self, **values: object) -> list[object]:
        return self._statement.bind(purpose=self.purpose, **values)


# For the pages that show nothing of a record but who is here (settings, the frame of an error page).
who_is_here = Question("who_is_here", nothing=literal_column("NULL"))


@final
class ReadSession:
    """One person's way into one record, for one request. It can run nothing but a Question."""

    def __init__(self, pool: asyncpg.Pool, token: bytes | None) -> None:
        self._pool = pool
        self._token = token

    async def ask(
        self, question: Question, *, entry: UUID | None = None, **values: object
    ) -> tuple[Reader, asyncpg.Record]:
        """The reader, proved by the database, and the row of answers. Raises NotLoggedIn."""
        if self._token is None:
            raise NotLoggedIn
        row = await self._pool.fetchrow(
            question.sql, *question.bind(token=self._token, entry=entry, **values)
        )
        if row is None:
            raise NotLoggedIn
        return Reader(*row[: len(_PROOF)]), row
