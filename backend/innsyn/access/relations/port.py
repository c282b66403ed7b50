"""Where relations come from: a port, with the own register behind it.

The own register holds what the journal's feed says (the population register's facts among it). NHN Fullmakt and
ID-porten's representation (RAR) are later adapters: both answer the same question, who may represent whom.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Protocol
from uuid import UUID, uuid5

import asyncpg

from innsyn.access.book.facts import Bond, Pair, Span, Standing, Tie
from innsyn.access.relations.reading import believable
from innsyn.access.relations.statements import OF_SUBJECTS, PERSONS
from innsyn.access.relations.tables import Says

_RELATIONS = UUID("6f1c2f6e-7d1c-5e0f-9a51-6f5a0c1f3b77")
_TIES = {Says.PARENT: Tie.PARENT, Says.GUARDIAN: Tie.GUARDIAN, Says.RELATIVE: Tie.RELATIVE}


class Relations(Protocol):
    """Who may want to see whose record, and on what ground."""

    async def pairs(self, subjects: Collection[UUID], own_until: date) -> list[Pair]:
        """All pairs around these persons; the person alone too where born after `own_until`."""
        ...


def origin_of(feed: str, kind: str, id_: str) -> UUID:
    """The id of a relation: the same at every replay, telling nothing of the resource's own id."""
    return uuid5(_RELATIONS, f"{feed}/{kind}/{id_}")


class OwnRegister:
    """The relations that the journal's feed has told of (access.relation)."""

    def __init__(self, db: asyncpg.Connection) -> None:
        self._db = db

    async def pairs(self, subjects: Collection[UUID], own_until: date) -> list[Pair]:
        """As the port says; two round trips, however many there are."""
        rows = await self._db.fetch(OF_SUBJECTS.sql, *OF_SUBJECTS.bind(ids=list(subjects)))
        about: dict[UUID, list[asyncpg.Record]] = defaultdict(list)
        for row in rows:
            about[row["subject_id"]].append(row)
        people = {*subjects, *(row["actor_id"] for row in rows if row["actor_id"])}
        standing = {
            row["person_id"]: _standing(row)
            for row in await self._db.fetch(PERSONS.sql, *PERSONS.bind(ids=list(people)))
        }
        return [
            pair
            for subject in sorted(subjects)
            if subject in standing
            for pair in _around(standing[subject], about[subject], standing, own_until)
        ]


def _standing(row: Mapping[str, object]) -> Standing:
    person_id, born = row["person_id"], row["birth_date"]
    assert isinstance(person_id, UUID)  # noqa: S101 - the primary key
    return Standing(
        person_id=person_id,
        born=believable(born) if isinstance(born, date) else None,
        secret=bool(row["secret"]),
        deceased=bool(row["deceased"]),
    )


def _around(
    subject: Standing, rows: list[asyncpg.Record], standing: Mapping[UUID, Standing], own_until: date
) -> Iterable[Pair]:
    at_home = tuple(_span(row) for row in rows if row["lives_with"] and row["says"] & Says.PARENT)
    consents = tuple(_span(row) for row in rows if row["says"] == Says.CONSENT)
    if subject.born is not None and subject.born > own_until:
        yield Pair(subject=subject, actor=subject, consents=consents)
    for actor in sorted({row["actor_id"] for row in rows if row["actor_id"]}):
        theirs = [row for row in rows if row["actor_id"] == actor]
        if actor != subject.person_id and actor in standing:
            yield Pair(
                subject=subject,
                actor=standing[actor],
                bonds=tuple(bond for row in theirs for bond in _bonds(row)),
                at_home=at_home,
                certificates=tuple(_span(row) for row in theirs if row["says"] == Says.CERTIFICATE),
            )


def _bonds(row: asyncpg.Record) -> Iterable[Bond]:
    for says, tie in _TIES.items():
        if row["says"] & says:
            yield Bond(
                tie=tie,
                origin=origin_of(row["feed"], row["kind"], row["id"]),
                span=_span(row),
                responsibility=row["responsibility"],
                lives_with=row["lives_with"],
            )


def _span(row: asyncpg.Record) -> Span:
    since: datetime = row["valid_from"]
    return Span(since, row["valid_until"])
