"""A Patient that says that another has replaced it is the person of that one, and whom it was if it takes that back.

http://hl7.org/fhir/R4/patient.html#links: the one that is replaced says so itself (`replaced-by`). What another one
says of it (`replaces`), and that there is more to see (`seealso`), gives nobody's journal to anybody. Nor do two people
with a fødselsnummer each ever become one.
"""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

import asyncpg
import msgspec
from sqlalchemy import Column, Uuid, func, null, select, update
from sqlalchemy.dialects.postgresql import insert

from innsyn.db.batches import arrays, given
from innsyn.db.statements import Statement
from innsyn.identity import persons
from innsyn.identity.merged_tables import merged
from innsyn.identity.numbers import held_by, numbers_of, put
from innsyn.identity.persons import FEED, Arrival
from innsyn.identity.tables import patient
from innsyn.journal import landing
from innsyn.journal.fhir.resources import Patient


class Moved(msgspec.Struct, frozen=True):
    """A Patient that is somebody else now. `emptied`: nothing makes the former person one any longer."""

    patient_id: str
    came_from: UUID
    person_id: UUID
    emptied: bool = False


class Merged(msgspec.Struct):
    """What became of the Patients of a batch: who each is, who that is not as before, and who can not be."""

    who: dict[str, UUID]
    moved: list[Moved] = msgspec.field(default_factory=list)
    refused: set[str] = msgspec.field(default_factory=set)
    # (Patient, the one that replaces it and has not come)
    waits: list[tuple[str, str]] = msgspec.field(default_factory=list)


_links = given(patient.c.patient_id, patient.c.person_id)
_RELINK = Statement(
    update(patient)
    .where(patient.c.feed == FEED, patient.c.patient_id == _links.c.patient_id)
    .values(person_id=_links.c.person_id, was_id=null())
)
_MERGE = ("patient_id", "into_id", "home_id")
_merges = given(*(merged.c[name] for name in _MERGE))
_merge = insert(merged).from_select(["feed", *_MERGE], select(FEED.label("feed"), *_merges.c))
_PUT = Statement(
    _merge.on_conflict_do_update(
        index_elements=["feed", "patient_id"],
        set_={
            "into_id": _merge.excluded.into_id,
            "home_id": func.coalesce(merged.c.home_id, _merge.excluded.home_id),
            "changed_at": func.now(),
            "undone_at": null(),
        },
    )
)
_ids = given(merged.c.patient_id)
_UNDO = Statement(
    update(merged)
    .where(merged.c.feed == FEED, merged.c.patient_id.in_(select(_ids.c.patient_id)))
    .values(undone_at=func.now(), changed_at=func.now())
)
_into = given(merged.c.into_id, Column("person_id", Uuid))
_FOLLOWING = Statement(
    select(merged.c.patient_id, merged.c.into_id, patient.c.person_id)
    .join(patient, (patient.c.feed == merged.c.feed) & (patient.c.patient_id == merged.c.patient_id))
    .where(
        merged.c.feed == FEED,
        merged.c.undone_at.is_(None),
        merged.c.into_id == _into.c.into_id,
        patient.c.person_id == _into.c.person_id,
    )
)


async def merge(
    db: asyncpg.Connection, feed: str, arrivals: Sequence[Arrival], linked: Mapping[str, UUID]
) -> Merged:
    """Let the Patients of a batch be who they say they are now. `linked` are they by their own numbers alone."""
    found = Merged(dict(linked))
    here = [each for each in arrivals if each.id in linked]
    merges = await persons.homes(db, feed, [each.id for each in here])
    asking = [each for each in here if each.replaced_by or each.id in merges]
    if not asking:
        return found
    now = await persons.persons_of(
        db, feed, {each.id for each in asking} | {each.replaced_by for each in asking}
    )
    for each in asking:
        target = now.get(each.replaced_by) if each.replaced_by else merges[each.id]
        before = now.get(each.id, linked[each.id])
        if target is None:
            found.waits.append((each.id, each.replaced_by))
        elif target != before and each.replaced_by and await _are_two(db, before, target):
            found.refused.add(each.id)
        elif target != before:
            found.moved.append(Moved(each.id, before, target))
        found.who[each.id] = before if target is None or each.id in found.refused else target
    await _keep(db, feed, asking, found)
    return found


