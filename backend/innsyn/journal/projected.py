"""What a projection is given and may answer, of whichever slice it is, and what becomes of it in its batch.

A projection does no I/O and reads no clock; the same resource in the same surroundings gives the same answer, bit for
bit. What one answers beside the entries goes to the takers that the worker gives the intake.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeAlias, TypeVar
from uuid import UUID

import asyncpg
import msgspec

from innsyn.journal.fhir.care import (
    HealthcareService,
    Location,
    Organization,
    Practitioner,
    PractitionerRole,
    ServiceRequest,
)
from innsyn.journal.fhir.datatypes import Reference
from innsyn.journal.fhir.reading import human_name, text_of
from innsyn.journal.fhir.resources import Patient, Resource
from innsyn.journal.lookup import Lookup, name_of
from innsyn.journal.versions import Landed

T = TypeVar("T")
_PLACES = frozenset({"Organization", "Location", "HealthcareService"})
# The mark that says when the citizen may see a resource (records/marks.py reads it whole).
RELEASE_CLASS = "urn:innsyn:release-class"


class NotShown(msgspec.Struct, frozen=True):
    """Understood, and nothing for the citizen to read: `reason` is a short key (entered_in_error, about_nobody, …)."""

    reason: str


class Beside(msgspec.Struct, frozen=True, kw_only=True):
    """What is about a person and is no entry of the journal: `row` goes where a taker writes its type."""

    patient: Reference | None
    row: msgspec.Struct


class Common(msgspec.Struct, frozen=True):
    """What is about nobody, and the same for everybody (a form): `row` goes where a taker writes its type."""

    row: msgspec.Struct


class Unfit(msgspec.Struct, frozen=True):
    """Read, and not to be used: it goes to quarantine whole. `explanation` is for the operator, and says no content."""

    reason: str
    explanation: str


class Noted(msgspec.Struct, frozen=True):
    """Something beside the entries to write, about this person."""

    landed: Landed
    row: msgspec.Struct
    person_id: UUID


class Shared(msgspec.Struct, frozen=True):
    """Something to write that is about nobody."""

    landed: Landed
    row: msgspec.Struct


class Kept(Protocol):
    """Something that is written about a person."""

    @property
    def landed(self) -> Landed: ...

    @property
    def person_id(self) -> UUID: ...


class Became(Protocol):
    """What became of a batch, as far as a taker may ask."""

    @property
    def of_somebody(self) -> Sequence[Kept]: ...

    @property
    def noted(self) -> Sequence[Noted]: ...

    @property
    def shared(self) -> Sequence[Shared]: ...


# Writes what is its own of a batch, in the transaction of the batch: (connection, feed, what became of it, what is
# shown no longer). Taking the same twice changes nothing.
Taker: TypeAlias = Callable[[asyncpg.Connection, str, Became, Sequence[Landed]], Awaitable[None]]


def is_withheld(resource: Resource) -> bool:
    """Whether this may wait for its own release: then no other entry may tell what it says."""
    tags = resource.meta.tag if resource.meta is not None else ()
    return any(tag.system == RELEASE_CLASS and tag.code != "1" for tag in tags)


@dataclass(frozen=True, slots=True)
class About:
    """The surroundings of one resource: when it came, and what its references point at."""

    lookup: Lookup
    recorded: datetime
    contained: tuple[msgspec.Raw, ...] = field(default=())
    # The resource as it came.
    body: bytes = b""

    def find(self, reference: Reference | None, kind: str, as_: type[T]) -> T | None:
        """The resource that `reference` points at (relative, absolute, urn, identifier, contained), or None."""
        return self.lookup.find(reference, kind, as_, self.contained)

    def find_own(
        self, reference: Reference | None, kind: str, as_: type[T], patient: Reference | None
    ) -> T | None:
        """As `find`, for what is about a person: nothing unless it is about this same patient and waits for no release.

        What is contained is part of the resource itself, and need not say whom it is about.
        """
        found = self.find(reference, kind, as_)
        if found is None or reference is None or reference.reference.startswith("#"):
            return found
        if isinstance(found, Resource) and is_withheld(found):
            self.lookup.look_again(reference, kind)
            return None
        key = self.lookup.key(patient)
        return found if key is not None and self.lookup.key(getattr(found, "subject", None)) == key else None

    def practitioner(self, reference: Reference | None) -> str:
        """Name (and title, where a role tells it) of who gives care; else the reference's own display text."""
        if (role := self.find(reference, "PractitionerRole", PractitionerRole)) is not None:
            name = self._person(role.practitioner)
            title = text_of(role.code[0]) if role.code else ""
            return ", ".join(part for part in (name, title) if part) or _display(reference)
        return self._person(reference)

    def _person(self, reference: Reference | None) -> str:
        if (person := self.find(reference, "Practitioner", Practitioner)) is not None:
            return human_name(person.name) or _display(reference)
        if (patient := self.find(reference, "Patient", Patient)) is not None:
            return human_name(patient.name)
        return _display(reference)

    def organisation(self, reference: Reference | None) -> str:
        """Name of an organisation, place or service; of a role, the organisation it is in; '' for a person."""
        if (role := self.find(reference, "PractitionerRole", PractitionerRole)) is not None:
            return self._house(role.organization)
        if (place := self.find(reference, "Location", Location)) is not None:
            return place.name or self._house(place.managing_organization) or _display(reference)
        if (service := self.find(reference, "HealthcareService", HealthcareService)) is not None:
            return service.name or self._house(service.provided_by)
        if self.find(reference, "Organization", Organization) is not None:
            return self._house(reference)
        return _display(reference) if name_of(reference).partition("/")[0] in _PLACES else ""

    def _house(self, reference: Reference | None) -> str:
        organisation = self.find(reference, "Organization", Organization)
        return (organisation.name if organisation else "") or _display(reference)

    def requested_by(self, based_on: tuple[Reference, ...], patient: Reference | None) -> str:
        """Who asked for what a result is based on, or ''."""
        for reference in based_on:
            if (order := self.find_own(reference, "ServiceRequest", ServiceRequest, patient)) is not None:
                return self.practitioner(order.requester)
        return ""

    def wrote(self, *references: Reference | None) -> tuple[str, str]:
        """(author, organisation) out of performers or authors, in the order given.

        The first of each that has a name.
        """
        author = organisation = ""
        for reference in references:
            place = self.organisation(reference)
            organisation = organisation or place
            role = self.find(reference, "PractitionerRole", PractitionerRole)
            if not author and (not place or role is not None):
                author = self.practitioner(reference)
        return author, organisation


def _display(reference: Reference | None) -> str:
    return reference.display if reference else ""
