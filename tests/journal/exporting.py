"""Export servers of the tests, and an export from one."""

import json
from collections.abc import Callable

import httpx

from innsyn.journal.bulk_asking import Asking, Patience
from innsyn.journal.bulk_export import BulkExport, Order
from innsyn.journal.letting_in import EVERYBODY, LetIn
from journal.said import an_observation
from journal.serving import Answer, Asked

LINES = {"content-type": "application/fhir+ndjson"}
TWO = [an_observation("one").body or b"", an_observation("two").body or b""]


class Pauses:
    """Waits for nothing, and remembers how long it should have been."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


def export_from(
    group: str,
    http: httpx.AsyncClient,
    *,
    since: str = "",
    patience: Patience | None = None,
    let_in: LetIn = EVERYBODY,
    also_at: tuple[str, ...] = (),
) -> BulkExport:
    def asking() -> Asking:
        waits = patience or Patience(sleep=Pauses())
        return Asking(group, http, let_in=let_in, also_at=also_at, patience=waits)

    return BulkExport("e", Order(group, "gp", since), asking)


def manifest_of(answer: Answer, **manifest: object) -> Callable[[Asked], Answer]:
    """An export with this manifest, and one file."""
    told = {"transactionTime": "2026-11-23T12:00:00Z", "requiresAccessToken": True} | manifest

    def answering(request: Asked) -> Answer:
        if request.path.endswith("$export"):
            return Answer(status=202, headers={"content-location": "/x"})
        if request.path == "/x":
            return Answer(json.dumps(told).replace("BASE", request.base).encode())
        return answer

    return answering
