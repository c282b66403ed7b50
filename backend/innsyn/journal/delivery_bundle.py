"""What leaves: the resource with the journal's own references, in a transaction that makes it once.

Whoever wrote it named persons and entries by identifiers of ours (fhir/consent.py). http://hl7.org/fhir/R4/http.html#ccreate
"""

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import msgspec

from innsyn.journal.fhir.consent import ENTRY, PERSON

OUTBOX: Final = "urn:innsyn:outbox"
# Of these R4 has one identifier, of the others a list.
_ONE_IDENTIFIER: Final = frozenset({"QuestionnaireResponse", "Bundle", "Composition"})
_decode = msgspec.json.Decoder(float_hook=Decimal).decode
_encode = msgspec.json.Encoder(decimal_format="number").encode


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """What the journal calls them: persons who are its Patients (their id), others by (system, number), entries."""

    patients: Mapping[UUID, str] = msgspec.field(default_factory=dict)
    others: Mapping[UUID, tuple[str, str]] = msgspec.field(default_factory=dict)
    entries: Mapping[UUID, str] = msgspec.field(default_factory=dict)


class NotNamed(Exception):
    """The journal has no name for whom or what it is about, as far as we know. The text is a short key."""


class NoResource(Exception):
    """What waits is no FHIR resource: a defect of whoever wrote it."""


class Placeholders(msgspec.Struct, frozen=True):
    """Whom and what a resource names by identifiers of ours."""

    persons: frozenset[UUID]
    entries: frozenset[UUID]


def placeholders_in(resource: bytes) -> Placeholders:
    """Everything that has to be named before this resource can leave; nothing in what is no resource."""
    try:
        found = [_meant(each) for each in _references(_read(resource))]
    except NoResource:
        found = []
    return Placeholders(
        frozenset(id_ for system, id_ in found if system == PERSON),
        frozenset(id_ for system, id_ in found if system == ENTRY),
    )


def bundle_of(outbox_id: UUID, subject_id: UUID, resource: bytes, named: Named) -> bytes:
    """The transaction as JSON. Raises NotNamed and NoResource.

    Whom it is about must be a Patient of the journal. Somebody else who writes may be a stranger there, and is told by
    the national number, as a helper is told who comes in person.
    """
    made = _read(resource)
    for reference in list(_references(made)):
        system, id_ = _meant(reference)
        name = _entry(id_, named) if system == ENTRY else _person(id_, named, is_subject=id_ == subject_id)
        del reference["identifier"]
        reference.update(name)
    kind = made["resourceType"]
    own = {"system": OUTBOX, "value": str(outbox_id)}
    made["identifier"] = own if kind in _ONE_IDENTIFIER else [own, *made.get("identifier", [])]
    request = {"method": "POST", "url": kind, "ifNoneExist": f"identifier={OUTBOX}|{outbox_id}"}
    entry = {"fullUrl": f"urn:uuid:{outbox_id}", "resource": made, "request": request}
    return _encode({"resourceType": "Bundle", "type": "transaction", "entry": [entry]})


def _read(resource: bytes) -> dict[str, Any]:
    try:
        made = _decode(resource)
        for reference in _references(made):
            _meant(reference)
    except (ValueError, RecursionError):
        raise NoResource from None
    if not isinstance(made, dict) or not isinstance(made.get("resourceType"), str):
        raise NoResource
    return made


def _entry(id_: UUID, named: Named) -> dict[str, Any]:
    if id_ not in named.entries:
        raise NotNamed("no_entry")
    return {"reference": named.entries[id_]}


def _person(id_: UUID, named: Named, *, is_subject: bool) -> dict[str, Any]:
    if id_ in named.patients:
        return {"reference": f"Patient/{named.patients[id_]}"}
    if is_subject or id_ not in named.others:
        raise NotNamed("no_patient")
    system, number = named.others[id_]
    return {"type": "RelatedPerson", "identifier": {"system": system, "value": number}}


def _references(value: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        if _meant(value)[0]:
            yield value
            return
        for each in value.values():
            yield from _references(each)
    elif isinstance(value, list):
        for each in value:
            yield from _references(each)


def _meant(reference: Mapping[str, Any]) -> tuple[str, UUID]:
    """The identifier of ours in a reference: its system, '' for one of somebody else's."""
    identifier = reference.get("identifier")
    if isinstance(identifier, dict) and identifier.get("system") in _OURS:
        return identifier["system"], UUID(str(identifier.get("value")))
    return "", UUID(int=0)


_OURS: Final[Collection[str]] = frozenset({PERSON, ENTRY})
