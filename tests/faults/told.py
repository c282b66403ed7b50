"""A journal with many people that says more and more as time goes: `python -m faults.told PORT SEED ENTRIES SECONDS`.

What it says is drawn from the seed alone, so that whoever checks knows it too: versions that follow each other, and now
and then one that is gone.
"""

import random
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple

import uvicorn

from standins.journal.app import serving
from standins.journal.sequence import Journal
from standins.journal.taken import Taken, deleted, written

PEOPLE = 60
_KINDS = ("Observation", "Condition", "MedicationRequest")


class Version(NamedTuple):
    """One entry: `gone` says that the journal deleted it."""

    kind: str
    id: str
    version: int
    person: int
    gone: bool


@lru_cache(maxsize=1)
def said(seed: int, entries: int) -> list[Version]:
    """Everything, in its order: people first."""
    chance = random.Random(seed)
    all_ = [Version("Patient", f"p{number}", 1, number, gone=False) for number in range(PEOPLE)]
    versions: dict[int, int] = {}
    while len(all_) < entries:
        number = chance.randrange(entries // 2)
        version = versions[number] = versions.get(number, 0) + 1
        gone = version > 1 and chance.random() < 0.05
        all_.append(Version(_KINDS[number % 3], f"r{number}", version, number % PEOPLE, gone))
    return all_


def newest(seed: int, entries: int) -> dict[tuple[str, str], Version]:
    """What counts in the end of everything that is about somebody."""
    return {(each.kind, each.id): each for each in said(seed, entries) if each.kind != "Patient"}


def _resource(one: Version) -> Mapping[str, Any]:
    if one.kind == "Patient":
        return {"resourceType": "Patient", "id": one.id, "name": [{"family": "Nordli", "given": [one.id]}]}
    base = {
        "resourceType": one.kind,
        "id": one.id,
        "subject": {"reference": f"Patient/p{one.person}"},
    }
    named = {"text": f"{one.id} nr. {one.version}"}
    if one.kind == "Observation":
        category = [{"coding": [{"code": "laboratory"}]}]
        at = "2026-11-20T10:15:00+01:00"
        told = {"status": "final", "category": category, "code": named, "effectiveDateTime": at}
        return base | told | {"valueQuantity": {"value": one.version}}
    if one.kind == "Condition":
        return base | {"code": named, "recordedDate": "2026-11-20"}
    return base | {"status": "active", "intent": "order", "medicationCodeableConcept": named}


class Telling:
    """The stand-in journal, empty at first; what it says grows to everything in `seconds`."""

    def __init__(self, seed: int, entries: int, seconds: float) -> None:
        self._said, self._seconds = said(seed, entries), seconds
        self._journal = Journal([])
        self._serving = serving(self._journal, lambda: datetime.now(UTC), pace=1.0)
        self._began, self._told = time.monotonic(), 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - as ASGI has it
        if scope["type"] == "http":
            self._say()
        await self._serving(scope, receive, send)

    def _say(self) -> None:
        share = (time.monotonic() - self._began) / self._seconds
        last = min(len(self._said), PEOPLE + int(share * (len(self._said) - PEOPLE)))
        for number in range(self._told, last):
            self._journal.publish(_taken(self._said[number]))
        self._told = last


def _taken(one: Version) -> Taken:
    source, now = ("st-olavs", "legekontoret")[one.person % 2], datetime.now(UTC)
    if one.gone:
        return deleted(source, now, one.kind, one.id, f"Patient/p{one.person}")
    return written(source, now, dict(_resource(one)))


if __name__ == "__main__":
    port, seed, entries, seconds = sys.argv[1:]
    uvicorn.run(
        Telling(int(seed), int(entries), float(seconds)),
        host="127.0.0.1",
        port=int(port),
        access_log=False,
        log_level="warning",
    )
