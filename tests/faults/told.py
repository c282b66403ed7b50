"""A journal with many people that says more and more as time goes: `python -m faults.told PORT SEED ENTRIES SECONDS`.

What it says is drawn from the seed alone, so that whoever checks knows it too: versions that follow each other, and now
and then one that is gone.
"""

import random
import sys
import time
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import parse_qs

import msgspec
import uvicorn

PEOPLE = 60
_SOURCES = (
    b'[{"source":"st-olavs","name":"St. Olavs hospital"},{"source":"legekontoret","name":"Legekontoret"}]'
)
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


def entry(seq: int, one: Version) -> Mapping[str, Any]:
    """As the sequence feed says it."""
    head = {
        "seq": seq,
        "source": ("st-olavs", "legekontoret")[seq % 2],
        "kind": one.kind,
        "id": one.id,
        "version": one.version,
        "recorded": "2026-11-20T08:00:00Z",
        "subject": f"Patient/p{one.person}",
    }
    return head | ({"deleted": True} if one.gone else {"resource": _resource(one)})


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


class Journal:
    """`/feed?seq=&limit=` and `/sources`; what is said grows from nothing to everything in `seconds`."""

    def __init__(self, seed: int, entries: int, seconds: float) -> None:
        self._said = said(seed, entries)
        self._seconds = seconds
        self._began = time.monotonic()

    async def __call__(self, scope: Any, _receive: Any, send: Any) -> None:  # noqa: ANN401 - as ASGI has it
        body = _SOURCES
        if scope["path"] == "/feed":
            asked = parse_qs(scope["query_string"].decode())
            body = self._page(int(asked["seq"][0]), int(asked["limit"][0]))
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _page(self, seq: int, limit: int) -> bytes:
        share = (time.monotonic() - self._began) / self._seconds
        last = min(len(self._said), PEOPLE + int(share * (len(self._said) - PEOPLE)))
        entries = [entry(number, self._said[number - 1]) for number in range(seq, min(seq + limit, last + 1))]
        return msgspec.json.encode({"entries": entries, "last": last})


if __name__ == "__main__":
    port, seed, entries, seconds = sys.argv[1:]
    uvicorn.run(
        Journal(int(seed), int(entries), float(seconds)),
        host="127.0.0.1",
        port=int(port),
        access_log=False,
        log_level="warning",
        lifespan="off",
    )
