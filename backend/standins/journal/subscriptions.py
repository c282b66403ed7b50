"""R4 topic subscriptions of the stand-in journal: handshake, heartbeat, notifications that go wrong on demand, $events.

http://hl7.org/fhir/uv/subscriptions-backport (1.1.0). There is one topic: everything that the journal takes in.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import uuid4

import httpx
import msgspec
from litestar import Litestar, Request, Response, delete, get, post, put
from litestar.datastructures import State
from litestar.params import FromPath

from standins.journal.sequence import Entry, Journal, instant
from standins.journal.taken import Resource

TOPIC = "urn:innsyn:topic:journal"
_FHIR_JSON = "application/fhir+json"
_LOOK_SECONDS = 0.05
_encode = msgspec.json.Encoder(decimal_format="number").encode


class Faults(msgspec.Struct):
    """Shares of notifications that are lost, sent twice or sent late; `forget`: events up to this number are gone."""

    drop: float = 0
    double: float = 0
    reorder: float = 0
    forget: int = 0
    silent: bool = False
    seed: int = 1


@dataclass
class Subscription:
    """One promise. Event number n is what the journal took in as number `began` + n."""

    id: str
    resource: Resource
    began: int
    status: str = "requested"
    sent: int = 0
    silent_for: float = 0
    late: list[int] = field(default_factory=list)

    @property
    def heartbeat(self) -> float:
        """Seconds between signs of life; 0 for none."""
        for extension in self.resource["channel"].get("extension", ()):
            if extension["url"].endswith("backport-heartbeat-period"):
                return float(extension["valueUnsignedInt"])
        return 0


class Subscriptions:
    """All promises of the journal, and what is to go wrong with them."""

    def __init__(self) -> None:
        self.open: dict[str, Subscription] = {}
        self.faults = Faults()
        self.random = Random(1)  # noqa: S311 - faults that come again with the same seed

    def ask(self, resource: Resource, journal: Journal, id_: str = "") -> Subscription:
        """A new promise, or one that is renewed: it keeps its number of events."""
        before = self.open.get(id_)
        wanted = Subscription(id_ or uuid4().hex, resource, before.began if before else journal.last)
        wanted.sent = before.sent if before else 0
        self.open[wanted.id] = wanted
        return wanted


@asynccontextmanager
async def telling(app: Litestar) -> AsyncIterator[None]:
    """Send what is to be told, as long as the journal runs."""
    async with httpx.AsyncClient(trust_env=False, timeout=5) as http:
        task = asyncio.create_task(_tell_all(app.state, http))
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def _tell_all(state: State, http: httpx.AsyncClient) -> None:
    while True:
        for one in list(state.subscriptions.open.values()):
            with suppress(httpx.HTTPError):
                await _tell(state.subscriptions, one, state.journal, http)
        await asyncio.sleep(_LOOK_SECONDS)


async def _tell(all_: Subscriptions, one: Subscription, journal: Journal, http: httpx.AsyncClient) -> None:
    total = journal.last - one.began
    if one.status == "requested":
        one.status = "active" if await _send(one, "handshake", total, [], http) else "error"
    if one.status != "active" or all_.faults.silent:
        return
    for number in range(one.sent + 1, total + 1):
        one.sent = number
        for told in _as_it_goes_wrong(all_, one, number):
            await _send(one, "event-notification", told, [_event(one, journal, told)], http)
    one.silent_for += _LOOK_SECONDS
    if one.heartbeat and one.silent_for >= one.heartbeat:
        await _send(one, "heartbeat", total, [], http)


def _as_it_goes_wrong(all_: Subscriptions, one: Subscription, number: int) -> list[int]:
    faults, random = all_.faults, all_.random
    if random.random() < faults.reorder:
        one.late.append(number)
        return []
    late, one.late = one.late, []
    if random.random() < faults.drop:
        return late
    return [number, *([number] if random.random() < faults.double else []), *late]


async def _send(
    one: Subscription, kind: str, total: int, events: list[Resource], http: httpx.AsyncClient
) -> bool:
    channel = one.resource["channel"]
    headers = dict(line.split(": ", 1) for line in channel.get("header", ()))
    one.silent_for = 0
    body = _encode(_bundle("history", one, kind, total, events))
    answer = await http.post(
        channel["endpoint"], content=body, headers=headers | {"content-type": _FHIR_JSON}
    )
    return answer.is_success


def _bundle(
    bundle: str,
    one: Subscription,
    kind: str,
    total: int,
    events: list[Resource],
    changed: list[Resource] | None = None,
) -> Resource:
    parameters: list[Resource] = [
        {"name": "subscription", "valueReference": {"reference": f"Subscription/{one.id}"}},
        {"name": "topic", "valueCanonical": TOPIC},
        {"name": "status", "valueCode": one.status},
        {"name": "type", "valueCode": kind},
        {"name": "events-since-subscription-start", "valueString": str(total)},
        *events,
    ]
    status = {"resourceType": "Parameters", "id": uuid4().hex, "parameter": parameters}
    request = {"method": "GET", "url": f"Subscription/{one.id}/$status"}
    first = {"fullUrl": f"urn:uuid:{uuid4()}", "resource": status, "request": request}
    return {"resourceType": "Bundle", "type": bundle, "entry": [first, *(changed or [])]}


def _event(one: Subscription, journal: Journal, number: int) -> Resource:
    entry = journal.entries[one.began + number - 1]
    parts: list[Resource] = [
        {"name": "event-number", "valueString": str(number)},
        {"name": "timestamp", "valueInstant": instant(entry.taken.recorded)},
        {"name": "focus", "valueReference": {"reference": f"{entry.taken.kind}/{entry.taken.id}"}},
    ]
    return {"name": "notification-event", "part": parts}


@post("/fhir/Subscription", status_code=201)
async def ask(request: Request[Any, Any, State], state: State) -> Response[Resource]:
    """Promise to tell of everything that is taken in from now on."""
    wished = await request.json()
    if wished.get("criteria") != TOPIC:
        return Response({"resourceType": "OperationOutcome", "issue": []}, status_code=422)
    one = state.subscriptions.ask(wished, state.journal)
    location = f"{request.base_url}fhir/Subscription/{one.id}/_history/1"
    return Response(_shown(one), status_code=201, headers={"location": location}, media_type=_FHIR_JSON)


@put("/fhir/Subscription/{key:str}")
async def renew(request: Request[Any, Any, State], state: State, key: FromPath[str]) -> Response[Resource]:
    """The same promise for another while; a handshake comes first, as with a new one."""
    if key not in state.subscriptions.open:
        return _not_there()
    one = state.subscriptions.ask(await request.json(), state.journal, key)
    return Response(_shown(one), media_type=_FHIR_JSON)


@get("/fhir/Subscription/{key:str}", sync_to_thread=False)
def show(state: State, key: FromPath[str]) -> Response[Resource]:
    """How a promise is. What is to be sent along with notifications is not shown."""
    one = state.subscriptions.open.get(key)
    return _not_there() if one is None else Response(_shown(one), media_type=_FHIR_JSON)


@delete("/fhir/Subscription/{key:str}", status_code=204, sync_to_thread=False)
def end(state: State, key: FromPath[str]) -> None:
    """No more of it."""
    state.subscriptions.open.pop(key, None)


@get("/fhir/Subscription/{key:str}/$status", sync_to_thread=False)
def status_of(state: State, key: FromPath[str]) -> Response[Resource]:
    """How a promise is, and how many events there were."""
    one = state.subscriptions.open.get(key)
    if one is None:
        return _not_there()
    total = state.journal.last - one.began
    return Response(_bundle("searchset", one, "query-status", total, []), media_type=_FHIR_JSON)


@get("/fhir/Subscription/{key:str}/$events", sync_to_thread=False)
def events_of(request: Request[Any, Any, State], state: State, key: FromPath[str]) -> Response[Resource]:
    """The events from `eventsSinceNumber` to `eventsUntilNumber`, as far as they are remembered."""
    one = state.subscriptions.open.get(key)
    if one is None:
        return _not_there()
    journal, total = state.journal, state.journal.last - one.began
    first = max(
        int(request.query_params.get("eventsSinceNumber", 1)), state.subscriptions.faults.forget + 1, 1
    )
    last = min(int(request.query_params.get("eventsUntilNumber", total)), total)
    numbers = range(first, last + 1)
    events = [_event(one, journal, number) for number in numbers]
    changed = [_changed(journal.entries[one.began + number - 1]) for number in numbers]
    bundle = _bundle("searchset", one, "query-event", total, events, changed)
    return Response(bundle, media_type=_FHIR_JSON)


def _changed(entry: Entry) -> Resource:
    url = f"{entry.taken.kind}/{entry.taken.id}"
    method = "DELETE" if entry.resource is None else "PUT"
    return {"fullUrl": url, "request": {"method": method, "url": url}, "response": {"status": "200"}}


@get("/fhir/{kind:str}/{key:str}", sync_to_thread=False)
def read(state: State, kind: FromPath[str], key: FromPath[str]) -> Response[bytes]:
    """A resource as it is now; 410 where it has been deleted."""
    entry = _newest(state.journal).get((kind, key))
    if entry is None:
        return Response(b"{}", status_code=404, media_type=_FHIR_JSON)
    etag = {"etag": f'W/"{entry.version}"'}
    if entry.resource is None:
        return Response(b"{}", status_code=410, headers=etag, media_type=_FHIR_JSON)
    return Response(_encode(entry.resource), headers=etag, media_type=_FHIR_JSON)


@get("/fhir/{kind:str}", sync_to_thread=False)
def search(request: Request[Any, Any, State], state: State, kind: FromPath[str]) -> Response[bytes]:
    """Those of `_id`."""
    newest = _newest(state.journal)
    entries = [newest.get((kind, id_)) for id_ in request.query_params.get("_id", "").split(",")]
    found = [
        {"resource": each.resource} for each in entries if each is not None and each.resource is not None
    ]
    bundle = {"resourceType": "Bundle", "type": "searchset", "total": len(found), "entry": found}
    return Response(_encode(bundle), media_type=_FHIR_JSON)


@post("/subscriptions/faults", status_code=200)
async def go_wrong(request: Request[Any, Any, State], state: State) -> dict[str, Any]:
    """What is to go wrong from now on."""
    state.subscriptions.faults = faults = msgspec.json.decode(await request.body(), type=Faults)
    state.subscriptions.random = Random(faults.seed)  # noqa: S311
    return msgspec.structs.asdict(faults)


def _newest(journal: Journal) -> dict[tuple[str, str], Entry]:
    return {(entry.taken.kind, entry.taken.id): entry for entry in journal.entries}


def _shown(one: Subscription) -> Resource:
    channel = {name: value for name, value in one.resource["channel"].items() if name != "header"}
    return one.resource | {"id": one.id, "status": one.status, "channel": channel}


def _not_there() -> Response[Resource]:
    return Response({"resourceType": "OperationOutcome", "issue": []}, status_code=404, media_type=_FHIR_JSON)


handlers = [ask, renew, show, end, status_of, events_of, read, search, go_wrong]
