"""A server of topic subscriptions that says what it is told to, broken or not, and notifies nobody."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from innsyn.journal.port import Feed
from innsyn.journal.subscription import SubscriptionFeed
from innsyn.journal.subscription_endpoint import Notifications
from innsyn.journal.subscription_kept import Kept
from innsyn.journal.subscription_promise import Wish
from innsyn.journal.subscription_reading import Fhir
from journal.serving import Answer, Answering, Asked, served

if TYPE_CHECKING:
    from journal.said import Said

FHIR = {"content-type": "application/fhir+json"}


class Memory:
    """What the worker would keep in its database."""

    def __init__(self) -> None:
        self.kept: Kept | None = None
        self.gaps: list[tuple[int, int]] = []

    async def read(self) -> Kept | None:
        return self.kept

    async def keep(self, kept: Kept) -> None:
        self.kept = kept

    async def gap(self, after: int, until: int) -> None:
        self.gaps.append((after, until))


@asynccontextmanager
async def topic_subscription(said: "list[Said]", folder: Path) -> AsyncIterator[Feed]:
    del folder
    with served(subscription_of(said)) as address:
        async with httpx.AsyncClient(trust_env=False) as http:
            notifications, wish = Notifications(), Wish("urn:topic", "http://127.0.0.1:1/subscription")
            fhir = Fhir(f"{address}/fhir", http)
            yield SubscriptionFeed("s", fhir, wish, Memory(), notifications, source="st-olavs")


def subscription_of(said: "list[Said]") -> Answering:
    """All of it has happened since the subscription began; a resource is read as it was said last."""
    newest = {(one.kind, one.id): one for one in said}

    def answer(request: Asked) -> Answer:
        path = request.path.removeprefix("/fhir/")
        if path.startswith("Subscription"):
            return _of_the_subscription(request, path)
        if "_id" in request.query:
            wanted = request.query["_id"].split(",")
            bodies = [newest[path, id_].body or b"" for id_ in wanted]
            entries = b",".join(b'{"resource":' + body + b"}" for body in bodies if body)
            return Answer(b'{"resourceType":"Bundle","entry":[' + entries + b"]}", headers=FHIR)
        kind, _, id_ = path.partition("/")
        body = newest[kind, id_].body
        return Answer(status=410, headers=FHIR) if body is None else Answer(body, headers=FHIR)

    def _of_the_subscription(request: Asked, path: str) -> Answer:
        if not path.endswith("$events"):
            status = 201 if request.method == "POST" else 200
            return Answer(b'{"resourceType":"Subscription","id":"one"}', status=status, headers=FHIR)
        since, until = int(request.query["eventsSinceNumber"]), int(request.query["eventsUntilNumber"])
        events = [_event(number, one) for number, one in enumerate(said, 1) if since <= number <= until]
        return Answer(json.dumps(bundle(len(said), events)).encode(), headers=FHIR)

    return answer


def bundle(total: int, events: list[dict[str, object]], kind: str = "query-event") -> dict[str, object]:
    parameters = [
        {"name": "type", "valueCode": kind},
        {"name": "status", "valueCode": "active"},
        {"name": "events-since-subscription-start", "valueString": str(total)},
        *events,
    ]
    status = {"resourceType": "Parameters", "parameter": parameters}
    return {"resourceType": "Bundle", "type": "history", "entry": [{"resource": status}]}


def _event(number: int, one: "Said") -> dict[str, object]:
    focus = {"name": "focus", "valueReference": {"reference": f"{one.kind}/{one.id}"}}
    told = {"name": "event-number", "valueString": str(number)}
    return {"name": "notification-event", "part": [told, focus]}
