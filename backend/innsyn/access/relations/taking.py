"""The step of the intake that keeps relations: facts landed, permits computed, in the transaction of the batch.

Order does not matter. A relation may come before the Patient it is about, or before anybody has heard of the other
one: the row waits for the first, and the second is made a person by number, as at a login.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Final
from uuid import UUID

import asyncpg
import msgspec

from innsyn.access.book.rule import Book
from innsyn.access.book.versions import HELSENORGE
from innsyn.access.relations import statements
from innsyn.access.relations.commands import compute
from innsyn.access.relations.reading import Told, is_secret, told
from innsyn.db.batches import arrays
from innsyn.db.statements import Statement
from innsyn.identity import persons
from innsyn.identity.numbers import Met, met
from innsyn.identity.persons import Linked
from innsyn.journal import landing
from innsyn.journal.fhir.reading import OSLO
from innsyn.journal.lookup import digest_of, key_of
from innsyn.journal.versions import Landed

KINDS: Final = frozenset({"Patient", "RelatedPerson", "Consent"})


# Patient's id → (person, birth date, secret, deceased): what the rules look at.
Standing = Mapping[str, tuple[object, ...]]


class Taking:
    """Keeps the relations of a feed by one version of the rule book."""

    def __init__(self, book: Book) -> None:
        self._book = book

    async def hold(self, db: asyncpg.Connection, feed: str, landed: Sequence[Landed]) -> Standing:
        """Before anything else of a batch is written: take the permits that it may change, in the order of readers.

        Returns how the Patients of the batch stand before it.
        """
        patients, others = _news(landed)
        if not patients and not others:
            return {}
        await _run(
            db,
            statements.HOLD,
            feed=feed,
            patients=[each.id for each in patients],
            abouts=[digest for each in patients for digest in _names(each)],
            **arrays(("kind", "id"), [each.key for each in others]),
        )
        return await _standing(db, feed, patients)

    async def __call__(
        self,
        db: asyncpg.Connection,
        feed: str,
        landed: Sequence[Landed],
        linked: Sequence[Linked],
        before: Standing,
    ) -> None:
        """Of what has landed the newest versions of KINDS, with whom the Patients among them are."""
        patients, others = _news(landed)
        if not patients and not others:
            return
        now = await _standing(db, feed, patients)
        moved = [each for each in patients if _who(before, each) != _who(now, each)]
        whom = await _whom(db, feed, others, moved)
        await _move(db, linked)
        await _put(db, feed, others)
        await _come(db, feed, moved)
        whom |= await _whom(db, feed, others, moved)
        whom |= {id_ for each in linked if each.absorbed for id_ in (each.person_id, *each.absorbed)}
        whom |= await _secret(db, feed, patients, whom | {each.person_id for each in linked})
        # A new telephone number changes nothing here: only those are computed anew of whom the rules see another thing.
        now = await _standing(db, feed, patients)
        changed = {each.person_id for each in linked if before.get(each.id) != now.get(each.id)}
        concerned = whom | changed
        rows = await db.fetch(statements.WHOSE.sql, *statements.WHOSE.bind(ids=list(concerned)))
        subjects = concerned | {row["subject_id"] for row in rows}
        await compute(db, self._book, sorted(subjects), _today([*patients, *others]))


take: Final = Taking(HELSENORGE)


def _news(landed: Iterable[Landed]) -> tuple[list[Landed], list[Landed]]:
    """(Patients, what tells of relations): the newest versions of each."""
    news = [each for each in landed if each.newest and each.kind in KINDS]
    patients = [each for each in news if each.kind == "Patient"]
    return patients, [each for each in news if each.kind != "Patient"]


async def _standing(db: asyncpg.Connection, feed: str, patients: Sequence[Landed]) -> Standing:
    if not patients:
        return {}
    ids = [each.id for each in patients]
    rows = await db.fetch(statements.OF_PATIENTS.sql, *statements.OF_PATIENTS.bind(feed=feed, patients=ids))
    return {row["patient_id"]: tuple(row)[1:] for row in rows}


def _who(standing: Standing, patient: Landed) -> object:
    found = standing.get(patient.id)
    return found[0] if found else None


def _today(news: Iterable[Landed]) -> date:
    return max(each.landed_at for each in news).astimezone(OSLO).date()


async def _whom(
    db: asyncpg.Connection, feed: str, others: Iterable[Landed], patients: Iterable[Landed]
) -> set[UUID]:
    """Everybody who is on either side of the relations that this batch touches."""
    abouts = [digest for each in patients for digest in _names(each)]
    keys = arrays(("kind", "id"), [each.key for each in others])
    rows = await db.fetch(statements.WHOM.sql, *statements.WHOM.bind(feed=feed, abouts=abouts, **keys))
    return {id_ for row in rows for id_ in row if id_ is not None}


def _names(patient: Landed) -> list[bytes]:
    """The names that others point at this Patient with, as they are stored."""
    return [digest_of(name) for name in (f"Patient/{patient.id}", *patient.aliases)]


async def _move(db: asyncpg.Connection, linked: Iterable[Linked]) -> None:
    moved = [(before, each.person_id) for each in linked for before in each.absorbed]
    if moved:
        values = arrays(("person_id", "other_id"), moved)
        for statement in (statements.ACTORS_MOVE, statements.SUBJECTS_MOVE):
            await db.execute(statement.sql, *statement.bind(**values))


class _Read(msgspec.Struct, frozen=True):
    landed: Landed
    told: Told


async def _put(db: asyncpg.Connection, feed: str, others: Sequence[Landed]) -> None:
    if not others:
        return
    read = [_Read(each, found) for each in others if (found := told(each.kind, each.body)) is not None]
    actors = await _actors(db, [each.told for each in read])
    subjects = await _subjects(db, feed, [each.told for each in read])
    # By the numbers of two persons nobody knows whom it is about: it says nothing, and so lowers nothing.
    whole = [
        (each, subject, actor)
        for each, subject, actor in zip(read, subjects, actors, strict=True)
        if actor is not None or not each.told.numbers
    ]
    told_of = {each.landed.key for each in read}
    kept = {each.landed.key for each, _, _ in whole}
    gone = [
        (*each.key, each.key not in told_of and is_secret(each.body) is False)
        for each in others
        if each.key not in kept
    ]
    silent = [key[:2] for key in gone]
    await _run(db, statements.GONE, feed=feed, **arrays(("kind", "id", "open"), gone))
    await _run(db, statements.SILENT, feed=feed, **arrays(("kind", "id"), silent))
    await _run(db, statements.PUT, feed=feed, **arrays(statements.ROW, [_row(*each) for each in whole]))


def _row(read: _Read, subject: UUID | None, actor: UUID | None) -> tuple[object, ...]:
    landed, found = read.landed, read.told
    values = {
        "kind": landed.kind,
        "id": landed.id,
        "about": digest_of(found.about),
        "subject_id": subject,
        "actor_id": actor,
        "says": int(found.says),
        "responsibility": found.responsibility,
        "lives_with": found.lives_with,
        "actor_secret": found.secret,
        "valid_from": found.span.since,
        "valid_until": found.span.until,
    }
    return tuple(values[name] for name in statements.ROW)


async def _actors(db: asyncpg.Connection, read: Sequence[Told]) -> list[UUID | None]:
    """Who they are; None for one without a number, and for a paper that names nobody."""
    people = [Met(each.numbers, each.name, each.given, each.born) for each in read if each.numbers]
    found = iter(await met(db, people) if people else ())
    return [next(found) if each.numbers else None for each in read]


async def _subjects(db: asyncpg.Connection, feed: str, read: Sequence[Told]) -> list[UUID | None]:
    """Whose record each is about, of those whose Patient has come or who are told by number."""
    keys = {each.about: key for each in read if (key := key_of(each.about)) is not None}
    keys |= await landing.keys_of(db, feed, {each.about for each in read} - keys.keys())
    patients = await persons.persons_of(db, feed, [id_ for kind, id_ in keys.values() if kind == "Patient"])
    numbered = iter(await met(db, [Met(each.subject) for each in read if each.subject]))
    found: list[UUID | None] = []
    for each in read:
        by_number = next(numbered) if each.subject else None
        by_name = patients.get(keys[each.about][1]) if each.about in keys else None
        # Two that disagree are nobody.
        found.append(by_name or by_number if not (by_name and by_number) or by_name == by_number else None)
    return found


async def _come(db: asyncpg.Connection, feed: str, patients: Sequence[Landed]) -> None:
    """Relations that waited for these Patients are about them now; what was about one refused is about nobody."""
    if not patients:
        return
    who = await persons.persons_of(db, feed, [each.id for each in patients])
    rows = [(digest, who.get(each.id)) for each in patients for digest in _names(each)]
    await _run(db, statements.COME, feed=feed, **arrays(("about", "person_id"), rows))


async def _secret(
    db: asyncpg.Connection, feed: str, patients: Iterable[Landed], concerned: Collection[UUID]
) -> set[UUID]:
    """Whom the Patients say something new of, of the address."""
    # One that is deleted or cannot be read says nothing: what it said before holds until it says otherwise.
    said = [(each.id, secret) for each in patients if (secret := is_secret(each.body)) is not None]
    statement = statements.SECRET_PATIENTS
    values = arrays(("patient_id", "secret"), said)
    rows = await db.fetch(statement.sql, *statement.bind(feed=feed, **values))
    spoken_of = {row["person_id"] for row in rows}
    await _run(db, statements.SECRET_PERSONS, ids=list(spoken_of.union(concerned)))
    return spoken_of


async def _run(db: asyncpg.Connection, statement: Statement, **values: object) -> None:
    await db.execute(statement.sql, *statement.bind(**values))
