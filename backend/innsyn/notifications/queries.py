"""What somebody is told of, and what they have chosen."""

from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import Boolean, DateTime, Text, bindparam, cast, column, func, literal_column, select
from sqlalchemy.types import Uuid

from innsyn.access.opening import Question, ReadSession, many, one, reader
from innsyn.access.people.queries import represented
from innsyn.access.reader import Reader
from innsyn.access.telling.kinds import Told
from innsyn.notifications.channels.port import Way
from innsyn.notifications.refusals import NoSuchNotice
from innsyn.notifications.rules import Hours
from innsyn.notifications.tables import choice, contact, hours
from innsyn.notifications.views import Contact, Notice, Target

_MOST: Any = literal_column("100")
_mine = func.notice.mine(_MOST).table_valued(
    column("notice_id", Uuid),
    *(column(name, Text) for name in ("handle", "name", "kind")),
    column("at", DateTime(timezone=True)),
    column("seen", Boolean),
    name="mine",
)
_line = cast(
    func.json_build_object(
        *("id", _mine.c.notice_id, "handle", _mine.c.handle, "name", _mine.c.name),
        *("kind", _mine.c.kind, "at", _mine.c.at, "seen", _mine.c.seen),
    ),
    Text,
)
_NOTICES = Question("notices", notices=many(select(_line).select_from(_mine)))
# The number beside the list, asked as the list is: for any page, beside its other questions.
unseen = one(select(func.notice.unseen()))

_followed = func.notice.follow(bindparam("notice", type_=Uuid)).table_valued(
    *(column(name, Text) for name in ("kind", "handle", "place")), column("item", Uuid), name="followed"
)
_target = cast(
    func.json_build_object(
        *("kind", _followed.c.kind, "handle", _followed.c.handle),
        *("item", _followed.c.item, "place", func.coalesce(_followed.c.place, literal_column("''"))),
    ),
    Text,
)
_FOLLOW = Question("notices.follow", target=one(select(_target).select_from(_followed)))

_chosen = cast(
    func.json_build_array(choice.c.kind, choice.c.of_others, func.to_json(choice.c.channels)), Text
)
_HOURS: Final = ("quiet_from", "quiet_until", "digest_at")
_hours = cast(func.json_build_array(*(hours.c[name] for name in _HOURS)), Text)
_CONTACT: Final = ("email", "mobile", "why")
_contact = cast(
    func.json_build_object(*(part for name in _CONTACT for part in (name, contact.c[name]))), Text
)
_CHOICES = Question(
    "notices.choices",
    chosen=many(select(_chosen).where(choice.c.receiver_id == reader.c.actor_id)),
    hours=one(select(_hours).where(hours.c.receiver_id == reader.c.actor_id)),
    contact=one(select(_contact).where(contact.c.receiver_id == reader.c.actor_id)),
    people=represented,
)


class Choices(NamedTuple):
    """What the reader has chosen, where they can be reached, and whether there is anybody whom they help."""

    reader: Reader
    chosen: dict[tuple[Told, bool], frozenset[Way]]
    hours: Hours
    contact: Contact
    helps: bool


async def notices_of(db: ReadSession) -> tuple[Reader, list[Notice]]:
    """All that the person here is told of and can read now, newest first, at most a hundred."""
    reader_, row = await db.ask(_NOTICES)
    return reader_, [msgspec.json.decode(each, type=Notice) for each in row["notices"]]


async def follow(db: ReadSession, notice_id: UUID) -> tuple[Reader, Target]:
    """What this notice is about; it is seen from then on. Raises NoSuchNotice."""
    reader_, row = await db.ask(_FOLLOW, notice=notice_id)
    if row["target"] is None:
        raise NoSuchNotice
    return reader_, msgspec.json.decode(row["target"], type=Target)


async def choices_of(db: ReadSession) -> Choices:
    """What the person here has chosen."""
    reader_, row = await db.ask(_CHOICES)
    told = [msgspec.json.decode(each, type=tuple[Told, bool, list[Way]]) for each in row["chosen"]]
    times = msgspec.json.decode(row["hours"], type=list[str | None]) if row["hours"] else [None] * 3
    return Choices(
        reader_,
        {(kind, of_others): frozenset(ways) for kind, of_others, ways in told},
        Hours(*(datetime.strptime(each, "%H:%M:%S").time() if each else None for each in times)),  # noqa: DTZ007 - no date
        msgspec.json.decode(row["contact"], type=Contact) if row["contact"] else Contact(),
        bool(row["people"]),
    )
