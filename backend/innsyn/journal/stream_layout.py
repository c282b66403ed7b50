"""How the journal lies in JetStream: names, what stands in a message and its headers, and what a position is.

The stream has one subject for each part. A message holds entries of one part, in the shape of a page of the sequence
feed. Its headers say how far the journal is in the stream with it (so whoever fills the stream needs no memory of its
own) and which message of the part is before it (so whoever reads sees that one is missing).
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

import msgspec

from innsyn.journal.bundles import told_by
from innsyn.journal.limits import MOST_BYTES, Unfit, checked
from innsyn.journal.lookup import DIRECTORY
from innsyn.journal.parts import PARTS, part_of
from innsyn.journal.port import Entry, Unusable
from innsyn.journal.unpacking import items_of, members_of

STREAM = "INNSYN_JOURNAL"
SUBJECTS = "innsyn.journal.*"
SOURCES_STREAM = "INNSYN_SOURCES"
SOURCES_SUBJECT = "innsyn.sources"
ALL_PARTS = tuple(str(part) for part in range(PARTS))
# Nobody's own, and pointed at by everybody's: in one part, so that it can be read before the others.
DIRECTORY_PART = "0"

REACHED = "Innsyn-Reached"  # of the journal's own numbers: all up to here are in the stream
BEFORE = (
    "Innsyn-Before"  # the number in the stream of the message of this part before this one; 0: there was none
)

# A resource of the largest size in base64, which is how what cannot be used is carried, with room for the rest.
LEAST_PAYLOAD = 7 * 1024 * 1024 + 64 * 1024
_MESSAGE_BYTES = 256 * 1024
_MOST_ENTRIES = 500
# A position is the number of the message and the place of the entry in it, counted so that the last one is all ones.
_PLACES = 12


def subject_of(part: str) -> str:
    """The subject of a part."""
    return f"innsyn.journal.{part}"


def first_to_read(position: int) -> int:
    """The number of the message in which everything later than `position` begins."""
    return max(1, (position + 1) >> _PLACES)


def message_at(position: int) -> int:
    """The number of the message that `position` lies in; 0: before the first."""
    return position >> _PLACES


def end_of(message: int) -> int:
    """The position of the last entry of a message."""
    return ((message + 1) << _PLACES) - 1 if message else 0


def is_whole(position: int) -> bool:
    """Whether `position` is the end of a message, or before the first."""
    return position == 0 or position == end_of(message_at(position))


class Piece(msgspec.Struct, frozen=True):
    """A message to be. `reached`: with it, all of the journal up to this number is in the stream."""

    part: str
    first: int
    last: int
    reached: int
    body: bytes


class _Broken(msgspec.Struct, frozen=True):
    reason: str
    explanation: str
    body: bytes


class _Item(msgspec.Struct, frozen=True, omit_defaults=True):
    """As on a page of the sequence feed, and two things that it lacks: aliases, and what could not be used."""

    seq: int
    source: str = ""
    kind: str = ""
    id: str = ""
    version: int | None = None
    recorded: datetime | None = None
    subject: str = ""
    aliases: tuple[str, ...] = ()
    deleted: bool = False
    resource: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    unusable: _Broken | None = None


class _Message(msgspec.Struct, frozen=True):
    entries: list[_Item]


_encode = msgspec.json.Encoder().encode
_decode_message = msgspec.json.Decoder(_Message).decode
_decode_item = msgspec.json.Decoder(_Item).decode
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


def pieces_of(page: Sequence[Entry | Unusable]) -> list[Piece]:
    """A page as messages, in the order in which they must be in the stream.

    Broken off after any of them, the page is read again from the `reached` of the last one.
    """
    groups = sorted(_groups(page), key=lambda group: group[1][0].position)
    firsts = [found[0].position for _, found, _ in groups]
    newest = max(each.position for each in page)
    return [
        Piece(
            part,
            found[0].position,
            found[-1].position,
            firsts[number + 1] - 1 if number + 1 < len(groups) else newest,
            b'{"entries":[' + b",".join(items) + b"]}",
        )
        for number, (part, found, items) in enumerate(groups)
    ]


_Group = tuple[str, list[Entry | Unusable], list[bytes]]


def _groups(page: Iterable[Entry | Unusable]) -> Iterator[_Group]:
    """Entries of one part that fit into one message."""
    open_: dict[str, tuple[list[Entry | Unusable], list[bytes], int]] = {}
    for each in page:
        part, item = _part_of(each), _encode(_item_of(each))
        found, items, size = open_.pop(part, ([], [], 0))
        if items and (size + len(item) > _MESSAGE_BYTES or len(items) == _MOST_ENTRIES):
            yield part, found, items
            found, items, size = [], [], 0
        found.append(each)
        items.append(item)
        open_[part] = found, items, size + len(item)
    for part, (found, items, _) in open_.items():
        yield part, found, items


def _part_of(each: Entry | Unusable) -> str:
    if each.kind in DIRECTORY:
        return DIRECTORY_PART
    return part_of(each.subject or f"{each.kind}/{each.id}", PARTS)


def _item_of(each: Entry | Unusable) -> _Item:
    if isinstance(each, Unusable):
        broken = _Broken(each.reason, each.explanation, each.body)
        return _Item(each.position, each.source, each.kind, each.id, subject=each.subject, unusable=broken)
    return _Item(
        each.position,
        each.source,
        each.kind,
        each.id,
        each.version,
        each.recorded,
        each.subject,
        each.aliases,
        each.resource is None,
        msgspec.UNSET if each.resource is None else msgspec.Raw(each.resource),
    )


def entries_in(body: bytes, message: int) -> list[Entry | Unusable]:
    """What a message holds. What in it cannot be read is an Unusable, and takes nothing along."""
    try:
        items: list[_Item | bytes] = list(_decode_message(body).entries)
    except _UNREADABLE:
        items = list(_cut(body))
    first = end_of(message) + 1 - len(items)
    return [_found(item, position) for position, item in enumerate(items, first)]


def _cut(body: bytes) -> Iterator[_Item | bytes]:
    try:
        items = items_of(members_of(body).get("entries", b""))
    except Unfit:
        items = [body]
    for item in items or [body]:
        try:
            yield _decode_item(item)
        except _UNREADABLE:
            yield item


def _found(item: _Item | bytes, position: int) -> Entry | Unusable:
    if isinstance(item, bytes):
        kind, id_ = told_by(item)
        broken = _Broken("not_an_entry", "The stream holds something that is no entry.", item[:MOST_BYTES])
        return _unusable(_Item(0, kind=kind, id=id_), broken, position)
    if item.unusable is not None:
        return _unusable(item, item.unusable, position)
    resource = None if item.deleted or item.resource is msgspec.UNSET else bytes(item.resource)
    if resource is not None:
        # Who may write in the stream is not who may write in the journal: it is looked at again here.
        try:
            checked(resource)
        except Unfit as unfit:
            return _unusable(item, _Broken(unfit.reason, str(unfit), resource[:MOST_BYTES]), position)
    return Entry(
        position=position,
        source=item.source,
        kind=item.kind,
        id=item.id,
        resource=resource,
        version=item.version,
        recorded=item.recorded and item.recorded.astimezone(UTC),
        subject=item.subject,
        aliases=item.aliases,
    )


def _unusable(item: _Item, broken: _Broken, position: int) -> Unusable:
    return Unusable(
        position=position,
        source=item.source,
        reason=broken.reason,
        explanation=broken.explanation,
        body=broken.body,
        kind=item.kind,
        id=item.id,
        subject=item.subject,
    )
