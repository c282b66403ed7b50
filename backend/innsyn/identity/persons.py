"""Whom the journal's Patients are: linked by national identifier, never by name, and never by the number as a key."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from uuid import UUID

import asyncpg
import msgspec
from sqlalchemy import ARRAY, Column, Uuid, any_, bindparam, func, literal_column, null, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from innsyn.db.batches import arrays, given
from innsyn.db.statements import Statement
from innsyn.identity.merged_tables import merged
from innsyn.identity.national_identity import SYNTHETIC, identity_of
from innsyn.identity.numbers import Number, held_by, numbers_of, put
from innsyn.identity.register import Register
from innsyn.identity.tables import patient, person, person_identifier
from innsyn.journal.fhir.reading import given_name, human_name
from innsyn.journal.fhir.resources import Patient


class Arrival(msgspec.Struct, frozen=True):
    """A Patient that has come: its id in the feed, the resource, and the person it has been from the first."""

    id: str
    resource: Patient
    known_person: UUID | None = None
    # The Patient that it says it is replaced by: identity/merging.py.
    replaced_by: str = ""


class Linked(msgspec.Struct, frozen=True):
    """A Patient and the person it is; `assigned` is a test number given because the Patient had none ('' otherwise).

    `absorbed` are persons whose number came along: whatever is known of them is known of this person now.
    """

    id: str
    person_id: UUID
    name: str
    assigned: str = ""
    absorbed: tuple[UUID, ...] = ()


Assign = Callable[[str, date | None], str]

FEED = _feed = bindparam("feed", type_=patient.c.feed.type)
_ids = given(patient.c.patient_id)
_LINKED = Statement(
    select(patient.c.patient_id, patient.c.person_id).where(
        patient.c.feed == _feed,
        patient.c.patient_id.in_(select(_ids.c.patient_id)),
        patient.c.person_id.is_not(None),
    )
)
_of_persons = given(person_identifier.c.person_id)
_THEIR_NUMBERS = Statement(
    select(person_identifier.c.person_id, person_identifier.c.system, person_identifier.c.value).where(
        person_identifier.c.person_id.in_(select(_of_persons.c.person_id))
    )
)
_PERSON = ("person_id", "name", "given_name", "birth_date")
_persons = given(*(person.c[name] for name in _PERSON))
_put = insert(person).from_select(list(_PERSON), select(*_persons.c))
_PUT_PERSONS = Statement(
    _put.on_conflict_do_update(
        index_elements=["person_id"],
        set_={
            "name": func.coalesce(func.nullif(_put.excluded.name, ""), person.c.name),
            "given_name": func.coalesce(func.nullif(_put.excluded.given_name, ""), person.c.given_name),
            "birth_date": func.coalesce(_put.excluded.birth_date, person.c.birth_date),
        },
    )
)
_LINK = ("patient_id", "person_id", "deceased")
_links = given(*(patient.c[name] for name in _LINK))
_link = insert(patient).from_select(["feed", *_LINK], select(_feed.label("feed"), *_links.c))
_PUT_LINKS = Statement(
    _link.on_conflict_do_update(
        index_elements=["feed", "patient_id"],
        set_={
            "person_id": func.coalesce(patient.c.person_id, _link.excluded.person_id),
            "was_id": null(),
            "deceased": _link.excluded.deceased,
        },
        where=or_(patient.c.person_id.is_(None), patient.c.deceased != _link.excluded.deceased),
    )
)
# What it said of the address and of death is not taken back by a version that nobody knows whom it is about.
_UNLINK = Statement(
    update(patient)
    .values(person_id=null(), was_id=patient.c.person_id)
    .where(
        patient.c.feed == _feed,
        patient.c.patient_id.in_(select(_ids.c.patient_id)),
        patient.c.person_id.is_not(None),
    )
)
_moved = given(Column("person_id", Uuid), Column("other_id", Uuid))
_MOVE = Statement(
    update(patient).values(was_id=_moved.c.other_id).where(patient.c.was_id == _moved.c.person_id)
)
# One Patient that says so is enough, whatever those of other services have not heard yet.
_is_deceased = or_(
    *(
        select(literal_column("1")).where(whose == person.c.person_id, patient.c.deceased).exists()
        for whose in (patient.c.person_id, patient.c.was_id)
    )
)
_DECEASED = Statement(
    update(person)
    .values(deceased=_is_deceased)
    .where(person.c.person_id == any_(bindparam("ids", type_=ARRAY(Uuid))), person.c.deceased != _is_deceased)
)
_merged = given(merged.c.patient_id)
_HOMES = Statement(
    select(merged.c.patient_id, merged.c.home_id).where(
        merged.c.feed == _feed,
        merged.c.undone_at.is_(None),
        merged.c.patient_id.in_(select(_merged.c.patient_id)),
    )
)
_who = bindparam("person_id", type_=Uuid)
_PATIENTS = Statement(
    select(patient.c.patient_id).where(patient.c.feed == _feed, patient.c.person_id == _who)
)
_HAS_PATIENTS = Statement(
    select(
        select(literal_column("1")).where(or_(patient.c.person_id == _who, patient.c.was_id == _who)).exists()
    )
)
_held = given(person.c.person_id)
_HOLD = Statement(
    select(person.c.person_id)
    .where(person.c.person_id.in_(select(_held.c.person_id)))
    .order_by(person.c.person_id)
    .with_for_update(key_share=True)
)


async def hold(db: asyncpg.Connection, person_ids: Iterable[UUID]) -> None:
    """Until the transaction ends nobody else who asks for it writes what is about these; they may log in meanwhile."""
    if ids := sorted(person_ids):
        await db.execute(_HOLD.sql, *_HOLD.bind(person_ids=ids))


async def persons_of(db: asyncpg.Connection, feed: str, patient_ids: Iterable[str]) -> dict[str, UUID]:
    """Which persons these patients of the feed are, of those that are known."""
    rows = await db.fetch(_LINKED.sql, *_LINKED.bind(feed=feed, patient_ids=sorted(set(patient_ids))))
    return {row["patient_id"]: row["person_id"] for row in rows}


async def homes(db: asyncpg.Connection, feed: str, patient_ids: Iterable[str]) -> dict[str, UUID]:
    """Whom those of these Patients were that have been merged into others."""
    rows = await db.fetch(_HOMES.sql, *_HOMES.bind(feed=feed, patient_ids=sorted(set(patient_ids))))
    return {row["patient_id"]: row["home_id"] for row in rows}


async def patients_of(db: asyncpg.Connection, feed: str, person_id: UUID) -> list[str]:
    """The Patients of the feed that are this person."""
    rows = await db.fetch(_PATIENTS.sql, *_PATIENTS.bind(feed=feed, person_id=person_id))
    return [row["patient_id"] for row in rows]


async def has_patients(db: asyncpg.Connection, person_id: UUID) -> bool:
    """Is, or was last, any Patient of any feed this person?"""
    return bool(await db.fetchval(_HAS_PATIENTS.sql, *_HAS_PATIENTS.bind(person_id=person_id)))


async def numbers_held(db: asyncpg.Connection, person_ids: Iterable[UUID]) -> dict[UUID, set[Number]]:
    """The numbers of these, of those that have any."""
    held: dict[UUID, set[Number]] = {}
    rows = await db.fetch(_THEIR_NUMBERS.sql, *_THEIR_NUMBERS.bind(person_ids=sorted(set(person_ids))))
    for person_id, *number in rows:
        held.setdefault(person_id, set()).add((number[0], number[1]))
    return held


async def deceased(db: asyncpg.Connection, person_ids: Iterable[UUID]) -> None:
    """Whether they live, by what all Patients that are them say."""
    await db.execute(_DECEASED.sql, *_DECEASED.bind(ids=sorted(set(person_ids))))


async def register(
    db: asyncpg.Connection, feed: str, arrivals: Sequence[Arrival], assign: Assign | None = None
) -> list[Linked]:
    """Link each Patient to the person with its number, to whom it was linked before, or to a new person.

    A number counts only if it is a legal one. `assign` gives a test number to a Patient that has none (test
    data hold numbers of the real form too, and nobody logs in with those outside production). A Patient that
    would be two persons is left out, and what points at it is nobody's until the journal has mended it.
    """
    numbers, assigned = _numbers(feed, arrivals, assign)
    replacing = {each.replaced_by for each in arrivals if each.replaced_by}
    linked = await persons_of(db, feed, {each.id for each in arrivals} | replacing)
    own = await homes(db, feed, (each.id for each in arrivals))
    before = {each.id: own.get(each.id) or linked.get(each.id) or each.known_person for each in arrivals}
    known = await _register(db, {number for found in numbers.values() for number in found}, before.values())
    who = {}
    for each in arrivals:
        # Of one that is replaced the numbers are those of whoever replaces it: alone it is who it was.
        theirs = {linked.get(each.replaced_by), linked.get(each.id) if each.id in own else None} - {None}
        numbers[each.id] = [number for number in numbers[each.id] if known.owner.get(number) not in theirs]
        mentioned = {*numbers[each.id], *numbers_of(each.resource, old=True)}
        if (person_id := known.link(before[each.id], numbers[each.id], mentioned)) is not None:
            who[each.id] = person_id
    await _write(db, feed, [each for each in arrivals if each.id in who], who, known)
    refused = [each.id for each in arrivals if each.id not in who]
    await db.execute(_UNLINK.sql, *_UNLINK.bind(feed=feed, patient_ids=refused))
    return [
        Linked(
            each.id,
            who[each.id],
            human_name(each.resource.name),
            assigned.get(each.id, ""),
            tuple(sorted(known.absorbed.get(who[each.id], ()))),
        )
        for each in arrivals
        if each.id in who
    ]


def _numbers(
    feed: str, arrivals: Sequence[Arrival], assign: Assign | None
) -> tuple[dict[str, list[Number]], dict[str, str]]:
    numbers = {each.id: numbers_of(each.resource) for each in arrivals}
    assigned = {}
    if assign is not None:
        for each in arrivals:
            if not any(identity_of(number, allow=SYNTHETIC) for _, number in numbers[each.id]):
                assigned[each.id] = assign(f"{feed}/{each.id}", _birth_date(each.resource))
                numbers[each.id] = [("fnr", assigned[each.id])]
    return numbers, assigned


async def _register(db: asyncpg.Connection, numbers: set[Number], persons: Iterable[UUID | None]) -> Register:
    rows = await held_by(db, numbers)
    owner = {(row["system"], row["value"]): row["person_id"] for row in rows}
    known = {each for each in (*persons, *owner.values()) if each is not None}
    held = await numbers_held(db, known)
    return Register(owner, held, {row["person_id"] for row in rows if not row["has_journal"]})


async def _write(
    db: asyncpg.Connection,
    feed: str,
    arrivals: Sequence[Arrival],
    who: dict[str, UUID],
    known: Register,
) -> None:
    persons = {
        who[each.id]: (
            who[each.id],
            human_name(each.resource.name),
            given_name(each.resource.name),
            _birth_date(each.resource),
        )
        for each in arrivals
    }
    await db.execute(_PUT_PERSONS.sql, *_PUT_PERSONS.bind(**arrays(_PERSON, persons.values())))
    identified = [(*number, person_id) for number, person_id in known.owner.items()]
    await put(db, identified)
    links = {each.id: (each.id, who[each.id], _is_dead(each.resource)) for each in arrivals}
    await db.execute(_PUT_LINKS.sql, *_PUT_LINKS.bind(feed=feed, **arrays(_LINK, links.values())))
    moved = [(before, now) for now in persons for before in known.absorbed.get(now, ())]
    if moved:
        await db.execute(_MOVE.sql, *_MOVE.bind(**arrays(("person_id", "other_id"), moved)))
    await deceased(db, persons)


def _is_dead(patient: Patient) -> bool:
    return patient.deceased_boolean or bool(patient.deceased_date_time)


def _birth_date(patient: Patient) -> date | None:
    try:
        return date.fromisoformat(patient.birth_date)
    except ValueError:
        return None
