"""What the pages of notices show."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from innsyn.access.telling.kinds import ENTRIES, Told
from innsyn.notifications import rules
from innsyn.notifications.channels.port import Way
from innsyn.notifications.rules import Hours


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the list. `handle` '' and `name` are of whose record it is in: '' is the own one."""

    id: UUID
    handle: str
    name: str
    kind: Told
    at: datetime
    seen: bool


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """What a notice is about, and where the page of it is: `place` is an entry's kind, or a message's thread."""

    kind: Told
    handle: str
    item: UUID
    place: str


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """As the register said; `why` there is none that may be used, 'unknown' before it was asked."""

    email: str = ""
    mobile: str = ""
    why: str = "unknown"


class NoticesPage(msgspec.Struct, frozen=True, kw_only=True):
    """`notices`: newest first, each readable now. `unseen`: how many of them are not read."""

    reader: Any
    notices: Sequence[Notice]
    unseen: int
    done: bool


class Box(msgspec.Struct, frozen=True):
    """One thing to tick: what it is called in the form, and whether it is chosen."""

    way: str
    name: str
    ticked: bool


class Row(msgspec.Struct, frozen=True):
    """One kind of notice, with a box for each way."""

    kind: str
    boxes: Sequence[Box]


class ChoosingPage(msgspec.Struct, frozen=True, kw_only=True):
    """`others` None: there is nobody whom the reader helps. Times are "HH:MM", '' for none. `error` a key of a text."""

    reader: Any
    own: Sequence[Row]
    others: Sequence[Row] | None
    quiet_from: str
    quiet_until: str
    digest_at: str
    contact: Contact
    saved: bool
    error: str = ""


Chosen = Mapping[tuple[Told, bool], frozenset[Way]]

OWN, OTHERS = "own", "others"
# Nobody hears of access to somebody else's record in that record.
_OF_OTHERS: Final = tuple(kind for kind in Told if kind is not Told.ACCESS)


def address(target: Target, base: str) -> str:
    """The page that a notice leads to; `base` is what addresses of that record begin with in this session."""
    if target.kind in ENTRIES:
        return f"{base}/journal/{target.place}/{target.item}"
    if target.kind is Told.MESSAGE:
        return f"{base}/messages/{target.place}"
    if target.kind is Told.ACCESS:
        return f"/access/fullmakt/{target.item}"
    return f"{base}/forms/tasks/{target.item}"


def rows(chosen: Chosen, *, of_others: bool) -> list[Row]:
    """What can be chosen, as it is now."""
    whose = OTHERS if of_others else OWN
    return [
        Row(
            kind,
            [
                Box(way, f"{whose}.{kind}.{way}", way in rules.ways_for(kind, chosen, of_others=of_others))
                for way in Way
            ],
        )
        for kind in (_OF_OTHERS if of_others else tuple(Told))
    ]


def ticked(names: Collection[str], *, with_others: bool) -> dict[tuple[Told, bool], frozenset[Way]]:
    """What was chosen in the form: every kind that it has, also those with nothing ticked."""
    return {
        (Told(row.kind), of_others): frozenset(Way(box.way) for box in row.boxes if box.name in names)
        for of_others in ((False, True) if with_others else (False,))
        for row in rows({}, of_others=of_others)
    }


def named(shown: str) -> list[UUID]:
    """The notices that the form of the list names, with spaces between; none where it is no such list."""
    try:
        return [UUID(each) for each in shown.split()]
    except ValueError:
        return []


def clock(hours: Hours) -> tuple[str, str, str]:
    """(quiet from, quiet until, digest at) as a time field has them."""
    times = (hours.quiet_from, hours.quiet_until, hours.digest_at)
    first, second, third = (each.strftime("%H:%M") if each else "" for each in times)
    return first, second, third
