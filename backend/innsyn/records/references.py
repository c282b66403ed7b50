"""What the journal itself calls a person and an entry, for what leaves: only the worker's role may ask."""

from collections.abc import Collection, Iterable
from typing import Final
from uuid import UUID

import asyncpg
import msgspec
from sqlalchemy import and_, bindparam, select

from innsyn.db.batches import arrays, given
from innsyn.db.statements import Statement
from innsyn.identity.numbers import DNR, FHN, FNR
from innsyn.identity.tables import patient, person_identifier
from innsyn.journal import landing
from innsyn.journal.delivery_bundle import Named
from innsyn.journal.fhir.resources import Patient
from innsyn.journal.tables import resource
from innsyn.records.entries import entry
from innsyn.records.writing import entry_id

# In the order in which they are told: the first that somebody has.
_SYSTEMS: Final = {"fnr": FNR, "dnr": DNR, "fhn": FHN}
_feed = bindparam("feed", type_=resource.c.feed.type)
_persons = given(patient.c.person_id)
_PATIENTS = Statement(
    select(patient.c.person_id, patient.c.patient_id)
    .join(_persons, patient.c.person_id == _persons.c.person_id)
    .where(patient.c.feed == _feed)
    .order_by(patient.c.patient_id)
)
_NUMBERS = Statement(
    select(person_identifier.c.person_id, person_identifier.c.system, person_identifier.c.value)
    .join(_persons, person_identifier.c.person_id == _persons.c.person_id)
    .order_by(person_identifier.c.value)
)
_entries = given(entry.c.person_id, entry.c.entry_id)
# An entry is written with the resource that it is made of, at the same moment; which of those of the moment it is, its
# id tells.
_CAME_WITH = Statement(
    select(_entries.c.entry_id, resource.c.kind, resource.c.id)
    .select_from(_entries)
    .join(
        entry,
        and_(entry.c.person_id == _entries.c.person_id, entry.c.entry_id == _entries.c.entry_id),
    )
    .join(resource, and_(resource.c.feed == _feed, resource.c.landed_at == entry.c.landed_at))
)
_patient = msgspec.json.Decoder(Patient).decode


class Names:
    """The names that the journal behind `feed` has."""

    def __init__(self, feed: str) -> None:
        self._feed = feed

    async def __call__(
        self, db: asyncpg.Connection, persons: Collection[UUID], entries: Collection[tuple[UUID, UUID]]
    ) -> Named:
        """Those of these that have a name: `entries` are (person, entry), and nobody else's entry has one."""
        patients = await self._patients(db, persons)
        return Named(
            patients=patients,
            others=await _numbers(db, set(persons) - patients.keys()),
            entries=await self._entries(db, entries),
        )

    async def _patients(self, db: asyncpg.Connection, persons: Collection[UUID]) -> dict[UUID, str]:
        if not persons:
            return {}
        rows = await db.fetch(_PATIENTS.sql, *_PATIENTS.bind(feed=self._feed, person_ids=list(persons)))
        found: dict[UUID, list[str]] = {}
        for row in rows:
            found.setdefault(row["person_id"], []).append(row["patient_id"])
        several = {id_ for ids in found.values() if len(ids) > 1 for id_ in ids}
        over = await self._replaced(db, several) if several else set()
        return {
            person_id: next((id_ for id_ in ids if id_ not in over), ids[0])
            for person_id, ids in found.items()
        }

    async def _replaced(self, db: asyncpg.Connection, patients: Iterable[str]) -> set[str]:
        landed = await landing.newest(db, self._feed, [("Patient", id_) for id_ in patients])
        return {each.id for each in landed if each.body is None or _is_replaced(each.body)}

    async def _entries(
        self, db: asyncpg.Connection, entries: Collection[tuple[UUID, UUID]]
    ) -> dict[UUID, str]:
        if not entries:
            return {}
        given_ = arrays(("person_id", "entry_id"), sorted(entries))
        rows = await db.fetch(_CAME_WITH.sql, *_CAME_WITH.bind(feed=self._feed, **given_))
        return {
            row["entry_id"]: f"{row['kind']}/{row['id']}"
            for row in rows
            if entry_id(self._feed, (row["kind"], row["id"])) == row["entry_id"]
        }


async def _numbers(db: asyncpg.Connection, persons: Collection[UUID]) -> dict[UUID, tuple[str, str]]:
    if not persons:
        return {}
    rows = await db.fetch(_NUMBERS.sql, *_NUMBERS.bind(person_ids=list(persons)))
    held = {(row["person_id"], row["system"]): row["value"] for row in rows}
    told: dict[UUID, tuple[str, str]] = {}
    for name, system in _SYSTEMS.items():
        for person_id in persons:
            if (person_id, name) in held:
                told.setdefault(person_id, (system, held[person_id, name]))
    return told


def _is_replaced(body: bytes) -> bool:
    try:
        said = _patient(body)
    except msgspec.DecodeError:
        return True
    return not said.active or any(link.type == "replaced-by" for link in said.link)
