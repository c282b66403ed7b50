"""Whom an entry in quarantine is about: not enough to show it, enough to tell them that something is missing."""

import re
from collections.abc import Sequence
from typing import Final

import asyncpg
import msgspec

from innsyn.identity import persons
from innsyn.journal.quarantine import Quarantined
from innsyn.records.outcome import MOVED

# Of these the entry itself says two things, and nobody can tell which.
_OF_TWO: Final = frozenset({"two_patients", "another_person", MOVED})
# Also in what is too broken to be read: then it is a claim, and that is all it is used as.
_POINTS_AT: Final = re.compile(
    rb'"(?:subject|patient|for|beneficiary)"\s*:\s*\{[^{}]{0,500}?"reference"\s*:\s*"(?:[^"\s]{0,200}/)?'
    rb'Patient/([A-Za-z0-9\-.]{1,64})(?:/_history/[^"]{1,64})?"'
)
_MOST_BYTES: Final = 256 * 1024


async def told_of(db: asyncpg.Connection, feed: str, bad: Sequence[Quarantined]) -> list[Quarantined]:
    """The same, each with the person that it is about where the feed knows one."""
    pointed = {each.entry: patient for each in bad if (patient := _patient(each))}
    known = await persons.persons_of(db, feed, pointed.values()) if pointed else {}
    return [
        msgspec.structs.replace(each, person_id=known[pointed[each.entry]])
        if pointed.get(each.entry) in known
        else each
        for each in bad
    ]


def _patient(bad: Quarantined) -> str:
    if bad.person_id is not None or bad.reason in _OF_TWO or not bad.body:
        return ""
    if bad.kind == "Patient":
        return bad.id
    found = set(_POINTS_AT.findall(bad.body[:_MOST_BYTES]))
    return found.pop().decode() if len(found) == 1 else ""
