"""A real NATS, filled by hand or by a relay, and a journal that can grow meanwhile."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field

import httpx
from nats.aio.client import Client

from innsyn.journal.jetstream import JetStreamFeed
from innsyn.journal.parts import PARTS, part_of
from innsyn.journal.port import Entry, Unusable
from innsyn.journal.relay import Stream, relay
from innsyn.journal.sequence import SequenceFeed
from innsyn.journal.stream_connection import LOST, connected
from innsyn.journal.stream_layout import ALL_PARTS
from innsyn.journal.stream_state import state_of
from journal.said import Said, an_observation, envelope
from journal.serving import Answer, Asked, pages_of, served

KARI = part_of("Patient/kari")
DEADLINE_SECONDS = 20.0


@dataclass
class Growing:
    """A journal over HTTP that says more as time goes by: of twenty persons, one after the other."""

    address: str = ""
    envelopes: list[bytes] = field(default_factory=list)

    def say(self, count: int) -> None:
        for seq in range(len(self.envelopes) + 1, len(self.envelopes) + 1 + count):
            self.tell(an_observation(f"number-{seq}"), f"Patient/number-{seq % 20}")

    def tell(self, said: Said, subject: str = "Patient/kari") -> None:
        self.envelopes.append(envelope(len(self.envelopes) + 1, said, subject=subject))

    def ids_of(self, part: str) -> list[str]:
        """What is in a part, in order, as the numbers in its names."""
        return [
            f"number-{seq}"
            for seq in range(1, len(self.envelopes) + 1)
            if part_of(f"Patient/number-{seq % 20}", PARTS) == part
        ]


@contextmanager
def growing() -> Iterator[Growing]:
    journal = Growing()

    def answer(asked: Asked) -> Answer:
        return pages_of(list(journal.envelopes))(asked)

    with served(answer) as journal.address:
        yield journal


@asynccontextmanager
async def relaying(address: str, nats: str, *, page: int = 500, copies: int = 1) -> AsyncIterator[None]:
    """A relay at work until the end of the block."""
    stop = asyncio.Event()
    async with httpx.AsyncClient(trust_env=False) as http:
        task = asyncio.create_task(
            relay(SequenceFeed("journal", address, http, page=page), nats, stop, copies)
        )
        try:
            yield
        finally:
            stop.set()
            await asyncio.wait_for(task, DEADLINE_SECONDS)


async def fill(client: Client, journal: Growing) -> Stream:
    """All that the journal says now, put into the stream by hand."""
    stream = Stream(client)
    await stream.open(copies=1)
    async with httpx.AsyncClient(trust_env=False) as http:
        async for page in SequenceFeed("journal", journal.address, http).after(stream.reached):
            await stream.add(page)
    return stream


async def until(done: Callable[[], bool], otherwise: str, seconds: float = DEADLINE_SECONDS) -> None:
    end = asyncio.get_running_loop().time() + seconds
    while not done():
        assert asyncio.get_running_loop().time() < end, otherwise
        await asyncio.sleep(0.02)


async def until_reached(nats: str, number: int) -> None:
    """Wait until the journal is in the stream up to exactly this number."""
    end, reached = asyncio.get_running_loop().time() + DEADLINE_SECONDS, -1
    while reached != number:
        assert asyncio.get_running_loop().time() < end, f"the stream has {reached} of {number}"
        with suppress(*LOST):
            async with connected(nats, "test") as client:
                while (reached := (await state_of(client)).reached) != number:
                    assert asyncio.get_running_loop().time() < end, f"the stream has {reached} of {number}"
                    await asyncio.sleep(0.02)


async def everything_in(nats: str) -> dict[str, list[str]]:
    """The ids in each part that has any, in order."""
    found: dict[str, list[str]] = {}
    async with connected(nats, "test") as client:
        for part in ALL_PARTS:
            feed = JetStreamFeed("journal", client, part)
            if ids := [one.id async for batch in feed.after(0) for one in batch]:
                found[part] = ids
            await feed.close()
    return found


@dataclass
class Told:
    """What a feed said that it missed, and how often that it went back."""

    missed: list[tuple[int, int]] = field(default_factory=list)
    back: int = 0

    async def on_missed(self, after: int, until: int) -> None:
        self.missed.append((after, until))

    async def on_back(self) -> None:
        self.back += 1


async def read(feed: JetStreamFeed, after: int = 0) -> list[Entry | Unusable]:
    return [one async for batch in feed.after(after) for one in batch]
