"""The real intake on a real PostgreSQL, between a stream that delivers at least once and a process that dies.

Everything that happens is drawn from one seed: the same seed is the same run. The process dies at any statement of a
transaction, between the commit and the acknowledgement, or not at all; the stream delivers again what was not
acknowledged, delivers twice, and mixes up the order of what lies close together.
"""

import random
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import asyncpg

from faults.story import Shown, Story, story
from innsyn.journal import effects
from innsyn.journal.port import Entry
from innsyn.records.entries import read_line
from innsyn.records.writing import entry_id
from innsyn.worker import REGISTRY, Intake

_MOST_STEPS = 60  # statements of a transaction after which the process dies, at the latest
_MOST_DELIVERIES = 400
# How often things go wrong.
_DIES, _DIES_BEFORE_ACKNOWLEDGING, _COMES_TWICE, _MIXED_UP = 0.3, 0.1, 0.3, 0.5


class Died(BaseException):
    """The process is gone."""


class Dying:
    """A connection whose process dies at a statement. `None` left: it lives."""

    def __init__(self, db: asyncpg.Connection) -> None:
        self._db, self.left = db, -1

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        found = getattr(self._db, name)
        return self._stepped(found) if name in {"fetch", "fetchrow", "fetchval", "execute"} else found

    def _stepped(self, method: Callable[..., Coroutine[Any, Any, Any]]) -> Callable[..., Any]:
        async def stepped(*given: object, **more: object) -> object:
            self.left -= 1
            if self.left == 0:
                raise Died
            return await method(*given, **more)

        return stepped


class Stream:
    """At least once: what was not acknowledged comes again, in about the order in which it was said."""

    def __init__(self, told: Sequence[Entry], chance: random.Random) -> None:
        self._told, self._chance = list(told), chance
        self._open = {each.position for each in told}

    def next(self) -> list[Entry]:
        """Some that are not acknowledged, and now and then some that are."""
        waiting = [each for each in self._told if each.position in self._open]
        near = waiting[: self._chance.randint(1, 6)]
        if self._chance.random() < _COMES_TWICE:
            near += self._chance.sample(self._told, min(2, len(self._told)))
        if self._chance.random() < _MIXED_UP:
            self._chance.shuffle(near)
        return near

    def acknowledge(self, batch: Sequence[Entry]) -> None:
        self._open -= {each.position for each in batch}

    @property
    def whole(self) -> bool:
        return not self._open


class Worker:
    """Takes in what the stream delivers, dies, and is started anew. Planted faults replace its methods."""

    def __init__(self, db: asyncpg.Connection, feed: str, stream: Stream, chance: random.Random) -> None:
        self.db, self.feed, self.stream, self.chance = Dying(db), feed, stream, chance
        self.deaths = 0
        self.start()

    def start(self) -> None:
        self.intake = Intake(self.db, self.feed, REGISTRY)

    async def run(self) -> None:
        """Until everything has been acknowledged."""
        for _ in range(_MOST_DELIVERIES):
            if self.stream.whole:
                return
            dies = self.chance.random() < _DIES
            self.db.left = self.chance.randint(1, _MOST_STEPS) if dies else -1
            try:
                await self.deliver(self.stream.next())
            except Died:
                self.deaths += 1
                self.start()
        raise AssertionError("the stream is never read to its end")

    async def deliver(self, batch: list[Entry]) -> None:
        """Take in, tell the world of it, acknowledge: dies between any two of them."""
        async with self.db.transaction():
            await self.intake.take(batch)
            for each in batch:
                await self.tell(each)
        if self.chance.random() < _DIES_BEFORE_ACKNOWLEDGING:
            raise Died
        self.stream.acknowledge(batch)

    async def tell(self, entry: Entry) -> None:
        """An effect that is not the same when it is done twice: one notice for every version."""
        key = effects.key_for(self.feed, entry.kind, entry.id, entry.version)
        if await effects.once(self.db, key):
            await self.db.execute("INSERT INTO notices VALUES ($1, $2)", self.feed, entry.position)


class FromPosition(Worker):
    """Reads a feed that remembers nothing: after a death it goes on behind the position that was committed."""

    def start(self) -> None:
        super().start()
        self._at: int | None = None

    async def run(self) -> None:
        """Until everything has been read."""
        told = self.stream._told
        for _ in range(_MOST_DELIVERIES):
            dies = self.chance.random() < _DIES
            self.db.left = self.chance.randint(1, _MOST_STEPS) if dies else -1
            try:
                if self._at is None:
                    self._at = await self.intake.position()
                batch = told[self._at : self._at + self.chance.randint(1, 6)]
                if not batch:
                    return
                await self.deliver(batch)
                self._at = batch[-1].position
            except Died:
                self.deaths += 1
                self.start()
        raise AssertionError("the feed is never read to its end")


async def run(db: asyncpg.Connection, seed: int, kind: type[Worker] = Worker) -> tuple[list[str], int]:
    """What is wrong after the run of this seed (nothing: an empty list), and how often the process died."""
    await db.execute("CREATE TABLE IF NOT EXISTS notices (feed text, position bigint)")
    chance, told = random.Random(seed), story(seed)
    feed = f"{kind.__name__}-{seed}"
    worker = kind(db, feed, Stream(told.told, chance), chance)
    await worker.run()
    return [f"seed {seed}: {each}" for each in await _wrong(db, feed, told)], worker.deaths


_THERE = """
    SELECT entry_id, external_id AS patient, version, line FROM record.entry
    JOIN (SELECT person_id, id AS external_id FROM journal.resource WHERE feed = $2 AND kind = 'Patient') AS whose
        USING (person_id)
    WHERE entry_id = ANY($1)
"""
_KEPT = "SELECT kind, id, version FROM journal.resource WHERE feed = $1"
_NOTICES = "SELECT position FROM notices WHERE feed = $1"
_POSITION = "SELECT position FROM journal.position WHERE feed = $1"


async def _wrong(db: asyncpg.Connection, feed: str, told: Story) -> list[str]:
    ids = {entry_id(feed, key): key for key in told.keys}
    there = {}
    for row in await db.fetch(_THERE, list(ids), feed):
        line = read_line(row["line"])
        there[ids[row["entry_id"]]] = Shown(row["patient"], row["version"], line.value, line.author)
    kept = {tuple(row) for row in await db.fetch(_KEPT, feed)}
    position = await db.fetchval(_POSITION, feed)
    notices = sorted(row["position"] for row in await db.fetch(_NOTICES, feed))
    found = []
    if there != told.shown:
        found.append(f"shown {there}, to be shown {told.shown}")
    if kept != told.landed:
        found.append(f"kept {sorted(kept ^ told.landed)} differ")
    if position != len(told.told):
        found.append(f"position {position} of {len(told.told)}")
    if notices != [each.position for each in told.told]:
        found.append(f"notices of {notices}")
    return found
