"""The stand-in journal as a server: sequence feed, services, Bulk Data, and a way to write."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import msgspec
from litestar import Litestar, Request, Response, delete, get, post
from litestar.datastructures import State
from litestar.exceptions import ClientException, NotFoundException
from litestar.params import FromPath, QueryParameter

from standins.journal import faults, fhir, subscriptions, terminology
from standins.journal.bulk import Exports, manifest, order_for_patients
from standins.journal.demo.people import PEOPLE
from standins.journal.demo.places import SOURCES
from standins.journal.demo.record import record
from standins.journal.desk import Desk
from standins.journal.faults import Faults
from standins.journal.fhir import Door
from standins.journal.keeping import Keeping, kept_in
from standins.journal.play import pages as play
from standins.journal.sequence import Journal, instant
from standins.journal.taken import Resource, Taken, deleted, written
from standins.journal.versions import versions

_JSON = "application/json"
_NDJSON = "application/fhir+ndjson"
_decode = msgspec.json.Decoder(dict[str, Any], float_hook=Decimal).decode

# One service is always behind, so that a reader meets it: what it wrote since may be missing.
_DELAYED, _BEHIND = "levanger-kommune", timedelta(hours=3, minutes=8)
_LAST_CONTACT = {
    "gp": 4,
    "hospital": 2,
    "laboratory": 3,
    "municipality": 11,
    "specialist": 26,
    "pharmacy": 15,
}

Clock = Callable[[], datetime]
Seq = Annotated[int, QueryParameter(ge=0)]
Limit = Annotated[int, QueryParameter(ge=1, le=1000)]


def create_app(
    today: date | None = None,
    clock: Clock = lambda: datetime.now(UTC),
    pace: float = 4.0,
    keep: Path | None = None,
) -> Litestar:
    """The journal seen from `today` (the clock's day when none is given), with what an earlier start has kept.

    `pace`: seconds for a step of what citizens have sent.
    """
    history = record(today or clock().date()) + (kept_in(keep) if keep else [])
    return serving(Journal(history), clock, pace, keep)


def serving(journal: Journal, clock: Clock, pace: float = 4.0, keep: Path | None = None) -> Litestar:
    """A journal that is already filled, behind HTTP."""
    publish_, desk = Keeping(journal, keep), Desk(journal)
    files = keep.with_suffix(".files") if keep else None
    state = State({"journal": journal, "exports": Exports(journal), "clock": clock, "started": clock()})
    state.update({"publish": publish_, "desk": desk, "faults": Faults()})
    state.door = Door(journal, desk, publish_, pace, clock(), files)
    handlers = [feed, sources, people, publish, order_export, poll_export, export_file, end_export]
    handlers += [order_for_patients, versions, *subscriptions.handlers]
    state.subscriptions = subscriptions.Subscriptions()
    return Litestar(
        [*handlers, *fhir.handlers, *terminology.handlers, *faults.handlers, play.router],
        state=state,
        openapi_config=None,
        lifespan=[subscriptions.telling],
    )


@get("/feed", sync_to_thread=False)
def feed(
    request: Request[Any, Any, State],
    state: State,
    seq: Seq = 1,
    limit: Limit = 500,
) -> Response[bytes]:
    """Entries from `seq` on, the same bytes each time; 304 when the client has them already."""
    state.door.advance(state.clock())
    body, etag = state.faults.page(state.journal, seq, limit)
    headers = {"etag": etag, "cache-control": "no-cache"}
    if request.headers.get("if-none-match") == etag:
        return Response(b"", status_code=304, headers=headers)
    return Response(body, media_type=_JSON, headers=headers)


@get("/sources", sync_to_thread=False)
def sources(state: State) -> list[dict[str, str | None]]:
    """Which services write in the journal, since when, and when the journal last heard from each."""
    now, delayed = state.clock(), state.started - _BEHIND
    return [
        {
            "source": source.key,
            "name": source.name,
            "service": source.service,
            "since": source.since.isoformat(),
            "contact": _seconds(
                delayed if source.key == _DELAYED else now - timedelta(minutes=_LAST_CONTACT[source.service])
            ),
            "delayed_since": _seconds(delayed) if source.key == _DELAYED else None,
        }
        for source in SOURCES
    ]


@get("/people", sync_to_thread=False)
def people() -> list[dict[str, str]]:
    """The demo citizens, for a login page to choose from."""
    return demo_people()


def demo_people() -> list[dict[str, str]]:
    """Key, name, synthetic identity number and one line about each demo citizen."""
    return [{"key": one.key, "name": one.name, "pid": one.pid, "about": one.about} for one in PEOPLE]


@post("/publish")
async def publish(request: Request[Any, Any, State], state: State) -> Response[bytes]:
    """Take in `{source, resource}` or `{source, deleted: {kind, id, subject}}` as the next entry."""
    try:
        wish = _decode(await request.body())
        taken = _taken(wish, state.clock())
    except (msgspec.DecodeError, KeyError, TypeError) as broken:
        raise ClientException(
            "publish wants source and resource (with resourceType and id), or deleted"
        ) from broken
    return Response(state.publish(taken), status_code=201, media_type=_JSON)


def _taken(wish: Resource, now: datetime) -> Taken:
    if wish["source"] not in {source.key for source in SOURCES}:
        raise ClientException("unknown source; see /sources")
    if gone := wish.get("deleted"):
        return deleted(wish["source"], now, gone["kind"], gone["id"], gone.get("subject"))
    return written(wish["source"], now, wish["resource"])


@get("/fhir/Group/{group:str}/$export", sync_to_thread=False)
def order_export(
    request: Request[Any, Any, State], state: State, group: FromPath[str]
) -> Response[dict[str, Any]]:
    """Order an export of everybody; `_since` and `_type` as in Bulk Data."""
    if "respond-async" not in request.headers.get("prefer", ""):
        return _outcome(400, f"Group/{group}: an export wants the header Prefer: respond-async")
    try:
        after = _instant(request.query_params.get("_since"))
    except ValueError:
        return _outcome(400, "_since is a FHIR instant, with its offset from UTC")
    kinds, elements = (
        frozenset(name for name in request.query_params.get(asked, "").split(",") if name)
        for asked in ("_type", "_elements")
    )
    key = state.exports.order(str(request.url), after, kinds, elements=elements)
    return Response(
        {}, status_code=202, headers={"content-location": f"{request.base_url}fhir/exports/{key}"}
    )


@get("/fhir/exports/{key:str}", sync_to_thread=False)
def poll_export(
    request: Request[Any, Any, State], state: State, key: FromPath[str]
) -> Response[dict[str, Any]]:
    """202 while the files are being written, then the manifest."""
    export = state.exports.find(key)
    if export is None:
        return _outcome(404, "no such export")
    if export.files is None:
        state.exports.prepare(export)
        return Response({}, status_code=202, headers={"x-progress": "writing files", "retry-after": "1"})
    return Response(manifest(export, f"{request.base_url}fhir/exports/{key}"))


@get("/fhir/exports/{key:str}/{name:str}", sync_to_thread=False)
def export_file(state: State, key: FromPath[str], name: FromPath[str]) -> Response[bytes]:
    """One NDJSON file of a finished export."""
    export = state.exports.find(key)
    content = (export.files or {}).get(name.removesuffix(".ndjson")) if export else None
    if content is None:
        raise NotFoundException
    return Response(content, media_type=_NDJSON)


@delete("/fhir/exports/{key:str}", status_code=202, sync_to_thread=False)
def end_export(state: State, key: FromPath[str]) -> None:
    """The client has what it needs."""
    if not state.exports.close(key):
        raise NotFoundException


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment


def _outcome(status: int, text: str) -> Response[dict[str, Any]]:
    issue = {"severity": "error", "code": "invalid", "diagnostics": text}
    return Response({"resourceType": "OperationOutcome", "issue": [issue]}, status_code=status)


def _seconds(moment: datetime) -> str:
    return instant(moment.replace(microsecond=0))
