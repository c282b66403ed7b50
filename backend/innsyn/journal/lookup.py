"""What references point at: every form of reference that FHIR R4 has, answered from what has been fetched so far.

A projection is pure, so it cannot ask the database. It asks a Lookup; what the Lookup lacks it
notes, the loop fetches all that was missed in one query, and the few projections that missed something are run again.
http://hl7.org/fhir/R4/references.html
"""

import hashlib
import re
from functools import lru_cache
from typing import TypeVar
from uuid import UUID

import msgspec

from innsyn.journal.fhir.datatypes import Identifier, Reference

T = TypeVar("T")
Key = tuple[str, str]  # (kind, id)
DIRECTORY = frozenset(
    {
        "Practitioner",
        "PractitionerRole",
        "Organization",
        "Location",
        "HealthcareService",
        "Medication",
        "Device",
    }
)
# Nobody's own, and read out of what points at them: when one changes, what is remembered of it is wrong.
POINTED_AT = DIRECTORY | {"Binary"}


def name_of(reference: Reference | None, kind: str = "") -> str:
    """The one name under which a reference is looked up: `Kind/id`, `urn:…`, `Kind?identifier=system|value` or ''.

    `kind` is what is looked for, where the reference itself tells only an identifier.

    Relative, absolute and versioned references to the same resource have the same name. '#id' is contained: see `find`.
    """
    if reference is None:
        return ""
    if reference.reference:
        return _literal(reference.reference)
    if reference.identifier is not None and reference.identifier.value:
        return identifier_name(reference.identifier, reference.type or kind)
    return ""


def identifier_name(identifier: Identifier, kind: str) -> str:
    """The name of what carries the identifier: a patient, a helper and a doctor can have the same number."""
    return f"{kind}?identifier={identifier.system}|{identifier.value}"


_KIND = re.compile(r"([A-Z][A-Za-z]*)[/?]").match


@lru_cache(maxsize=20_000)
def _literal(text: str) -> str:
    if text.startswith(("#", "urn:")):
        return text
    if "?identifier=" in text:
        path, _, query = text.partition("?")
        return f"{path.rpartition('/')[2]}?{query.partition('&')[0]}"
    path = text.split("/_history/", 1)[0].rstrip("/")
    parts = path.rsplit("/", 2)
    if len(parts) >= 2 and parts[-2][:1].isupper() and parts[-2].isalpha():  # noqa: PLR2004
        return f"{parts[-2]}/{parts[-1]}"
    return text


def digest_of(name: str) -> bytes:
    """How a name is stored: some names carry a person's identifier."""
    return hashlib.sha256(name.encode()).digest()


def id_of(feed: str, key: Key) -> UUID:
    """What a resource is called here: the same at every replay, telling nothing of the resource's own id."""
    return UUID(bytes=hashlib.blake2b(f"{feed}/{key[0]}/{key[1]}".encode(), digest_size=16).digest())


def key_of(name: str) -> Key | None:
    """(kind, id) of a name that tells them, else None (then it is an alias)."""
    kind, slash, id_ = name.partition("/")
    return (kind, id_) if slash and kind.isalpha() else None


_MOST_REMEMBERED = 20_000


class Lookup:
    """The resources of one feed that references of this batch point at."""

    def __init__(self) -> None:
        self._bodies: dict[str, bytes | None] = {}
        self._keys: dict[str, Key] = {}
        self._decoded: dict[str, dict[type, object]] = {}
        self.begin()

    def begin(self) -> None:
        """Before each projection: what it asks for is `missed` (not fetched yet) or `absent` (fetched: not there)."""
        self.missed: set[str] = set()
        self.absent: set[str] = set()

    def learn(self, name: str, key: Key | None, body: bytes | None) -> None:
        """`name` points at the resource `key` with this newest `body`; None: there is no such thing (yet)."""
        self._bodies[name] = body
        if key is not None:
            self._keys[name] = key
        self._decoded.pop(name, None)

    def knows(self, name: str) -> bool:
        """Has it been looked for?"""
        return name in self._bodies

    def has(self, name: str) -> bool:
        """Has it been found?"""
        return self._bodies.get(name) is not None

    def forget_all_but_directory(self) -> None:
        """Between batches: practitioners and places are pointed at again and again, the rest is not."""
        if len(self._bodies) > _MOST_REMEMBERED:
            self._bodies = {}
        self._bodies = {
            name: body
            for name, body in self._bodies.items()
            if body is not None and (key := self._keys.get(name)) is not None and key[0] in DIRECTORY
        }
        self._keys = {name: key for name, key in self._keys.items() if name in self._bodies}
        self._decoded = {name: read for name, read in self._decoded.items() if name in self._bodies}
        self.begin()

    def key(self, reference: Reference | None) -> Key | None:
        """(kind, id) that the reference points at. A name that tells them needs no look-up.

        An identifier alone is a patient's, unless the reference tells another type.
        """
        name = name_of(reference, "Patient")
        if not name or name.startswith("#"):
            return None
        if (told := key_of(name)) is not None:
            return told
        if name not in self._bodies:
            self.missed.add(name)
        elif name not in self._keys:
            self.absent.add(name)
        return self._keys.get(name)

    def find(
        self, reference: Reference | None, kind: str, as_: type[T], contained: tuple[msgspec.Raw, ...] = ()
    ) -> T | None:
        """The resource that the reference points at, if it has come, is of `kind` and can be read as `as_`."""
        name = name_of(reference, kind)
        if not name:
            return None
        if name.startswith("#"):
            return _contained(name[1:], kind, as_, contained)
        told = _KIND(name)
        if told is not None and told[1] != kind:
            return None
        if name not in self._bodies:
            self.missed.add(name)
            return None
        found = self._keys.get(name)
        body = self._bodies[name]
        if body is None:
            self.absent.add(name)
            return None
        if found is None or found[0] != kind:
            return None
        return self._decode(name, body, as_)

    def look_again(self, reference: Reference, kind: str) -> None:
        """What the reference points at says nothing yet: ask again when a later version comes."""
        self.absent.add(name_of(reference, kind))

    def _decode(self, name: str, body: bytes, as_: type[T]) -> T | None:
        read = self._decoded.setdefault(name, {})
        if as_ not in read:
            read[as_] = _read(body, as_)
        if read[as_] is None:
            # It may come again, and then so that it can be read.
            self.absent.add(name)
        return read[as_]  # type: ignore[return-value]


class _Head(msgspec.Struct, frozen=True, rename="camel"):
    resource_type: str = ""
    id: str = ""


def _contained(id_: str, kind: str, as_: type[T], contained: tuple[msgspec.Raw, ...]) -> T | None:
    for raw in contained:
        head = _read(raw, _Head)
        if head is not None and head.id == id_ and head.resource_type == kind:
            return _read(raw, as_)
    return None


def _read(body: bytes | msgspec.Raw, as_: type[T]) -> T | None:
    """None for one that does not read: what points at it shows its display text instead."""
    try:
        return msgspec.json.decode(body, type=as_)
    except msgspec.ValidationError:
        return None
