"""One page of a sequence feed as entries: `{"entries": [{"seq", "source", "kind", "id", …}], "last"}`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import msgspec

from innsyn.journal.bundles import instant_of, told_by
from innsyn.journal.limits import MOST_BYTES, NotJson, Unfit, checked, legal_id, legal_kind
from innsyn.journal.port import Entry, Unusable
from innsyn.journal.unpacking import items_of, members_of, text_of

_MOST_SEQ = 2**63 - 1
_SOURCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}").fullmatch


class BadEnvelope(Unfit):
    """What the feed itself says about a resource cannot be used."""

    reason = "bad_envelope"


class AnotherResource(Unfit):
    """The feed says one resource and brings another."""

    reason = "another_resource"


@dataclass(frozen=True, slots=True)
class Page:
    """What a page holds, in its order, and the newest sequence number that the feed has."""

    found: list[Entry | Unusable]
    last: int


def page_in(body: bytes, seq: int) -> Page:
    """The page that was asked for from `seq`. Raises an Unfit when it cannot be taken apart at all.

    Numbers are without gaps: an Unusable stands in for a missing one, since what it said may concern somebody.
    """
    members = members_of(body)
    if "entries" not in members or "last" not in members:
        raise NotJson("The page lacks entries or last.")
    last = _number(members["last"])
    if last is None:
        raise NotJson("The page does not tell its last number.")
    return Page(list(_found(items_of(members["entries"]), seq, last)), last)


def _found(items: list[bytes], expected: int, last: int) -> Iterator[Entry | Unusable]:
    for item in items:
        found = _one(item, expected, last)
        if found.position > expected:
            yield _gap(expected, found.position - 1)
        yield found
        expected = max(expected, found.position + 1)


def _gap(first: int, last: int) -> Unusable:
    return Unusable(
        position=last,
        source="",
        reason="missing",
        explanation=f"The feed has no entries with the numbers {first} to {last}.",
        body=f"seq={first}..{last}".encode(),
    )


@dataclass(frozen=True, slots=True)
class _Envelope:
    seq: int
    source: str
    kind: str
    id: str
    version: int | None
    recorded: datetime | None
    subject: str
    resource: bytes | None


def _one(item: bytes, expected: int, last: int) -> Entry | Unusable:
    try:
        members = members_of(item)
    except Unfit as unfit:
        return _unusable(item, expected, unfit, {})
    seq = _number(members.get("seq", b""))
    if seq is None or seq > last:
        # A number beyond the last would carry our position past everything that is still to come.
        return _unusable(item, expected, BadEnvelope("The entry tells no possible sequence number."), members)
    try:
        envelope = _envelope(seq, members)
        recorded = envelope.recorded
        if envelope.resource is not None:
            head = checked(envelope.resource)
            if (head.kind, head.id) != (envelope.kind, envelope.id):
                raise AnotherResource("The entry names one resource and brings another.")
            recorded = recorded or instant_of(head.last_updated)
    except Unfit as unfit:
        return _unusable(item, seq, unfit, members)
    return Entry(
        position=envelope.seq,
        source=envelope.source,
        kind=envelope.kind,
        id=envelope.id,
        resource=envelope.resource,
        version=envelope.version,
        recorded=recorded,
        subject=envelope.subject,
    )


def _envelope(seq: int, members: dict[str, bytes]) -> _Envelope:
    source, kind, id_ = (_text(members, name) for name in ("source", "kind", "id"))
    if not _SOURCE(source):
        raise BadEnvelope("The entry tells no legal source.")
    if not legal_kind(kind) or not legal_id(id_):
        raise BadEnvelope("The entry tells no legal kind and id.")
    is_deleted, resource = members.get("deleted", b"false") == b"true", members.get("resource")
    if is_deleted == (resource is not None):
        raise BadEnvelope("The entry neither brings nor deletes a resource, or says that it does both.")
    version = _number(members["version"]) if "version" in members else None
    if "version" in members and not version:
        raise BadEnvelope("The version is no whole number from 1 on.")
    recorded = instant_of(_text(members, "recorded"))
    return _Envelope(seq, source, kind, id_, version, recorded, _text(members, "subject"), resource)


def _unusable(item: bytes, position: int, unfit: Unfit, members: dict[str, bytes]) -> Unusable:
    body = members.get("resource", item)
    source, kind, id_ = (_text(members, name) for name in ("source", "kind", "id"))
    if not (legal_kind(kind) and legal_id(id_)):
        kind, id_ = told_by(body)
    return Unusable(
        position=position,
        source=source if _SOURCE(source) else "",
        reason=unfit.reason,
        explanation=str(unfit),
        body=body[:MOST_BYTES],
        kind=kind,
        id=id_,
        subject=_text(members, "subject"),
    )


def _text(members: dict[str, bytes], name: str) -> str:
    return text_of(members.get(name, b""))


def _number(text: bytes) -> int | None:
    """A sequence number or version: what PostgreSQL can hold, and no decimals."""
    try:
        number = msgspec.json.decode(text, type=int, strict=True)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return number if 0 <= number <= _MOST_SEQ else None
