"""Whom one can write to, and one unit with what is to be known before writing to it."""

from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Text, and_, bindparam, cast, func, literal_column, or_, select
from sqlalchemy.types import Uuid

from innsyn.access.opening import Question, ReadSession, many, one, reader
from innsyn.access.reader import Reader
from innsyn.messages.known import knows
from innsyn.messages.queries import File, files_of, own_draft, sees, unread_of
from innsyn.messages.rules import message_of
from innsyn.messages.tables import attachment, draft, message, reply_time, unit
from innsyn.messages.units import Opening

_person = reader.c.subject_id
_unit = bindparam("unit", type_=Uuid)
_draft = bindparam("draft", type_=Uuid)
_message = bindparam("message", type_=Uuid)
_NONE: Any = literal_column("'{}'::json")


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    """Whom one can write to. `known`: the person has had to do with it; `opening` as messages/units.py has it.

    `waits` are [median, most, threads] by kind, '' for all kinds together.
    """

    unit_id: UUID
    name: str
    organisation: str
    kinds: list[str]
    may_write: str
    known: bool
    about: str
    promise: int | None
    opening: Opening
    templates: dict[str, str]
    waits: dict[str, tuple[int, int, int]]


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A draft of the reader's own."""

    thread_id: UUID | None
    kind: str
    topic: str
    text: str
    revision: int
    saved_at: datetime
    files: list[File]


class Composed(NamedTuple):
    """`sent`: the thread that this draft has become, where it has been sent."""

    unit: Unit | None
    draft: Kept | None
    sent: UUID | None
    unread: int


_read_unit: Final = msgspec.json.Decoder(Unit).decode
_read_kept: Final = msgspec.json.Decoder(Kept).decode
_waits = (
    select(
        func.coalesce(
            func.json_object_agg(
                reply_time.c.kind,
                func.json_build_array(reply_time.c.median, reply_time.c.most, reply_time.c.threads),
            ),
            _NONE,
        )
    )
    .where(reply_time.c.unit_id == unit.c.unit_id)
    .correlate(unit)
    .scalar_subquery()
)


def _json(column: ColumnElement[bytes]) -> ColumnElement[Any]:
    text = func.convert_from(column, literal_column("'UTF8'"))
    return func.nullif(text, literal_column("''")).op("::")(literal_column("json"))


_told = cast(
    func.json_build_object(
        *("unit_id", unit.c.unit_id, "name", unit.c.name, "organisation", unit.c.organisation),
        *("kinds", unit.c.kinds, "may_write", unit.c.may_write, "known", knows(_person, unit)),
        *(
            "about",
            unit.c.about,
            "promise",
            unit.c.promise,
            "opening",
            func.coalesce(_json(unit.c.opening), _NONE),
        ),
        *("templates", func.coalesce(_json(unit.c.templates), _NONE), "waits", _waits),
    ),
    Text,
)
_UNITS: Final = Question(
    "messages.new",
    units=many(select(_told).where(sees, unit.c.is_active).order_by(unit.c.name, unit.c.unit_id)),
    unread=unread_of(),
)
_its_files = and_(attachment.c.person_id == draft.c.person_id, attachment.c.draft_id == draft.c.draft_id)
_kept = cast(
    func.json_build_object(
        *("thread_id", draft.c.thread_id, "kind", draft.c.kind, "topic", draft.c.topic, "text", draft.c.text),
        *("revision", draft.c.revision, "saved_at", draft.c.saved_at, "files", files_of(_its_files)),
    ),
    Text,
)
_this_draft = and_(own_draft, draft.c.draft_id == _draft)
_COMPOSE: Final = Question(
    "messages.compose",
    unit=one(
        select(_told).where(
            sees,
            unit.c.is_active,
            or_(
                unit.c.unit_id == _unit,
                unit.c.unit_id
                == select(draft.c.unit_id).where(_this_draft).correlate(reader).scalar_subquery(),
            ),
        )
    ),
    draft=one(select(_kept).where(_this_draft)),
    sent=one(
        select(message.c.thread_id).where(
            message.c.person_id == _person, sees, message.c.message_id == _message
        )
    ),
    unread=unread_of(),
)


async def units_of(db: ReadSession) -> tuple[Reader, list[Unit], int]:
    """Every unit that takes messages, and how many threads are unread."""
    reader_, row = await db.ask(_UNITS)
    return reader_, list(map(_read_unit, row["units"])), row["unread"]


async def composed(db: ReadSession, unit_id: UUID | None, draft_id: UUID) -> tuple[Reader, Composed]:
    """A unit to write to (None: whom the draft is to) and what has been begun for it."""
    reader_, row = await db.ask(_COMPOSE, unit=unit_id, draft=draft_id, message=message_of(draft_id))
    found = Composed(
        _read_unit(row["unit"]) if row["unit"] else None,
        _read_kept(row["draft"]) if row["draft"] else None,
        row["sent"],
        row["unread"],
    )
    return reader_, found
