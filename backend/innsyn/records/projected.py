"""What a projection is given and answers. `def project(resource, about) -> Projected | Beside | NotShown | None`.

None: this resource is of another kind (an Observation can be a laboratory result or a measurement). A
projection does no I/O and reads no clock; the same resource in the same surroundings gives the same
answer, bit for bit.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

import msgspec

from innsyn.access.audience import EVERYBODY, Audience
from innsyn.journal.fhir.care import (
    HealthcareService,
    Location,
    Organization,
    Practitioner,
    PractitionerRole,
    ServiceRequest,
)
from innsyn.journal.fhir.datatypes import Reference
from innsyn.journal.fhir.reading import clipped, human_name, text_of
from innsyn.journal.fhir.resources import Patient, Resource
from innsyn.journal.lookup import Lookup, name_of
from innsyn.records.kinds import Kind
from innsyn.records.marks import is_withheld

T = TypeVar("T")
_PLACES = frozenset({"Organization", "Location", "HealthcareService"})
# A line of a list is read at a glance: longer titles and notes are cut (the page of the entry has them whole).
TITLE = 200
NOTE = 300


class NotShown(msgspec.Struct, frozen=True):
    """Understood, and nothing for the citizen to read: `reason` is a short key (entered_in_error, about_nobody, …)."""

    reason: str


class Document(msgspec.Struct, frozen=True):
    """A file of an entry: `body` is base64 as FHIR has it, or text; the loop checks what it really is."""

    title: str
    media_type: str
    data: str = ""
    reference: Reference | None = None


class Projected(msgspec.Struct, frozen=True, kw_only=True):
    """An entry to show. The first block becomes its line (records/entries.py says what each field holds).

    `patient` is whom it is about. `code` groups the values of a trend: same code, same unit. `detail` is the
    Struct of the kind's views.py. `words` are further texts to find it by. `members` are the results of a
    panel, as references.
    `status` is `active` for what is in force (medications in use, open diagnoses, coming appointments).
    """

    kind: Kind
    patient: Reference | None
    title: str
    detail: msgspec.Struct
    at: str = ""
    value: str = ""
    unit: str = ""
    flag: str = ""
    low: str = ""
    high: str = ""
    status: str = ""
    note: str = ""
    organisation: str = ""
    author: str = ""
    code: str = ""
    words: tuple[str, ...] = ()
    members: tuple[Reference, ...] = ()
    documents: tuple[Document, ...] = ()
    audience: Audience = EVERYBODY


class Beside(msgspec.Struct, frozen=True, kw_only=True):
    """What is about a person and is no entry of the journal: `row` goes where `intake` writes its type."""

    patient: Reference | None
    row: msgspec.Struct


@dataclass(frozen=True, slots=True)
class About:
    """The surroundings of one resource: when it came, and what its references point at."""

    lookup: Lookup
    recorded: datetime
    contained: tuple[msgspec.Raw, ...] = field(default=())

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


def note_of(*said: str) -> str:
    """The one secondary sentence of a line, out of what there is to say, cut where it is too long to glance at."""
    return clipped(" · ".join(filter(None, said)), NOTE)


def _display(reference: Reference | None) -> str:
    return reference.display if reference else ""
