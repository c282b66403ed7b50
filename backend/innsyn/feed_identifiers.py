"""Synthetic national numbers for test patients that have none, so that every one of them can log in."""

import hashlib
from collections.abc import Iterable
from datetime import date, timedelta

import asyncpg
import msgspec
from sqlalchemy import bindparam, select

from innsyn.db.batches import given
from innsyn.db.statements import Statement
from innsyn.identity.national_identity import SYNTHETIC, NoNumberLeft, identity_of, synthetic_number
from innsyn.identity.tables import patient, person, person_identifier

_EARLIEST, _DAYS = date(1950, 1, 1), 18_000

_feed = bindparam("feed", type_=patient.c.feed.type)
_TAKEN = Statement(select(person_identifier.c.value))
_people = select(patient.c.patient_id, person.c.name, person_identifier.c.value).select_from(
    patient.join(person, person.c.person_id == patient.c.person_id).join(
        person_identifier, person_identifier.c.person_id == person.c.person_id
    )
)
_ASSIGNED = Statement(_people.where(patient.c.feed == _feed))
_read = given(patient.c.patient_id)
_AMONG = Statement(
    _people.where(patient.c.feed == _feed, patient.c.patient_id.in_(select(_read.c.patient_id))).order_by(
        person.c.name, patient.c.patient_id
    )
)


class Identified(msgspec.Struct, frozen=True):
    """A test patient and the number to log in with."""

    patient: str
    name: str
    identifier: str


class Assigning:
    """Gives each patient of a feed a number of its own: the same one when the same feed is loaded again."""

    def __init__(self, feed: str, own: dict[str, str], taken: Iterable[str]) -> None:
        self._feed, self._own, self._taken = feed, own, set(taken)

    def __call__(self, who: str, birth_date: date | None) -> str:
        """A number of the Tenor kind for `who` (feed/patient). Raises no NoNumberLeft: a day later will do as well."""
        patient_id = who.removeprefix(f"{self._feed}/")
        if patient_id not in self._own:
            self._own[patient_id] = self._new(who, birth_date or _some_day(who))
            self._taken.add(self._own[patient_id])
        return self._own[patient_id]

    def _new(self, who: str, day: date) -> str:
        while True:
            try:
                return synthetic_number(day, who, self._taken)
            except NoNumberLeft:
                day += timedelta(days=1)


def _some_day(who: str) -> date:
    digest = hashlib.sha256(who.encode()).digest()
    return _EARLIEST + timedelta(days=int.from_bytes(digest[:4], "big") % _DAYS)


async def assigning(db: asyncpg.Connection, feed: str) -> Assigning:
    """Numbers for the patients of a feed, apart from all that exist."""
    rows = await db.fetch(_ASSIGNED.sql, *_ASSIGNED.bind(feed=feed))
    own = {row["patient_id"]: row["value"] for row in rows if identity_of(row["value"], allow=SYNTHETIC)}
    return Assigning(feed, own, (row["value"] for row in await db.fetch(_TAKEN.sql)))


async def identified(db: asyncpg.Connection, feed: str, patient_ids: Iterable[str]) -> list[Identified]:
    """Those of these patients of the feed that have a synthetic number, by name."""
    rows = await db.fetch(_AMONG.sql, *_AMONG.bind(feed=feed, patient_ids=sorted(patient_ids)))
    return [
        Identified(f"Patient/{row['patient_id']}", row["name"], row["value"])
        for row in rows
        if identity_of(row["value"], allow=SYNTHETIC)
    ]
