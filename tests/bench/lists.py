"""A list of fifty, as JSON and as a page, beside the same query with nothing around it.

Eight connections, each a citizen of her own; servers take turns (A, B, A, B …) and the median of the rounds counts, so
that what else the machine does falls on all of them. Client, server and database share its cores. CPU beside the
figures is that of server and database for one request: steadier than time where others use the machine too.
"""

import asyncio
from dataclasses import dataclass, field
from statistics import median

import asyncpg

from bench.figures import Figure, at_least, at_most
from bench.installation import Installation, Process, Session, installation
from bench.load import Answered, Asked, load
from bench.population import log_in, populate

CONNECTIONS = 8
PEOPLE = 500
ROUNDS = 5
SECONDS = 1.5


@dataclass
class Turn:
    """One of those that take turns, and what it answered in each round."""

    server: Process
    asked: list[Asked]
    found: list[Answered] = field(default_factory=list)
    spent: list[float] = field(default_factory=list)

    def take(self, at: Installation) -> None:
        """Answer for a round."""
        before = at.cpu_seconds(self.server)
        found = load(at, self.server.port, self.asked, SECONDS)
        self.found.append(found)
        self.spent.append((at.cpu_seconds(self.server) - before) / found.requests)

    @property
    def per_second(self) -> float:
        """Requests, median of the rounds."""
        return median(each.per_second for each in self.found)

    @property
    def spread(self) -> float:
        """p99 / p50, median of the rounds."""
        return median(each.p99 / each.p50 for each in self.found)

    def __str__(self) -> str:
        p50, p99 = (median(getattr(each, name) for each in self.found) * 1000 for name in ("p50", "p99"))
        spent = median(self.spent) * 1000
        size = self.found[0].size / 1000
        return f"{self.per_second:.0f}/s, p50 {p50:.1f}, p99 {p99:.1f} ms, CPU {spent:.2f} ms, {size:.1f} kB"


def measure() -> list[Figure]:
    """The ratios of a list of fifty."""
    with installation() as at:
        at.database("lists")
        sessions = asyncio.run(_people(at))
        web, bare = at.web("lists"), at.bare("lists")
        turns = _turns(web, bare, sessions)
        for each in turns.values():
            load(at, each.server.port, each.asked, 1.0)  # compiled, connected, prepared
        for _ in range(ROUNDS):
            for each in turns.values():
                each.take(at)
        return _figures(turns)


async def _people(at: Installation) -> list[Session]:
    db = await asyncpg.connect(at.server.dsn("postgres", "lists"))
    try:
        await populate(db, people=PEOPLE)
        return await log_in(db, CONNECTIONS)
    finally:
        await db.close()


def _turns(web: Process, bare: Process, sessions: list[Session]) -> dict[str, Turn]:
    return {
        "bare": Turn(bare, [Asked(f"/?{each.person_id}") for each in sessions]),
        "json": Turn(web, [Asked("/api/entries", each.cookie) for each in sessions]),
        "page": Turn(web, [Asked("/journal?rows=50", each.cookie) for each in sessions]),
    }


def _figures(turns: dict[str, Turn]) -> list[Figure]:
    bare, json, page = (turns[name] for name in ("bare", "json", "page"))
    return [
        at_least("JSON list of 50 / bare list", 0.5, json.per_second / bare.per_second, beside=f"{json}"),
        at_least("page of 50 rows / bare list", 0.4, page.per_second / bare.per_second, beside=f"{page}"),
        at_most("JSON list: p99 / p50", 3, json.spread, beside=f"{CONNECTIONS} connections"),
        at_most("page: p99 / p50", 3, page.spread, beside=f"bare: {bare}"),
    ]
