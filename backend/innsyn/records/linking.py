"""Who the Patients of a batch are: by their numbers, and by which of them has been replaced by another."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import asyncpg
import msgspec

from innsyn.identity.merging import merge
from innsyn.identity.persons import Arrival, Assign, register
from innsyn.journal.fhir.resources import Patient
from innsyn.journal.lookup import Lookup, name_of
from innsyn.journal.versions import Landed
from innsyn.records.outcome import Bad, Outcome


def arrival(each: Landed, patient: Patient, lookup: Lookup) -> tuple[Landed, Arrival]:
    """A Patient as identity wants it. What it is replaced by is an id, or the name of what has not come."""
    by = {
        key[1] if (key := lookup.key(link.other)) is not None else name_of(link.other, "Patient")
        for link in patient.link
        if link.type == "replaced-by"
    }
    # Two that replace it are nobody: a name that nothing has.
    return each, Arrival(each.id, patient, each.known_person, " ".join(sorted(by - {"", each.id})))


async def link(
    db: asyncpg.Connection,
    feed: str,
    arrived: Sequence[tuple[Landed, Arrival]],
    assign: Assign | None,
    outcome: Outcome,
) -> Mapping[str, UUID]:
    """Who they are from now on, and others that follow them; what cannot be said of them is in `outcome`."""
    arrivals = [each for _, each in arrived]
    linked = await register(db, feed, arrivals, assign)
    merged = await merge(db, feed, arrivals, {each.id: each.person_id for each in linked})
    emptied = {each.patient_id: each.came_from for each in merged.moved if each.emptied}
    outcome.linked = [
        msgspec.structs.replace(
            each,
            person_id=merged.who[each.id],
            absorbed=(*each.absorbed, *([emptied[each.id]] if each.id in emptied else [])),
        )
        for each in linked
    ]
    outcome.moved += merged.moved
    outcome.waits += [(_name(other), ("Patient", id_)) for id_, other in merged.waits]
    outcome.changes |= bool(merged.moved) or any(each.absorbed for each in outcome.linked)
    for each, _ in arrived:
        if each.id not in merged.who:
            outcome.changes = True
            outcome.bad.append(Bad(each, "another_person", "its numbers are not those of one person"))
        elif each.id in merged.refused:
            outcome.bad.append(
                Bad(each, "replaced_by_another", "whoever is said to replace it is another person")
            )
    return {**merged.who, **{each.patient_id: each.person_id for each in merged.moved}}


def _name(other: str) -> str:
    return other if ":" in other or "?" in other or "/" in other else f"Patient/{other}"