async def _are_two(db: asyncpg.Connection, *both: UUID) -> bool:
    held = await persons.numbers_held(db, both)
    return len({number for numbers in held.values() for number in numbers if number[0] == "fnr"}) > 1


async def _keep(db: asyncpg.Connection, feed: str, asking: Sequence[Arrival], found: Merged) -> None:
    replaced = {each.id: each.replaced_by for each in asking if each.replaced_by}
    merges = [
        (m.patient_id, replaced[m.patient_id], m.came_from) for m in found.moved if m.patient_id in replaced
    ]
    undone = [m.patient_id for m in found.moved if m.patient_id not in replaced]
    found.moved += await _following(db, feed, found.moved)
    await _run(
        db, _RELINK, feed, ("patient_id", "person_id"), [(m.patient_id, m.person_id) for m in found.moved]
    )
    await _run(db, _PUT, feed, _MERGE, merges)
    if undone:
        await db.execute(_UNDO.sql, *_UNDO.bind(feed=feed, patient_ids=undone))
        await _give_back(db, feed, [each for each in asking if each.id in undone], found)
    found.moved = [await _empty(db, each, each.patient_id in replaced) for each in found.moved]
    await persons.deceased(db, {id_ for m in found.moved for id_ in (m.came_from, m.person_id)})


async def _following(db: asyncpg.Connection, feed: str, moved: Sequence[Moved]) -> list[Moved]:
    """Those that were merged into one that has moved itself go along, and those that were merged into them."""
    found: list[Moved] = []
    seen, last = {each.patient_id for each in moved}, list(moved)
    while last:
        by_id = {each.patient_id: each for each in last}
        values = arrays(("into_id", "person_id"), [(each.patient_id, each.came_from) for each in last])
        rows = await db.fetch(_FOLLOWING.sql, *_FOLLOWING.bind(feed=feed, **values))
        last = [
            Moved(row["patient_id"], row["person_id"], by_id[row["into_id"]].person_id)
            for row in rows
            if row["patient_id"] not in seen
        ]
        seen |= {each.patient_id for each in last}
        found += last
    return found


async def _empty(db: asyncpg.Connection, moved: Moved, is_merge: bool) -> Moved:
    """The numbers of a person who has nothing left come along: who logs in with one sees what there is."""
    if not is_merge:
        return moved
    held = (await persons.numbers_held(db, [moved.came_from])).get(moved.came_from, set())
    rows = await held_by(db, held)
    if any(row["has_journal"] for row in rows) or await persons.has_patients(db, moved.came_from):
        return moved
    await put(db, [(*number, moved.person_id) for number in held])
    return msgspec.structs.replace(moved, emptied=True)


async def _give_back(db: asyncpg.Connection, feed: str, undone: Iterable[Arrival], found: Merged) -> None:
    """Numbers that came along, and that only the one that goes tells of."""
    came_from = {each.patient_id: each.came_from for each in found.moved}
    for each in undone:
        own = set(numbers_of(each.resource))
        others = await persons.patients_of(db, feed, came_from[each.id])
        for landed in await landing.newest(db, feed, [("Patient", id_) for id_ in others]):
            own -= set(numbers_of(_read(landed.body)))
        rows = await held_by(db, own)
        theirs = [(row["system"], row["value"]) for row in rows if row["person_id"] == came_from[each.id]]
        await put(db, [(*number, found.who[each.id]) for number in theirs])


def _read(body: bytes | None) -> Patient:
    try:
        return msgspec.json.decode(body or b"{}", type=Patient)
    except msgspec.ValidationError:
        return Patient()


async def _run(
    db: asyncpg.Connection,
    statement: Statement,
    feed: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[object]],
) -> None:
    if rows:
        await db.execute(statement.sql, *statement.bind(feed=feed, **arrays(columns, rows)))
