"""Entries that become another person's because the Patient that they are about has: all of each, in one transaction."""

from collections.abc import Collection, Sequence
from typing import Final
from uuid import UUID

import asyncpg
import msgspec

from innsyn.identity import persons
from innsyn.identity.merging import Moved
from innsyn.journal import landing
from innsyn.journal.fhir.datatypes import Reference
from innsyn.journal.lookup import Key, name_of
from innsyn.records.projecting import Projecting
from innsyn.records.writing import entry_id

# (table, what names an entry in it): everything that stands beside an entry goes where it goes.
READ_MODEL: Final = (
    ("record.entry", "entry_id"),
    ("record.claim", "panel_id"),
    ("record.document", "entry_id"),
    ("record.own_wait", "entry_id"),
    ("record.version", "entry_id"),
    ("record.taken_back", "entry_id"),
    ("record.claimed_before", "panel_id"),
)
_BESIDE: Final = (
    ("access.hidden", "entry_id"),
    ("access.lookup", "lookup_id"),
    ("form.task", "task_id"),
    # Threads, files and earlier wordings follow their messages (migrations/messages_gathering.py).
    ("message.message", "resource_id"),
    ("message.told", "told_id"),
)
# What both had been told, one of them has twice now.
_TWICE: Final = """
    DELETE FROM message.message m WHERE m.person_id = ANY($2) AND m.resource_id = ANY($3) AND EXISTS (
        SELECT FROM message.message o WHERE o.person_id = $1 AND o.message_id = m.message_id)
"""
_KEYS: Final = """
    SELECT DISTINCT kind, id FROM journal.resource WHERE feed = $1 AND person_id = $2 AND kind <> 'Patient'
"""
_BODIES: Final = """
    SELECT kind, id, body FROM journal.resource
    WHERE feed = $1 AND person_id = $2 AND kind <> 'Patient' AND body IS NOT NULL
"""
_CONTRIBUTORS: Final = (
    "DELETE FROM record.contributor WHERE person_id = ANY($1)",
    """
    INSERT INTO record.contributor (person_id, source, earliest)
    SELECT person_id, source, min(occurred_at) FROM record.entry
    WHERE person_id = ANY($1) AND (own_release_at < '9999-01-01+00' OR stub IS NOT NULL) GROUP BY 1, 2
    """,
)


async def move(db: asyncpg.Connection, feed: str, projecting: Projecting, moved: Sequence[Moved]) -> None:
    """Give what is about these Patients to whom they are now."""
    await persons.hold(db, {id_ for each in moved for id_ in (each.came_from, each.person_id)})
    for each in moved:
        keys = await _about(db, feed, projecting, each)
        await landing.attribute(db, feed, dict.fromkeys(keys, each.person_id))
        await landing.attribute(db, feed, {("Patient", each.patient_id): each.person_id})
        ids = [entry_id(feed, key) for key in keys]
        await db.execute(_TWICE, each.person_id, [each.came_from], ids)
        await carry(db, (*READ_MODEL, *_BESIDE), ids, [each.came_from], each.person_id)
        await count_contributors(db, [each.came_from, each.person_id])


async def carry(
    db: asyncpg.Connection,
    tables: Collection[tuple[str, str]],
    ids: Sequence[UUID],
    came_from: Sequence[UUID],
    to: UUID,
) -> None:
    """Entries of these persons that are this one's now."""
    for table, column in tables:
        await db.execute(
            f"UPDATE {table} SET person_id = $1 WHERE person_id = ANY($2) AND {column} = ANY($3)",  # noqa: S608
            to,
            came_from,
            ids,
        )


async def count_contributors(db: asyncpg.Connection, person_ids: Sequence[UUID]) -> None:
    """Who has written in the journals of these, as it is told by what is there."""
    for statement in _CONTRIBUTORS:
        await db.execute(statement, person_ids)


async def _about(db: asyncpg.Connection, feed: str, projecting: Projecting, moved: Moved) -> list[Key]:
    """What is about this Patient, of all that is about the person it was."""
    rows = await db.fetch(_KEYS, feed, moved.came_from)
    keys = [(row["kind"], row["id"]) for row in rows]
    if not await persons.patients_of(db, feed, moved.came_from):
        return keys
    newest = await landing.newest(db, feed, keys)
    alone = [msgspec.structs.replace(each, known_person=None) for each in newest]
    outcome = await projecting.reread(db, alone)
    found = {each.landed.key for each in outcome.of_somebody if each.person_id == moved.person_id}
    told = {each.landed.key for each in outcome.of_somebody}
    for row in await db.fetch(_BODIES, feed, moved.came_from) if len(told) < len(keys) else ():
        key = (row["kind"], row["id"])
        if key not in told and f"Patient/{moved.patient_id}" in _names(row["body"]):
            found.add(key)
    return sorted(found)


class _Told(msgspec.Struct, frozen=True):
    subject: Reference | None = None
    patient: Reference | None = None
    for_: Reference | None = msgspec.field(default=None, name="for")
    beneficiary: Reference | None = None


def _names(body: bytes) -> set[str]:
    try:
        told = msgspec.json.decode(body, type=_Told)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return set()
    return {name_of(each, "Patient") for each in (told.subject, told.patient, told.for_, told.beneficiary)}
