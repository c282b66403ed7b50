"""Whom the journal's Patients are: linked by national identifier, never by name, and never by the number as a key."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from uuid import UUID, uuid4

import asyncpg
import msgspec
from sqlalchemy import ARRAY, Column, Uuid, any_, bindparam, func, literal_column, null, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from innsyn.db.batches import arrays, given
from innsyn.db.statements import Statement
from innsyn.identity.national_identity import SYNTHETIC, identity_of
from innsyn.identity.numbers import Number, held_by, numbers_of, put
from innsyn.identity.tables import patient, person, person_identifier
from innsyn.journal.fhir.reading import given_name, human_name
from innsyn.journal.fhir.resources import Patient


class Arrival(msgspec.Struct, frozen=True):
    """A Patient that has come: its id in the feed, the resource, and the person it has been from the first."""

    id: str
    resource: Patient
    known_person: UUID | None = None


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

_feed = bindparam("feed", type_=patient.c.feed.type)
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


class Register:
    """Who has which number: read once for a batch, kept up to date while its Patients are linked one by one."""

    def __init__(
        self, owner: dict[Number, UUID], held: dict[UUID, set[Number]], without_journal: set[UUID]
    ) -> None:
        self.owner, self._held, self._without_journal = owner, held, without_journal
        self.absorbed: dict[UUID, set[UUID]] = {}

    def link(
        self, before: UUID | None, numbers: Sequence[Number], mentioned: Collection[Number]
    ) -> UUID | None:
        """The person of a Patient that has these numbers and was linked to `before`; None: it would be two persons.

        A number of somebody who has only logged in, or whom only others' resources tell of, is free to come along. A
        person keeps the one fødselsnummer; a D-number is followed by one where the Patient still mentions it. All else
        is for people to find out.
        """
        owners = [self.owner[number] for number in numbers if number in self.owner]
        with_journal = {each for each in owners if each not in self._without_journal}
        who = before or next(iter(with_journal or owners), None) or uuid4()
        held = self._held.get(who, set())
        fnr = {number for number in held | set(numbers) if number[0] == "fnr"}
        goes_on = not numbers or not held or not held.isdisjoint(mentioned)
        if with_journal - {who} or len(fnr) > 1 or not goes_on:
            return None
        self.absorbed.setdefault(who, set()).update(set(owners) - {who})
        self.owner.update((number, who) for number in numbers)
        self._held[who] = held | set(numbers)
        self._without_journal.discard(who)
        return who


async def register(
    db: asyncpg.Connection, feed: str, arrivals: Sequence[Arrival], assign: Assign | None = None
) -> list[Linked]:
    """Link each Patient to the person with its number, to whom it was linked before, or to a new person.

    A number counts only if it is a legal one. `assign` gives a test number to a Patient that has none (test
    data hold numbers of the real form too, and nobody logs in with those outside production). A Patient that
    would be two persons is left out, and what points at it is nobody's until the journal has mended it.
    """
    numbers = {each.id: numbers_of(each.resource) for each in arrivals}
    assigned = {}
    if assign is not None:
        for each in arrivals:
            if not any(identity_of(number, allow=SYNTHETIC) for _, number in numbers[each.id]):
                assigned[each.id] = assign(f"{feed}/{each.id}", _birth_date(each.resource))
                numbers[each.id] = [("fnr", assigned[each.id])]
    linked = await persons_of(db, feed, (each.id for each in arrivals))
    before = {each.id: linked.get(each.id) or each.known_person for each in arrivals}
    known = await _register(db, {number for found in numbers.values() for number in found}, before.values())
    who = {}
    for each in arrivals:
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


async def _register(db: asyncpg.Connection, numbers: set[Number], persons: Iterable[UUID | None]) -> Register:
    rows = await held_by(db, numbers)
    owner = {(row["system"], row["value"]): row["person_id"] for row in rows}
    known = {each for each in (*persons, *owner.values()) if each is not None}
    held: dict[UUID, set[Number]] = {}
    for person_id, *number in await db.fetch(
        _THEIR_NUMBERS.sql, *_THEIR_NUMBERS.bind(person_ids=sorted(known))
    ):
        held.setdefault(person_id, set()).add((number[0], number[1]))
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
    await db.execute(_DECEASED.sql, *_DECEASED.bind(ids=list(persons)))


def _is_dead(patient: Patient) -> bool:
    return patient.deceased_boolean or bool(patient.deceased_date_time)


def _birth_date(patient: Patient) -> date | None:
    try:
        return date.fromisoformat(patient.birth_date)
    except ValueError:
        return None
