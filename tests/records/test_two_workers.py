"""Two workers on two parts of one feed: whatever one lands while the other is at work, nothing is missed."""

from collections.abc import AsyncIterator, Callable
from itertools import count
from typing import Any

import asyncpg
import pytest

from access.family import ELLA, citizen, parent
from innsyn.embedded_postgres import Server
from innsyn.journal.port import Entry, Unusable
from innsyn.worker import REGISTRY, Intake
from records.beside import Stopping, said, together
from records.test_parts import report, withheld
from world import FNR, KARI, OLA, patient, result

Batch = list[Entry | Unusable]
Batches = tuple[Batch, Batch]


class Workers:
    """Two connections as the worker's, and one that sees everything."""

    def __init__(self, one: asyncpg.Connection, other: asyncpg.Connection, owner: asyncpg.Connection) -> None:
        self.one, self.other, self.owner = one, other, owner
        self.retaken = 0

    async def at_every_step(self, before: Batch, told: Batches, look: Callable[[str], Any]) -> None:
        """Stop the first before each of its statements, and the second too; then `look` at what is there."""
        for turned in (False, True):
            batches = (told[1], told[0]) if turned else told
            for at in count(1):
                feed = f"{turned}-{at}"
                await Intake(self.one, feed, REGISTRY).take(before)
                stopped, *_ = await together(self.one, self.other, feed, batches, at)
                await look(feed)
                if not stopped:
                    assert at > 10, "there were no steps to stop at"
                    break

    async def rows(self, feed: str, columns: str, table: str, where: str = "true") -> list[tuple[Any, ...]]:
        """Of what this feed has brought."""
        sql = f"""
            SELECT {columns} FROM {table} t WHERE {where} AND EXISTS (
                SELECT FROM identity.patient p WHERE p.person_id = t.person_id AND p.feed = $1)
            ORDER BY 1
        """  # noqa: S608
        return [tuple(row) for row in await self.owner.fetch(sql, feed)]


@pytest.fixture
async def workers(postgres: Server, fresh_database: str) -> AsyncIterator[Workers]:
    found = [
        await asyncpg.connect(postgres.dsn(role, fresh_database))
        for role in ("innsyn_worker", "innsyn_worker", "postgres")
    ]
    try:
        yield Workers(*found)
    finally:
        for each in found:
            await each.close()


def line_of(row: tuple[Any, ...]) -> str:
    return bytes(row[0]).decode()


