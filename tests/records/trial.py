"""A projection on trial: one resource, what its references point at, and the sets of real input to sweep through."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import pytest

from innsyn.journal.fhir.datatypes import Identifier
from innsyn.journal.fhir.resources import Resource
from innsyn.journal.lookup import Key, Lookup, identifier_name
from innsyn.records.projected import NOTE, TITLE, About, NotShown, Projected
from records.populations import DATA, POPULATIONS

T = TypeVar("T", bound=Resource)

SETS = POPULATIONS
RECORDED = datetime(2026, 11, 22, 9, 12, tzinfo=UTC)
KARI = {"reference": "Patient/kari"}
_NONE = msgspec.Raw(b"")
_TAGS = ("(finding)", "(disorder)", "(procedure)", "(situation)", "(substance)")


def about(*others: dict[str, Any], contained: tuple[dict[str, Any], ...] = ()) -> About:
    """The surroundings of a resource where `others` have come."""
    lookup = Lookup()
    for other in others:
        key = (other["resourceType"], other["id"])
        lookup.learn("/".join(key), key, json.dumps(other).encode())
    return About(lookup, RECORDED, tuple(msgspec.Raw(json.dumps(one).encode()) for one in contained))


def read(as_: type[T], resource: dict[str, Any]) -> T:
    """The resource as the loop reads it. A field that is None here is not sent."""
    sent = {name: value for name, value in resource.items() if value is not None}
    return msgspec.json.decode(json.dumps(sent), type=as_)


def sweep(
    name: str,
    as_: type[T],
    projection: Callable[[T, About], Projected | NotShown | None],
    detail: type[msgspec.Struct],
) -> None:
    """Project all of one type in a set, alone and among the others: no exception, and nothing unfit for a list."""
    if not (DATA / name).is_dir():
        pytest.skip("no real input beside this checkout")
    whole = _population(name)
    for key, text in whole.resources:
        if key[0] != as_.__name__:
            continue
        resource = msgspec.json.decode(text, type=as_)
        for lookup in (Lookup(), whole.lookup):
            shown = projection(resource, About(lookup, RECORDED, resource.contained))
            if isinstance(shown, Projected):
                assert _faults_of(shown) == [], key
                assert msgspec.json.decode(msgspec.json.encode(shown.detail), type=detail) == shown.detail, (
                    key
                )


def _faults_of(shown: Projected) -> list[str]:
    """What would look wrong in a list."""
    line = (shown.title, shown.value, shown.unit, shown.note, shown.author, shown.organisation)
    return [
        *(["no title"] if not shown.title else []),
        *(["too long"] if len(shown.title) > TITLE or len(shown.note) > NOTE else []),
        *(["no unit"] if shown.unit in {"1", "{score}", "{#}"} or (shown.unit and not shown.value) else []),
        *(f"not trimmed: {text!r}" for text in line if text != text.strip() or "\n" in text),
        *(["tag of SNOMED CT"] if shown.title.endswith(_TAGS) else []),
    ]


class _Entry(msgspec.Struct, rename="camel"):
    full_url: str = ""
    resource: msgspec.Raw = _NONE


class _Head(msgspec.Struct, rename="camel"):
    resource_type: str = ""
    id: str = ""
    entry: tuple[_Entry, ...] = ()
    identifier: msgspec.Raw = _NONE


class _Population(msgspec.Struct):
    resources: list[tuple[Key, bytes]] = msgspec.field(default_factory=list)
    lookup: Lookup = msgspec.field(default_factory=Lookup)


@lru_cache(maxsize=1)
def _population(name: str) -> _Population:
    found = _Population()
    for text in _texts(DATA / name):
        _learn(found, "", text)
    return found


def _texts(folder: Path) -> Iterator[bytes]:
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".json":
            yield path.read_bytes()
        elif path.suffix == ".ndjson":
            yield from filter(None, path.read_bytes().splitlines())


def _learn(found: _Population, full_url: str, text: bytes) -> None:
    head = msgspec.json.decode(text, type=_Head)
    if head.resource_type == "Bundle":
        for entry in head.entry:
            if bytes(entry.resource):
                _learn(found, entry.full_url, bytes(entry.resource))
        return
    key = (head.resource_type, head.id)
    found.resources.append((key, text))
    for name in ("/".join(key), full_url, *_identifiers(head.identifier, key[0])):
        if name:
            found.lookup.learn(name, key, text)


def _identifiers(raw: msgspec.Raw, kind: str) -> list[str]:
    if not bytes(raw).startswith(b"["):
        return []  # a Composition has one, and nothing points at it by that
    return [
        identifier_name(one, kind) for one in msgspec.json.decode(raw, type=list[Identifier]) if one.value
    ]
