"""Whom the journal's Patients are: linked by national identifier, never by name, and never by the number as a key."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from uuid import UUID, uuid4

import asyncpg
import msgspec
from sqlalchemy import bindparam, func, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from innsyn.db.batches import arrays, given
from innsyn.db.statements import Statement
from innsyn.identity.national_identity import REAL, SYNTHETIC, identity_of
from innsyn.identity.tables import patient, person, person_identifier
from innsyn.journal.fhir.reading import given_name, human_name
from innsyn.journal.fhir.resources import Patient

# facts: norway §4.2. The alias stands in one of HL7 Norway's examples.
FNR = "urn:oid:2.16.578.1.12.4.1.4.1"
DNR = "urn:oid:2.16.578.1.12.4.1.4.2"
FHN = "urn:oid:2.16.578.1.12.4.1.4.3"
SYSTEMS = frozenset({FNR, DNR, FHN, "http://ehelse.no/fhir/NamingSystem/FNR"})


class Arrival(msgspec.Struct, frozen=True):
    """A Patient that has come: its id in the feed, and the resource."""

    id: str
    resource: Patient


class Linked(msgspec.Struct, frozen=True):
    """A Patient and the person it is; `assigned` is a test number given because the Patient had none ('' otherwise)."""

    id: str
    person_id: UUID
    name: str
    assigned: str = ""


Assign = Callable[[str, date | None], str]

_feed = bindparam("feed", type_=patient.c.feed.type)
_ids = given(patient.c.patient_id)
_LINKED = Statement(
    select(patient.c.patient_id, patient.c.person_id).where(
        patient.c.feed == _feed, patient.c.patient_id.in_(select(_ids.c.patient_id))
    )
)
_numbers = given(person_identifier.c.system, person_identifier.c.value)
_BY_NUMBER = Statement(
    select(*person_identifier.c).where(
        tuple_(person_identifier.c.system, person_identifier.c.value).in_(
            select(_numbers.c.system, _numbers.c.value)
        )
    )
)
_PERSON = ("person_id", "name", "given_name", "birth_date", "deceased")
_persons = given(*(person.c[name] for name in _PERSON))
_put = insert(person).from_select(list(_PERSON), select(*_persons.c))
_PUT_PERSONS = Statement(
    _put.on_conflict_do_update(
        index_elements=["person_id"],
        set_={
            "name": func.coalesce(func.nullif(_put.excluded.name, ""), person.c.name),
            "given_name": func.coalesce(func.nullif(_put.excluded.given_name, ""), person.c.given_name),
            "birth_date": func.coalesce(_put.excluded.birth_date, person.c.birth_date),
            "deceased": _put.excluded.deceased,
        },
    )
)
_identified = given(*person_identifier.c)
_PUT_NUMBERS = Statement(
    insert(person_identifier)
    .from_select(["system", "value", "person_id"], select(*_identified.c))
    .on_conflict_do_nothing()
)
_links = given(patient.c.patient_id, patient.c.person_id)
_PUT_LINKS = Statement(
    insert(patient)
    .from_select(["feed", "patient_id", "person_id"], select(_feed.label("feed"), *_links.c))
    .on_conflict_do_nothing()
)


async def persons_of(db: asyncpg.Connection, feed: str, patient_ids: Iterable[str]) -> dict[str, UUID]:
    """Which persons these patients of the feed are, of those that are known."""
    rows = await db.fetch(_LINKED.sql, *_LINKED.bind(feed=feed, patient_ids=sorted(set(patient_ids))))
    return {row["patient_id"]: row["person_id"] for row in rows}


async def register(
    db: asyncpg.Connection, feed: str, arrivals: Sequence[Arrival], assign: Assign | None = None
) -> list[Linked]:
    """Link each Patient to the person with one of its numbers, to whom it was linked before, or to a new person.

    A number counts only if it is a legal one. `assign` gives a test number to a Patient that has none.
    """
    numbers = {each.id: numbers_of(each.resource) for each in arrivals}
    assigned = {}
    if assign is not None:
        for each in arrivals:
            if not numbers[each.id]:
                assigned[each.id] = assign(f"{feed}/{each.id}", _birth_date(each.resource))
                numbers[each.id] = [("fnr", assigned[each.id])]
    every = sorted({number for found in numbers.values() for number in found})
    rows = await db.fetch(_BY_NUMBER.sql, *_BY_NUMBER.bind(**arrays(("system", "value"), every)))
    owner = {(row["system"], row["value"]): row["person_id"] for row in rows}
    linked = await persons_of(db, feed, (each.id for each in arrivals))
    who = {}
    for each in arrivals:
        known = [owner[number] for number in numbers[each.id] if number in owner]
        who[each.id] = linked.get(each.id) or (known[0] if known else uuid4())
        owner.update((number, who[each.id]) for number in numbers[each.id] if number not in owner)
    await _write(db, feed, arrivals, who, owner)
    return [
        Linked(each.id, who[each.id], human_name(each.resource.name), assigned.get(each.id, ""))
        for each in arrivals
    ]


def numbers_of(patient: Patient) -> list[tuple[str, str]]:
    """(kind, number) of the legal national numbers of a Patient.

    The kind is what the number is, not what it is filed under: D-numbers are seen in the system of fødselsnummer.
    """
    found: list[tuple[str, str]] = []
    for identifier in patient.identifier:
        if identifier.system in SYSTEMS and identifier.use != "old":
            identity = identity_of(identifier.value.replace(" ", ""), allow=(*REAL, *SYNTHETIC))
            if identity is not None:
                found.append((identity.kind, identity.number))
    return found


async def _write(
    db: asyncpg.Connection,
    feed: str,
    arrivals: Sequence[Arrival],
    who: dict[str, UUID],
    owner: dict[tuple[str, str], UUID],
) -> None:
    persons = {
        who[each.id]: (
            who[each.id],
            human_name(each.resource.name),
            given_name(each.resource.name),
            _birth_date(each.resource),
            each.resource.deceased_boolean or bool(each.resource.deceased_date_time),
        )
        for each in arrivals
    }
    await db.execute(_PUT_PERSONS.sql, *_PUT_PERSONS.bind(**arrays(_PERSON, persons.values())))
    identified = [(*number, person_id) for number, person_id in owner.items()]
    columns = ("system", "value", "person_id")
    await db.execute(_PUT_NUMBERS.sql, *_PUT_NUMBERS.bind(**arrays(columns, identified)))
    links = [(each.id, who[each.id]) for each in arrivals]
    await db.execute(
        _PUT_LINKS.sql, *_PUT_LINKS.bind(feed=feed, **arrays(("patient_id", "person_id"), links))
    )


def _birth_date(patient: Patient) -> date | None:
    try:
        return date.fromisoformat(patient.birth_date)
    except ValueError:
        return None
