"""The terms in words, and the people that the journal names."""

from collections.abc import Iterable
from datetime import date
from typing import Final

import msgspec

from innsyn.access.relations.reading import is_secret
from innsyn.journal.fhir.datatypes import CodeableConcept, ContactPoint, Extension, HumanName, Period
from innsyn.journal.fhir.kin import Protected, ProtectedAddress
from innsyn.journal.fhir.reading import human_name
from innsyn.web.locale import catalogue

# HL7 table 0131, as FHIR R4 binds Patient.contact.relationship to it.
_CONTACT_ROLE: Final = "http://terminology.hl7.org/CodeSystem/v2-0131"
_NEXT_OF_KIN: Final = "N"
_FAMILY: Final = "http://hl7.no/fhir/CodeSystem/no-basis-family-relation"


class Section(msgspec.Struct, frozen=True):
    """One thing that the terms say."""

    title: str
    text: str


class Relative(msgspec.Struct, frozen=True):
    """Somebody whom the journal names; what it does not say is ''.

    `relation` is in the journal's words, `family` a code of no-basis-family-relation; `nearest`: it calls them the
    nearest relative.
    """

    name: str
    relation: str
    family: str
    phone: str
    nearest: bool


class _Contact(msgspec.Struct, frozen=True):
    relationship: tuple[CodeableConcept, ...] = ()
    name: HumanName | None = None
    telecom: tuple[ContactPoint, ...] = ()
    period: Period | None = None
    address: ProtectedAddress | None = None
    extension: tuple[Extension, ...] = ()


class _Named(msgspec.Struct, frozen=True, rename="camel"):
    resource_type: str
    active: bool = True
    contact: tuple[_Contact, ...] = ()
    relationship: tuple[CodeableConcept, ...] = ()
    name: tuple[HumanName, ...] = ()
    telecom: tuple[ContactPoint, ...] = ()
    period: Period | None = None


_named = msgspec.json.Decoder(_Named).decode


def sections_of(version: str, locale: str) -> list[Section]:
    """What a version of the terms says, in order: terms.<version>.<number>_title and _text in the catalogue."""
    texts = catalogue(locale)
    known = texts.known()
    numbers = [n for n in range(1, 20) if f"terms.{version}.{n}_title" in known]
    return [
        Section(texts.text(f"terms.{version}.{n}_title"), texts.text(f"terms.{version}.{n}_text"))
        for n in numbers
    ]


def relatives_in(landed: Iterable[bytes], today: date) -> list[Relative]:
    """The people whom a person's Patients and RelatedPersons name today, nearest relatives first, each once."""
    found = [relative for body in landed for relative in _in_one(body, today) if relative.name]
    return sorted(dict.fromkeys(found), key=lambda relative: not relative.nearest)


def _in_one(body: bytes, today: date) -> list[Relative]:
    try:
        said = _named(body)
    except msgspec.MsgspecError:
        # It has landed, so it is kept; what cannot be read is in quarantine and says nothing here.
        return []
    if said.resource_type == "RelatedPerson":
        over = not said.active or _is_over(said.period, today)
        return [] if over else [_relative(human_name(said.name), said.relationship, said.telecom)]
    return [
        _relative(human_name([each.name] if each.name else []), each.relationship, each.telecom)
        for each in said.contact
        if not _is_over(each.period, today) and not _is_secret(each)
    ]


def _is_secret(contact: _Contact) -> bool:
    address = (contact.address,) if contact.address else ()
    # As the register says it of a person: a number could lead to the door.
    return (
        is_secret(msgspec.json.encode(Protected(extension=contact.extension, address=address))) is not False
    )


def _is_over(period: Period | None, today: date) -> bool:
    # A partial date is as long as it is: the end of 2026 is not over before 2027.
    return period is not None and bool(period.end) and period.end[:10] < today.isoformat()[: len(period.end)]


def _relative(
    name: str, relationship: Iterable[CodeableConcept], telecom: Iterable[ContactPoint]
) -> Relative:
    concepts = list(relationship)
    words = [concept.text or _display(concept) for concept in concepts]
    codings = [coding for concept in concepts for coding in concept.coding]
    nearest = any(coding.system == _CONTACT_ROLE and coding.code == _NEXT_OF_KIN for coding in codings)
    phone = next((point.value for point in telecom if point.system == "phone"), "")
    family = next((coding.code for coding in codings if coding.system == _FAMILY), "")
    return Relative(name, ", ".join(dict.fromkeys(word for word in words if word)), family, phone, nearest)


def _display(concept: CodeableConcept) -> str:
    return next((coding.display for coding in concept.coding if coding.display), "")
