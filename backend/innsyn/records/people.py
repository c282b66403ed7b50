"""The people and places of an entry, as a citizen wants to meet them: who, in what role, where, and how to call."""

from collections.abc import Iterable

import msgspec

from innsyn.journal.fhir.care import (
    HealthcareService,
    Location,
    Organization,
    Practitioner,
    PractitionerRole,
    RelatedPerson,
)
from innsyn.journal.fhir.datatypes import Address, CodeableConcept, ContactPoint, Reference
from innsyn.journal.fhir.plans import CareTeam
from innsyn.journal.fhir.reading import clipped, human_name, text_of
from innsyn.records.projected import About

TITLE = 200
NOTE = 300
# A number that somebody has at home, or had once, is not where to call about one's care.
_PRIVATE = frozenset({"home", "old", "temp"})
_HOME_COUNTRY = frozenset({"", "NO", "NOR", "Norge", "Norway"})


class Person(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody who takes part in the care. All texts are the source's own words."""

    name: str
    role: str = ""
    phone: str = ""
    organisation: str = ""


class Place(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where to come: `address` has a line of the address on each line."""

    name: str = ""
    address: str = ""
    phone: str = ""


def said(concept: CodeableConcept | None) -> str:
    """What a concept is called in words; '' where it is only a code, which tells a citizen nothing."""
    if concept is None or not (concept.text or any(coding.display for coding in concept.coding)):
        return ""
    words = text_of(concept)
    # A name out of a program: "hearing_screen".
    return words.replace("_", " ") if "_" in words and " " not in words else words


def first_said(*concepts: CodeableConcept | None) -> str:
    """The words of the first concept that has any."""
    return next((words for words in map(said, concepts) if words), "")


def heading(*candidates: str) -> str:
    """The first text that says something, as a title: one line, at most TITLE signs."""
    return next((clipped(text, TITLE) for text in candidates if text and not text.isspace()), "")


def sentence(*parts: str) -> str:
    """The secondary sentence of a line: one line, at most NOTE signs."""
    return clipped(". ".join(part.strip().rstrip(".") for part in parts if part.strip()), NOTE)


def person_of(about: About, reference: Reference | None, role: str = "") -> Person | None:
    """Who a reference points at; None for the patient and for nobody with a name."""
    if reference is None or is_patient(about, reference):
        return None
    if (post := about.find(reference, "PractitionerRole", PractitionerRole)) is not None:
        found = Person(
            name=about.practitioner(post.practitioner) or reference.display,
            role=next(filter(None, map(said, post.code)), "") or role,
            phone=phone_in(post.telecom),
            organisation=about.organisation(reference),
        )
    elif (practitioner := about.find(reference, "Practitioner", Practitioner)) is not None:
        name = human_name(practitioner.name) or reference.display
        learnt = next((words for each in practitioner.qualification if (words := said(each.code))), "")
        found = Person(name=name, role=role or learnt, phone=phone_in(practitioner.telecom))
    elif (relative := about.find(reference, "RelatedPerson", RelatedPerson)) is not None:
        relation = next(filter(None, map(said, relative.relationship)), "")
        found = Person(name=human_name(relative.name) or reference.display, role=role or relation)
    elif (house := about.find(reference, "Organization", Organization)) is not None:
        found = Person(name=house.name or reference.display, role=role, phone=phone_in(house.telecom))
    elif (team := about.find(reference, "CareTeam", CareTeam)) is not None:
        found = Person(name=team.name or reference.display, role=role, phone=phone_in(team.telecom))
    else:
        found = Person(name=reference.display or about.organisation(reference), role=role)
    return found if found.name else None


def gathered(people: Iterable[Person | None]) -> tuple[Person, ...]:
    """Each person once, with all their roles: one doctor can admit, attend and discharge."""
    met: dict[str, Person] = {}
    for person in people:
        if person is None:
            continue
        known = met.get(person.name)
        if known is None:
            met[person.name] = person
            continue
        roles = dict.fromkeys(role for role in (*known.role.split(", "), person.role) if role)
        met[person.name] = Person(
            name=known.name,
            role=", ".join(roles),
            phone=known.phone or person.phone,
            organisation=known.organisation or person.organisation,
        )
    return tuple(met.values())


def is_patient(about: About, reference: Reference | None) -> bool:
    """Whether a reference points at a patient: oneself is nobody to meet, and another patient is nobody's business."""
    key = about.lookup.key(reference)
    return key is not None and key[0] == "Patient"


def place_of(about: About, *references: Reference | None) -> Place:
    """Name, address and phone out of locations, services and organisations: the first that tells each."""
    name = address = phone = ""
    for reference in references:
        if reference is None:
            continue
        found = _place(about, reference)
        name = name or found.name
        # The address of one house with the telephone of another would send people to the wrong door.
        if not address and found.name in {name, ""}:
            address = found.address
        phone = phone or found.phone
    return Place(name=name, address=address, phone=phone)


def _place(about: About, reference: Reference) -> Place:
    if (location := about.find(reference, "Location", Location)) is not None:
        house = about.find(location.managing_organization, "Organization", Organization)
        return Place(
            name=location.name or (house.name if house else "") or reference.display,
            address=address_of(location.address) or (_address(house) if house else ""),
            phone=phone_in(location.telecom) or (phone_in(house.telecom) if house else ""),
        )
    if (house := about.find(reference, "Organization", Organization)) is not None:
        return Place(
            name=house.name or reference.display, address=_address(house), phone=phone_in(house.telecom)
        )
    if (service := about.find(reference, "HealthcareService", HealthcareService)) is not None:
        name = service.name or about.organisation(reference) or reference.display
        return Place(name=name, phone=phone_in(service.telecom))
    return Place(name=about.organisation(reference) or reference.display)


def name_of_place(about: About, reference: Reference | None) -> str:
    """Name of an organisation or place, else the reference's own display text."""
    return (about.organisation(reference) or reference.display) if reference else ""


def phone_in(contacts: Iterable[ContactPoint]) -> str:
    """The first telephone number to call at work."""
    return next(
        (
            each.value
            for each in contacts
            if each.system == "phone" and each.value and each.use not in _PRIVATE
        ),
        "",
    )


def address_of(address: Address | None) -> str:
    """An address, a line on each line; the country only when it is another."""
    if address is None:
        return ""
    town = " ".join(filter(None, (address.postal_code, address.city)))
    country = "" if address.country in _HOME_COUNTRY else address.country
    lines = [line for line in (*address.line, town, country) if line]
    return "\n".join(lines) or address.text


def _address(house: Organization) -> str:
    return next(filter(None, map(address_of, house.address)), "")
