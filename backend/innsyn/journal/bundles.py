"""A JSON text as entries: one resource, or all that a bundle of any type holds (http://hl7.org/fhir/R4/bundle.html)."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from innsyn.journal.limits import MOST_BYTES, Head, TooDeep, Unfit, checked, legal_id, legal_kind
from innsyn.journal.port import Entry, Unusable
from innsyn.journal.unpacking import items_of, members_of, text_of

_DEEPEST_BUNDLE = 8

# What others point at comes before what points at it, so that less has to wait.
_FIRST = (
    "Organization",
    "Location",
    "HealthcareService",
    "Practitioner",
    "PractitionerRole",
    "Patient",
    "RelatedPerson",
    "Medication",
    "Device",
    "Specimen",
    "Encounter",
)
_RANKS = {kind: rank for rank, kind in enumerate(_FIRST)}

# These are messages about something: FHIR gives them no identity of their own.
_NAMELESS = frozenset({"Bundle", "OperationOutcome", "Parameters"})

_TOLD_KIND = re.compile(rb'"resourceType"\s*:\s*"([A-Za-z]{1,64})"').search
_POINTS_AT = re.compile(r"(?:^|/)([A-Z][A-Za-z]{1,63})/([A-Za-z0-9\-.]{1,64})(?:/_history/[^/]*)?$").search


class NoId(Unfit):
    """Nobody could point at it, and a correction of it could not be told from another resource."""

    reason = "no_id"


class NoResource(Unfit):
    """An entry of a bundle that neither brings nor deletes a resource."""

    reason = "no_resource"


@dataclass(frozen=True, slots=True)
class Load:
    """One reading of a source: `at` is when, `positions` numbers what is found."""

    source: str
    at: datetime
    positions: Iterator[int]


def rank_of(kind: str) -> int:
    """Where a kind of resource comes in the order of a load."""
    return _RANKS.get(kind, len(_RANKS))


def is_directory(kind: str) -> bool:
    """Whether a load does well to read this kind before the rest."""
    return kind in _RANKS


def entries_in(text: bytes, load: Load) -> Iterator[Entry | Unusable]:
    """What a JSON text holds, as received: nothing vanishes, and what is broken does not stop the rest."""
    yield from _opened(_Item(text, text), load, depth=0)


@dataclass(frozen=True, slots=True)
class _Item:
    """One entry of a bundle: as it came, and what it says."""

    text: bytes
    resource: bytes
    full_url: str = ""
    method: str = ""
    url: str = ""
    modified: str = ""


def _opened(item: _Item, load: Load, depth: int) -> Iterator[Entry | Unusable]:
    try:
        items = _items_of(item, depth)
    except Unfit as unfit:
        yield _unusable(item.resource, unfit, load)
        return
    if items is None:
        yield _one(item, load)
        return
    for text in items:
        if isinstance(text, _Item):
            yield from _opened(text, load, depth + 1)
        else:
            yield _unusable(*text, load)


def _items_of(item: _Item, depth: int) -> "list[_Item | tuple[bytes, Unfit]] | None":
    """None: it is no bundle, or one that holds nothing."""
    if b'"Bundle"' not in item.resource or item.method == "DELETE":
        return None
    bundle = members_of(item.resource)
    if text_of(bundle.get("resourceType", b"")) != "Bundle":
        return None
    if depth >= _DEEPEST_BUNDLE:
        raise TooDeep(f"Bundles lie in bundles more than {_DEEPEST_BUNDLE} deep.")
    items = [_item(text) for text in items_of(bundle.get("entry", b"[]"))]
    if not items:
        return None
    if text_of(bundle.get("type", b"")) == "history":
        # A history tells the newest first (http://hl7.org/fhir/R4/http.html#history).
        return items[::-1]
    return sorted(items, key=_rank)


def _item(text: bytes) -> "_Item | tuple[bytes, Unfit]":
    try:
        entry = members_of(text)
        request = members_of(entry["request"]) if "request" in entry else {}
        response = members_of(entry["response"]) if "response" in entry else {}
    except Unfit as unfit:
        return text, unfit
    item = _Item(
        text=text,
        resource=entry.get("resource", b""),
        full_url=text_of(entry.get("fullUrl", b"")),
        method=text_of(request.get("method", b"")),
        url=text_of(request.get("url", b"")),
        modified=text_of(response.get("lastModified", b"")),
    )
    if item.method == "PATCH":
        return text, NoResource("An entry of a bundle changes a resource without bringing it.")
    if item.resource or item.method == "DELETE":
        return item
    return text, NoResource("An entry of a bundle neither brings nor deletes a resource.")


def _rank(item: "_Item | tuple[bytes, Unfit]") -> int:
    """By a glance, which may see a contained resource first: it only decides the order."""
    if isinstance(item, tuple):
        return len(_RANKS)
    told = _TOLD_KIND(item.resource)
    return rank_of(told[1].decode() if told else item.url.partition("/")[0])


def _one(item: _Item, load: Load) -> Entry | Unusable:
    if item.method == "DELETE":
        return _deletion(item, load)
    try:
        head = checked(item.resource)
        id_, aliases = _names(item, head)
    except Unfit as unfit:
        return _unusable(item.resource, unfit, load)
    return Entry(
        position=next(load.positions),
        source=load.source,
        kind=head.kind,
        id=id_,
        resource=item.resource,
        recorded=instant_of(head.last_updated) or load.at,
        aliases=aliases,
    )


def _names(item: _Item, head: Head) -> tuple[str, tuple[str, ...]]:
    """(id, other names). Without an id of its own it gets one that is the same when read again."""
    put = _POINTS_AT(item.url) if item.method == "PUT" else None
    named = _POINTS_AT(item.full_url)
    is_urn = item.full_url.startswith("urn:")
    own = head.id
    for found in (put, named):
        if not own and found is not None and found[1] == head.kind:
            own = found[2]
    if not own and is_urn and legal_id(last := item.full_url.rpartition(":")[2]):
        own = last
    if not own and head.kind in _NAMELESS:
        own = hashlib.sha256(item.resource).hexdigest()
    if not own:
        raise NoId("The resource has no id, and nothing around it gives it one.")
    tells_itself = named is not None and (named[1], named[2]) == (head.kind, own)
    return own, (item.full_url,) if item.full_url and not tells_itself else ()


def _deletion(item: _Item, load: Load) -> Entry | Unusable:
    gone = _POINTS_AT(item.url) or _POINTS_AT(item.full_url)
    if gone is None or "?" in item.url:
        return _unusable(item.text, NoResource("A deletion does not say of which one resource."), load)
    return Entry(
        position=next(load.positions),
        source=load.source,
        kind=gone[1],
        id=gone[2],
        resource=None,
        recorded=instant_of(item.modified) or load.at,
    )


def _unusable(body: bytes, unfit: Unfit, load: Load) -> Unusable:
    kind, id_ = told_by(body)
    return Unusable(
        position=next(load.positions),
        source=load.source,
        reason=unfit.reason,
        explanation=str(unfit),
        body=body[:MOST_BYTES],
        kind=kind,
        id=id_,
    )


class _Told(msgspec.Struct, frozen=True, rename={"kind": "resourceType"}):
    kind: str = ""
    id: str = ""


_decode_told = msgspec.json.Decoder(_Told).decode


def told_by(body: bytes) -> tuple[str, str]:
    """(kind, id) that broken bytes seem to tell, so that what is mended later can be recognised; else ''."""
    try:
        told = _decode_told(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return "", ""
    return told.kind if legal_kind(told.kind) else "", told.id if legal_id(told.id) else ""


def instant_of(text: str) -> datetime | None:
    """A FHIR instant (date, time and offset) in UTC; None for anything else."""
    try:
        read = datetime.fromisoformat(text)
        return read.astimezone(UTC) if read.tzinfo else None
    except (ValueError, OverflowError):
        return None
