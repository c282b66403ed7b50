"""Bulk Data export of the journal: one snapshot per order, kept until the client deletes it."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

import msgspec
from litestar import Request, Response, post
from litestar.datastructures import State
from litestar.params import FromPath

from standins.journal.sequence import Entry, Journal, instant
from standins.journal.taken import Resource

_encode = msgspec.json.Encoder(decimal_format="number").encode


@dataclass
class Export:
    """One order: a snapshot fixed by `until`. Files are made at the first poll; the second finds them."""

    request: str
    until: int
    at: datetime
    since: datetime | None
    kinds: frozenset[str]
    patients: frozenset[str] = frozenset()
    elements: frozenset[str] = frozenset()
    files: dict[str, bytes] | None = None
    counts: dict[str, int] = field(default_factory=dict)


class Exports:
    """The orders that are open."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._open: dict[str, Export] = {}

    def order(
        self,
        request: str,
        since: datetime | None,
        kinds: frozenset[str],
        patients: frozenset[str] = frozenset(),
        elements: frozenset[str] = frozenset(),
    ) -> str:
        """Fix a snapshot of the journal as it is now and return the key of the order."""
        key, journal = uuid4().hex, self._journal
        self._open[key] = Export(request, journal.last, journal.newest, since, kinds, patients, elements)
        return key

    def find(self, key: str) -> Export | None:
        """An open order, or None when it was never made or has been deleted."""
        return self._open.get(key)

    def prepare(self, export: Export) -> None:
        """Write the files of the snapshot."""
        lines: dict[str, list[bytes]] = defaultdict(list)
        for entry in self._changed(export):
            if entry.resource is not None:
                lines[entry.taken.kind].append(_encode(_some_of(entry.resource, export.elements)))
            elif export.since is not None:
                lines["deleted"].append(_encode(_deletion(entry)))
        export.files = {kind: b"\n".join(found) + b"\n" for kind, found in sorted(lines.items())}
        export.counts = {kind: len(found) for kind, found in lines.items()}

    def close(self, key: str) -> bool:
        """Forget an order and its files; False when there was none."""
        return self._open.pop(key, None) is not None

    def _changed(self, export: Export) -> list[Entry]:
        first = self._journal.position_at(export.since) if export.since else 0
        newest = self._journal.current(export.until)
        return [
            entry
            for entry in newest
            if entry.seq > first
            and (not export.kinds or entry.taken.kind in export.kinds)
            and (not export.patients or entry.taken.subject in export.patients)
        ]


def manifest(export: Export, base: str) -> Resource:
    """The manifest of a finished export; `base` is where its files are."""
    output = [
        {"type": kind, "url": f"{base}/{kind}.ndjson", "count": count}
        for kind, count in sorted(export.counts.items())
    ]
    return {
        "transactionTime": instant(export.at),
        "request": export.request,
        "requiresAccessToken": False,
        "output": [file for file in output if file["type"] != "deleted"],
        "deleted": [file | {"type": "Bundle"} for file in output if file["type"] == "deleted"],
        "error": [],
    }


def _some_of(resource: Resource, elements: frozenset[str]) -> Resource:
    if not elements:
        return resource
    return {name: value for name, value in resource.items() if name in elements | {"resourceType", "id"}}


def _deletion(entry: Entry) -> Resource:
    request = {"method": "DELETE", "url": f"{entry.taken.kind}/{entry.taken.id}"}
    return {"resourceType": "Bundle", "type": "transaction", "entry": [{"request": request}]}


@post("/fhir/Group/{group:str}/$export", status_code=202)
async def order_for_patients(
    request: Request[Any, Any, State], state: State, group: FromPath[str]
) -> Response[Resource]:
    """An export ordered with Parameters: the only way to ask for some `patient` of the group alone."""
    parameters = await request.json()
    told = [(each["name"], each) for each in parameters["parameter"]]
    patients = frozenset(each["valueReference"]["reference"] for name, each in told if name == "patient")
    since = next(
        (datetime.fromisoformat(each["valueInstant"]) for name, each in told if name == "_since"), None
    )
    del group
    key = state.exports.order(str(request.url), since, frozenset(), patients)
    return Response(
        {}, status_code=202, headers={"content-location": f"{request.base_url}fhir/exports/{key}"}
    )
