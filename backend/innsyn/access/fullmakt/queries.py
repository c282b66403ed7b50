"""The fullmakts of the person here, given and received."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
from sqlalchemy import (
    Boolean,
    ColumnElement,
    Integer,
    Text,
    Uuid,
    bindparam,
    case,
    cast,
    column,
    func,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by

from innsyn.access.fullmakt.levels import Level
from innsyn.access.fullmakt.rules import Fullmakt, Party
from innsyn.access.fullmakt.tables import fullmakt, fullmakt_event
from innsyn.access.opening import Question, ReadSession, many, one, reader
from innsyn.access.reader import Reader
from innsyn.access.tables import log

# Of its own row, and not of its code or of what it gives.
_OWN = tuple(name for name in Fullmakt.__struct_fields__ if name not in {"given", "tries"})
_GIVEN = ("level", "capabilities", "kinds", "task")


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something that has happened to one: who did it (`by_giver`), from where to where, why, and what it gave then."""

    at: datetime
    by_giver: bool
    from_state: str
    to_state: str
    reason: str
    level: str


class Concerned(msgspec.Struct, frozen=True, kw_only=True):
    """A fullmakt as one of its parties meets it.

    `name` and `given_name` are the other party's ('' until somebody has claimed it). `shut`: one of the two can neither
    represent nor be represented, whatever the dates say. `form` is what the form is called that it is for ('' for other
    levels, and where that is not told yet). `last_read` is when the receiver last read by it.
    """

    one: Fullmakt
    party: Party
    name: str
    given_name: str
    shut: bool
    form: str
    last_read: datetime | None
    events: tuple[Event, ...]


def read_fullmakt(row: asyncpg.Record | dict[str, Any]) -> Fullmakt:
    """The fullmakt of a row with `columns`, from the database or from JSON."""
    given = {name: row[name] for name in _GIVEN}
    rest = {name: row[name] for name in (*_OWN, "tries")}
    return msgspec.convert({**rest, "given": given}, Fullmakt, strict=False)


_parties = func.access.fullmakt_parties().table_valued(
    column("fullmakt_id", Uuid),
    column("name", Text),
    column("given_name", Text),
    column("shut", Boolean),
    column("tries", Integer),
    name="parties",
)
# With what only the functions may look up: whose it is besides, and how often the code has been tried.
joined = fullmakt.join(_parties, _parties.c.fullmakt_id == fullmakt.c.fullmakt_id)
# What `read_fullmakt` wants.
columns: list[ColumnElement[Any]] = [*(fullmakt.c[name] for name in (*_OWN, *_GIVEN)), _parties.c.tries]
_event_pairs = (
    part
    for name in ("at", "from_state", "to_state", "reason", "level")
    for part in (name, fullmakt_event.c[name])
)
_event: Any = func.json_build_object(
    *_event_pairs, "by_giver", fullmakt_event.c.actor_id == fullmakt_event.c.giver_id
)
_events = (
    select(func.json_agg(aggregate_order_by(_event, fullmakt_event.c.event_id.desc())))
    .where(
        fullmakt_event.c.giver_id == fullmakt.c.giver_id,
        fullmakt_event.c.fullmakt_id == fullmakt.c.fullmakt_id,
    )
    .correlate(fullmakt)
    .scalar_subquery()
)
_last_read = (
    select(log.c.at)
    .where(
        log.c.subject_id == reader.c.actor_id,
        log.c.actor_id == fullmakt.c.receiver_id,
        log.c.refused.is_(False),
    )
    .order_by(log.c.log_id.desc())
    .limit(1)
    .correlate(fullmakt, reader)
    .scalar_subquery()
)


def _as_json(**more: Any) -> ColumnElement[str]:  # noqa: ANN401 - any column
    pairs: list[Any] = [part for name in (*_OWN, *_GIVEN) for part in (name, fullmakt.c[name])]
    pairs += [part for name in ("name", "given_name", "shut", "tries") for part in (name, _parties.c[name])]
    # What somebody is asked may tell of their health: the database tells it to those who may know.
    pairs += ["form", case((fullmakt.c.level == Level.FORM, func.form.title_given(fullmakt.c.fullmakt_id)))]
    pairs += [part for name, value in more.items() for part in (name, value)]
    return cast(func.json_build_object(*pairs), Text)


_is_mine = or_(fullmakt.c.giver_id == reader.c.actor_id, fullmakt.c.receiver_id == reader.c.actor_id)

# Also for the first page of access, beside other questions.
fullmakts: ColumnElement[Any] = many(
    select(_as_json())
    .select_from(joined)
    .where(_is_mine)
    .order_by(fullmakt.c.made_at.desc(), fullmakt.c.fullmakt_id)
)
_MINE = Question("fullmakt.list", fullmakts=fullmakts)
_ONE = Question(
    "fullmakt.open",
    fullmakts=many(
        select(_as_json(events=_events, last_read=_last_read))
        .select_from(joined)
        .where(_is_mine, fullmakt.c.fullmakt_id == bindparam("fullmakt_id", type_=Uuid))
    ),
)
_TO_GIVE = Question(
    "fullmakt.form", title=one(select(func.form.title_to_give(bindparam("task", type_=Uuid))))
)


async def form_to_give(db: ReadSession, task: str) -> tuple[Reader, str]:
    """The person here, and what this form of theirs is called (`task` is its id); '' for none that can be given."""
    person, row = await db.ask(_TO_GIVE, task=UUID(task) if task else None)
    return person, row["title"] or ""


async def fullmakts_of(db: ReadSession) -> tuple[Reader, list[Concerned]]:
    """The person here, and all fullmakts they have given or received, the newest first."""
    person, row = await db.ask(_MINE)
    return person, list(read_concerned(row["fullmakts"], person))


async def fullmakt_of(db: ReadSession, fullmakt_id: UUID) -> tuple[Reader, Concerned | None]:
    """The person here, and this fullmakt, with all that has happened to it; None: they are no party of any such."""
    person, row = await db.ask(_ONE, fullmakt_id=fullmakt_id)
    return person, next(read_concerned(row["fullmakts"], person), None)


def read_concerned(rows: list[str], person: Reader) -> Iterator[Concerned]:
    """The fullmakts of a question's answer, as this person meets them."""
    for text in rows:
        row = msgspec.json.decode(text)
        one = read_fullmakt(row)
        yield Concerned(
            one=one,
            party=Party.GIVER if one.giver_id == person.actor_id else Party.RECEIVER,
            name=row["name"] or "",
            given_name=row["given_name"] or row["name"] or "",
            shut=bool(row["shut"]),
            form=row["form"] or "",
            last_read=msgspec.convert(row.get("last_read"), datetime | None),
            events=msgspec.convert(row.get("events") or (), tuple[Event, ...]),
        )
