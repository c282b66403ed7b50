"""A feed that is subscribed to a stand-in journal, with an open ear and a clock of its own."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx

from innsyn.journal.port import Entry, Unusable
from innsyn.journal.subscription import SubscriptionFeed
from innsyn.journal.subscription_endpoint import PATH, Notifications, listening
from innsyn.journal.subscription_promise import Wish
from innsyn.journal.subscription_reading import Fhir
from journal.said_by_subscription import Memory as Remembered
from journal.standing_in import StandIn, standing_in

TOPIC = "urn:innsyn:topic:journal"


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Listening:
    """A feed that is subscribed to a stand-in journal, with an open ear."""

    def __init__(
        self, source: StandIn, http: httpx.AsyncClient, memory: Remembered, port: int, clock: Clock
    ) -> None:
        self.source, self.memory, self.clock = source, memory, clock
        self.http = http
        self.port = port
        self.notifications = Notifications(clock)

    def feed(self) -> SubscriptionFeed:
        wish = Wish(TOPIC, f"http://127.0.0.1:{self.port}{PATH}", heartbeat=30)
        fhir = Fhir(f"{self.source.address}/fhir", self.http)
        return SubscriptionFeed("journal", fhir, wish, self.memory, self.notifications, source="region")

    async def go_wrong(self, **faults: object) -> None:
        answer = await self.http.post(f"{self.source.address}/subscriptions/faults", json=faults)
        answer.raise_for_status()

    async def until_told(self, number: int) -> None:
        await eventually(lambda: self.notifications.told >= number)


async def eventually(done: Callable[[], bool | Awaitable[bool]], seconds: float = 20) -> None:
    """Wait until it is so; fail when it never is."""
    end = time.monotonic() + seconds
    while True:
        told = done()
        if told if isinstance(told, bool) else await told:
            return
        assert time.monotonic() < end, "It never became so."
        await asyncio.sleep(0.02)


@asynccontextmanager
async def subscribed(http: httpx.AsyncClient, *resources: dict[str, Any]) -> AsyncIterator[Listening]:
    clock = Clock()
    async with standing_in(*resources) as source:
        here = Listening(source, http, Remembered(), 0, clock)
        async with listening(here.notifications, "127.0.0.1", 0) as port:
            here.port = port
            yield here


def told(found: list[Entry | Unusable]) -> list[tuple[int, str, str | None]]:
    """(position, id, what it says) of each."""
    return [
        (one.position, one.id, json.loads(one.resource)["code"]["text"] if one.resource else None)
        for one in found
        if isinstance(one, Entry)
    ]