PEOPLE = said(patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"))
VIK = {"resourceType": "Practitioner", "id": "vik", "name": [{"text": "Marit Vik"}]}


async def clear(workers: Workers) -> None:
    """Whose entries these were does not matter to the next step: entries are told apart by their feed."""
    await workers.owner.execute("DELETE FROM record.entry; DELETE FROM record.claim")


async def test_a_name_that_comes_while_somebody_begins_to_wait_for_it_is_shown(workers: Workers) -> None:
    performer = [{"reference": "Practitioner/vik"}]
    told = said(result("a", "kari", performer=performer), first=10), said(VIK, first=10)

    async def look(feed: str) -> None:
        [row] = await workers.rows(feed, "line", "record.entry")
        assert "Marit Vik" in line_of(row), feed
        assert await workers.owner.fetchval("SELECT count(*) FROM journal.waiting WHERE feed = $1", feed) == 0
        await clear(workers)

    await workers.at_every_step(PEOPLE, told, look)


async def test_a_patient_that_comes_while_somebody_looks_for_her_has_her_entry(workers: Workers) -> None:
    by_number: dict[str, Any] = {"subject": {"identifier": {"system": FNR, "value": KARI}}}
    told = (
        said(result("a", "", **by_number), result("b", "kari"), first=10),
        said(PEOPLE_OF["kari"], first=10),
    )

    async def look(feed: str) -> None:
        rows = await workers.rows(feed, "entry_id", "record.entry")
        assert len(rows) == 2, feed
        assert (
            await workers.owner.fetchval("SELECT count(*) FROM journal.quarantine WHERE feed = $1", feed) == 0
        )
        await clear(workers)

    await workers.at_every_step(said(PEOPLE_OF["ola"]), told, look)


PEOPLE_OF = {"kari": patient("kari", KARI, "Kari"), "ola": patient("ola", OLA, "Ola")}


async def test_two_versions_in_two_parts_are_never_two_peoples(workers: Workers) -> None:
    told = said(result("a", "kari"), first=10, version=1), said(result("a", "ola"), first=10, version=2)

    async def look(feed: str) -> None:
        whose = await workers.rows(feed, "person_id", "record.entry")
        moved = await workers.owner.fetch("SELECT reason FROM journal.quarantine WHERE feed = $1", feed)
        second = await workers.owner.fetchval(
            "SELECT person_id FROM identity.patient WHERE feed = $1 AND patient_id = 'ola'", feed
        )
        # The first to be taken in decides; a first version that comes last is only kept.
        expected = ([], ["moved_to_another_person"]) if moved else ([(second,)], [])
        assert (whose, [row["reason"] for row in moved]) == expected, feed
        await clear(workers)

    await workers.at_every_step(PEOPLE, told, look)


async def test_a_part_opens_no_earlier_than_a_whole_that_comes_at_the_same_time(workers: Workers) -> None:
    told = said(result("a", "kari"), first=10), said(report("r", "kari", ["a"], **withheld()), first=10)

    async def look(feed: str) -> None:
        rows = await workers.rows(feed, "release_at, panel_id IS NULL", "record.entry")
        assert len({row[0] for row in rows}) == 1, feed
        assert [row[1] for row in rows].count(False) == 1, feed
        await clear(workers)

    await workers.at_every_step(PEOPLE, told, look)


async def test_a_family_that_comes_in_two_parts_is_known_whole(workers: Workers) -> None:
    told = said(parent(ELLA, KARI), first=10), said(citizen(ELLA), first=10)

    async def look(feed: str) -> None:
        whom = "SELECT count(*) FROM access.relation WHERE feed = $1 AND subject_id IS NOT NULL"
        assert await workers.owner.fetchval(whom, feed) == 1, feed

    await workers.at_every_step(PEOPLE, told, look)


async def test_what_both_cannot_use_is_counted_twice(workers: Workers) -> None:
    odd = [{**result(name, "kari"), "valueQuantity": "odd"} for name in "ab"]
    told = said(odd[0], first=10), said(odd[1], first=10)
    kept = 0

    async def look(feed: str) -> None:
        nonlocal kept
        kept += 2
        missing = await workers.owner.fetchval("SELECT missing FROM journal.source WHERE source = 'st-olavs'")
        assert missing == kept, feed

    await workers.at_every_step(PEOPLE, told, look)


async def test_what_another_worker_changes_is_not_remembered_as_it_was(workers: Workers) -> None:
    performer = [{"reference": "Practitioner/vik"}]
    one = Intake(workers.one, "journal", REGISTRY, part="1")
    other = Intake(workers.other, "journal", REGISTRY, part="2")
    await one.take([*PEOPLE, *said(VIK, result("a", "kari", performer=performer), first=10)])
    await other.take(said({**VIK, "name": [{"text": "Marit Dahl"}]}, first=10))
    await one.take(said(result("b", "kari", performer=performer), first=20))
    lines = [line_of(row) for row in await workers.rows("journal", "line", "record.entry")]
    assert sorted("Marit Dahl" in line for line in lines) == [False, True]


async def test_each_part_has_a_position_of_its_own(workers: Workers) -> None:
    one = Intake(workers.one, "journal", REGISTRY, part="1")
    other = Intake(workers.other, "journal", REGISTRY, part="2")
    await one.take(PEOPLE)
    await other.take(said(VIK, first=70))
    assert (await one.position(), await other.position()) == (2, 70)
    assert await Intake(workers.one, "journal", REGISTRY).position() == 0


@pytest.mark.parametrize("times", [1, 4, 5])
async def test_a_batch_that_postgresql_gives_up_for_another_is_taken_in_again(
    workers: Workers, times: int
) -> None:
    class GivenUp(Stopping):
        """PostgreSQL ends its transaction, as of two that wait for each other."""

        left = times

        def __getattr__(self, name: str) -> Any:  # noqa: ANN401
            if name == "execute" and self.left:
                self.left -= 1
                raise asyncpg.DeadlockDetectedError
            return super().__getattr__(name)

    intake = Intake(GivenUp(workers.one, 0), "journal", REGISTRY)
    batch = [*PEOPLE, *said(result("a", "kari"), first=10)]
    if times == 5:
        with pytest.raises(asyncpg.DeadlockDetectedError):
            await intake.take(batch)
        assert await workers.owner.fetchval("SELECT count(*) FROM journal.resource") == 0
        return
    tally = await intake.take(batch)
    assert (tally.projected.total(), tally.balances) == (1, True)
    assert await workers.owner.fetchval("SELECT count(*) FROM journal.resource") == 3


async def test_two_that_wait_for_each_other_are_both_taken_in(workers: Workers) -> None:
    """The numbers of one family, in two parts and the other order: PostgreSQL gives one of the two up."""
    one = said(citizen(ELLA), parent(ELLA, KARI), first=10)
    other = said(
        PEOPLE_OF["kari"],
        {**parent(ELLA, ELLA), "patient": {"reference": "Patient/kari"}, "id": "x"},
        first=10,
    )
    for at in (12, 14, 16, 18, 20, 22, 24):
        feed = f"family-{at}"
        await together(workers.one, workers.other, feed, (one, other), at)
        landed = await workers.owner.fetchval("SELECT count(*) FROM journal.resource WHERE feed = $1", feed)
        assert landed == 4, at
