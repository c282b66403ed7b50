"""The worker hears of a wish at once, and none falls between a wish and a batch that is being written."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import asyncpg
import pytest

from innsyn.embedded_postgres import Server
from innsyn.journal import landing
from innsyn.records.own_wishes import following
from innsyn.records.own_wishes.applying import catch_up
from world import KARI, World, patient, result

WITHIN_SECONDS = 5
ASKED = {"lab_results": "asked", "imaging": "at_once", "notes": "at_once"}


@pytest.fixture
async def another_worker(postgres: Server, fresh_database: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection of the worker's role beside that of the intake."""
    connection = await asyncpg.connect(postgres.dsn("innsyn_worker", fresh_database))
    yield connection
    await connection.close()


async def waits_for_a_lock(world: World) -> bool:
    waiting = (
        "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND relation = 'journal.position'::regclass)"
    )
    return bool(await world.owner.fetchval(waiting))


async def test_it_is_woken_by_the_wish_itself(
    world: World, another_worker: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Not by looking now and then.
    monkeypatch.setattr(following, "_LOOK_AGAIN_SECONDS", 3600.0)
    await world.take(patient("kari", KARI, "Kari"))
    kari, stop = await world.log_in(KARI), asyncio.Event()
    keeping = asyncio.create_task(following.keep_up(another_worker, stop))
    for _ in range(2):
        await kari.post("/access/wishes", data=ASKED)
        async with asyncio.timeout(WITHIN_SECONDS):
            while await world.owner.fetchval("SELECT EXISTS (SELECT FROM access.wish_due)"):
                continue
    stop.set()
    async with asyncio.timeout(WITHIN_SECONDS):
        await keeping


async def test_a_batch_that_has_read_the_wishes_before_is_waited_for(
    world: World, another_worker: asyncpg.Connection
) -> None:
    await world.take(patient("kari", KARI, "Kari"), result("a", "kari", "CRP"))
    kari = await world.log_in(KARI)
    batch = world.worker.transaction()
    await batch.start()
    # The batch is being written: it has found no wish.
    await landing.hold(world.worker, "journal", "", datetime.now(UTC))
    await kari.post("/access/wishes", data=ASKED)
    catching = asyncio.create_task(catch_up(another_worker))
    async with asyncio.timeout(WITHIN_SECONDS):
        while not await waits_for_a_lock(world):
            assert not catching.done()
            await asyncio.wait([catching], timeout=0)
    # And writes something that came after the wish.
    await world.worker.execute(
        "UPDATE record.entry SET landed_at = clock_timestamp(), recorded_at = clock_timestamp()"
    )
    await batch.commit()
    assert await catching == 1
    [line] = (await kari.get("/api/entries")).json()["entries"]
    assert line["withheld"] == "own_wish_asked"
