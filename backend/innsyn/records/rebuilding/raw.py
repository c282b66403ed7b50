"""The raw landing read again, in the order in which it came, in batches that give what the batches of then gave."""

from collections.abc import AsyncIterator, Sequence
from itertools import groupby
from typing import NamedTuple

import asyncpg

from innsyn.journal.versions import Landed
from innsyn.records.rebuilding.beside import Beside

# What a projection may read out of what it points at: a later version of one changes what comes after it, not before.
_READ_BY_OTHERS = frozenset(
    {
        "Binary",
        "CareTeam",
        "Condition",
        "Device",
        "DocumentReference",
        "Encounter",
        "HealthcareService",
        "ImagingStudy",
        "Location",
        "Medication",
        "Observation",
        "Organization",
        "Patient",
        "Practitioner",
        "PractitionerRole",
        "RelatedPerson",
        "ServiceRequest",
        "Specimen",
    }
)
_MOST = 500
_ROWS = """
    SELECT r.*, before.first_at, before.newest, before.whose
    FROM journal.resource r,
    LATERAL (
        SELECT min(e.landed_at) AS first_at, max(e.version) AS newest,
               (array_agg(e.person_id ORDER BY e.version) FILTER (WHERE e.person_id IS NOT NULL))[1] AS whose
        FROM journal.resource e
        WHERE e.feed = r.feed AND e.kind = r.kind AND e.id = r.id
          AND (e.landing, e.version) < (r.landing, r.version)
    ) before
    WHERE r.landing > $2 AND r.landing <= coalesce($4, r.landing) AND r.feed = $1
    ORDER BY r.landing, r.version LIMIT $3
"""
# What landed before landings had numbers, in the order of the time.
_NUMBER = """
    UPDATE journal.resource r SET landing = told.number
    FROM (SELECT feed, kind, id, version,
                 dense_rank() OVER (ORDER BY landed_at, feed)
                 - (SELECT count(*) FROM journal.resource WHERE landing = 0) - 1 AS number
          FROM journal.resource WHERE landing = 0) told
    WHERE (r.feed, r.kind, r.id, r.version) = (told.feed, told.kind, told.id, told.version)
"""


class Again(NamedTuple):
    """A batch to take in anew: everything up to and including landing `until`, of one feed."""

    until: int
    landed: list[Landed]
    # Whom each was found to be about when it came.
    rows: list[asyncpg.Record]


async def number(db: Beside) -> None:
    """Give a number to what has none."""
    if await db.plainly("SELECT 1 FROM journal.resource WHERE landing = 0 LIMIT 1"):
        await db.plainly(_NUMBER)


async def landed_after(db: Beside, feed: str, landing: int) -> AsyncIterator[Again]:
    """All that landed in this feed after `landing`, until there is no more just now."""
    while True:
        rows = await db.plainly(_ROWS, feed, landing, 2 * _MOST, None)
        if len(rows) == 2 * _MOST:
            whole = [row for row in rows if row["landing"] != rows[-1]["landing"]]
            rows = whole or await db.plainly(_ROWS, feed, landing, None, rows[-1]["landing"])
        if not rows:
            return
        for batch in _batches(rows):
            yield Again(batch[-1]["landing"], _landed(batch), batch)
        landing = rows[-1]["landing"]


def _batches(rows: Sequence[asyncpg.Record]) -> list[list[asyncpg.Record]]:
    """Whole landings together, as long as nothing in one of them would be seen too early by those before it."""
    batches: list[list[asyncpg.Record]] = []
    keys: set[tuple[str, str]] = set()
    for _, each in groupby(rows, key=lambda row: row["landing"]):
        landing = list(each)
        own = {(row["kind"], row["id"]) for row in landing}
        changes = any(row["newest"] is not None and row["kind"] in _READ_BY_OTHERS for row in landing)
        if not batches or changes or keys & own or len(batches[-1]) + len(landing) > _MOST:
            batches.append([])
            keys = set()
        batches[-1] += landing
        keys |= own
    return batches


def _landed(rows: Sequence[asyncpg.Record]) -> list[Landed]:
    last = {(row["kind"], row["id"]): row["version"] for row in rows}
    return [
        Landed(
            kind=row["kind"],
            id=row["id"],
            version=row["version"],
            source=row["source"],
            position=row["position"],
            recorded_at=row["recorded_at"],
            landed_at=row["landed_at"],
            first_landed_at=row["first_at"] or row["landed_at"],
            digest=row["digest"],
            body=row["body"],
            newest=(row["newest"] is None or row["version"] > row["newest"])
            and row["version"] == last[row["kind"], row["id"]],
            known_person=row["whose"],
            follows=row["newest"] is not None,
        )
        for row in rows
    ]
