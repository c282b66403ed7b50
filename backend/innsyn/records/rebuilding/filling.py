"""Filling the next read model: batch by batch, each in a transaction with how far it has come."""

from collections.abc import Callable, Sequence
from typing import Final
from uuid import UUID

import asyncpg

from innsyn.journal import landing
from innsyn.journal.versions import Landed
from innsyn.records.applying import apply
from innsyn.records.projecting import Registry
from innsyn.records.rebuilding import raw
from innsyn.records.rebuilding.beside import WORK, Beside
from innsyn.records.rebuilding.projecting import ProjectingAgain
from innsyn.records.tally import name_of_entry

Told = Callable[[int], None]

_FEEDS: Final = (
    "SELECT DISTINCT feed FROM journal.turn UNION SELECT DISTINCT feed FROM journal.position ORDER BY 1"
)
_DONE: Final = f"SELECT landing FROM {WORK}.progress WHERE feed = $1"  # noqa: S608 - our own name
_DO: Final = f"""
    INSERT INTO {WORK}.progress (feed, landing) VALUES ($1, $2)
    ON CONFLICT (feed) DO UPDATE SET landing = excluded.landing
"""  # noqa: S608 - our own name
_WHOSE: Final = """
    SELECT r.kind, r.id, r.version, r.person_id FROM journal.resource r
    JOIN unnest($2::text[], $3::text[]) given (kind, id) ON r.kind = given.kind AND r.id = given.id
    WHERE r.feed = $1
"""
_FROM_THE_FIRST: Final = -(2**62)


class Filling:
    """Takes in everything that has landed once more. One per connection: it remembers as an intake does."""

    def __init__(self, db: Beside, registry: Registry, told: Told = lambda _: None) -> None:
        self._db, self._registry, self._told = db, registry, told
        self._projecting: dict[str, ProjectingAgain] = {}

    async def catch_up(self) -> int:
        """Everything that has landed and is not in it yet. Returns how many versions that was."""
        versions = 0
        for row in await self._db.plainly(_FEEDS):
            versions += await self._catch_up_with(row["feed"])
        return versions

    async def _catch_up_with(self, feed: str) -> int:
        done = await self._db.plainly(_DONE, feed)
        versions = 0
        async for again in raw.landed_after(self._db, feed, done[0]["landing"] if done else _FROM_THE_FIRST):
            async with self._db.transaction():
                await self._take(feed, again)
                await self._db.plainly(_DO, feed, again.until)
            versions += len(again.landed)
            self._told(len(again.landed))
        return versions

    async def _take(self, feed: str, again: raw.Again) -> None:
        db = self._db
        await db.plainly("SELECT set_config('innsyn.landing', $1, true)", str(again.until))
        projecting = self._projecting.setdefault(feed, ProjectingAgain(feed, self._registry))
        projecting.whose = {
            (row["kind"], row["id"], row["version"]): row["person_id"]
            for row in again.rows
            if row["person_id"]
        }
        if any(each.follows for each in again.landed):
            # Rare enough, and then nothing that is remembered is too old.
            projecting.forget()
        fresh = [each for each in again.landed if each.newest]
        names = {name_of_entry(each) for each in fresh} | projecting.identifiers(fresh)
        keys = await landing.come(db, feed, names) - {each.key for each in fresh}
        waiting = await landing.newest(db, feed, keys) if keys else []
        await self._whose(feed, projecting, waiting)
        outcome = await projecting.project(db, [*fresh, *waiting])
        await apply(db, feed, projecting, outcome, again.landed)
        await landing.wait(db, feed, outcome.waiting_for)

    async def _whose(self, feed: str, projecting: ProjectingAgain, waiting: Sequence[Landed]) -> None:
        if waiting:
            kinds, ids = zip(*(each.key for each in waiting), strict=True)
            rows = await self._db.plainly(_WHOSE, feed, kinds, ids)
            projecting.whose = {**projecting.whose, **_persons(rows)}


def _persons(rows: Sequence[asyncpg.Record]) -> dict[tuple[str, str, int], UUID]:
    return {(row["kind"], row["id"], row["version"]): row["person_id"] for row in rows if row["person_id"]}
