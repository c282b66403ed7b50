"""A thousand times: somebody reads while it is taken back. Nothing that began after that sees anything."""

import asyncio
import time
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from access.fullmakt.giving import given
from access.permits import handle, person_of, token_of
from innsyn.access.acting import Acts
from innsyn.access.fullmakt import commands
from innsyn.access.fullmakt.rules import Move
from innsyn.access.opening import NoAccess, ReadSession, who_is_here
from waiting import until
from world import KARI, OLA, World

ROUNDS = 1000
AGAIN = """
    WITH one AS (UPDATE access.fullmakt SET state = 'active', ended_at = NULL)
    UPDATE access.permit SET valid_until = '9999-01-01' WHERE origin = 'fullmakt'
"""


async def test_no_reading_that_began_after_it_was_taken_back(four: World) -> None:
    kari, ola = await four.log_in(KARI), await four.log_in(OLA)
    address = await given(kari, ola, "Kari Nordli", lasts="open")
    one = UUID(address.rsplit("/", 1)[1])
    karis = await handle(four, ola, await person_of(four, KARI))
    reads = ReadSession(four.web, token_of(ola), karis)
    acts = {"giver": Acts(four.web, token_of(kari)), "receiver": Acts(four.web, token_of(ola))}
    seen = after = 0
    for number in range(ROUNDS):
        await four.owner.execute(AGAIN)
        ready, over = asyncio.Event(), asyncio.Event()
        ending = acts["receiver" if number % 4 == 0 else "giver"]
        reading = asyncio.create_task(_read(reads, ready, over, wait=number % 3))
        ended = await _end(ending, one, ready, over)
        for begun, opened in await reading:
            seen += opened
            after += begun > ended
            assert not (opened and begun > ended), f"round {number}: read {begun - ended:.6f} s after"
    # The two have really met: readings before, and readings after, and none that slipped through.
    assert seen > ROUNDS / 2
    assert after >= ROUNDS


async def _read(
    reads: ReadSession, ready: asyncio.Event, over: asyncio.Event, wait: int
) -> list[tuple[float, bool]]:
    """Readings one after the other, (when it began, whether it opened), until one after the end."""
    found = []
    try:
        while True:
            last = over.is_set()
            begun = time.perf_counter()
            try:
                await reads.ask(who_is_here)
            except NoAccess:
                found.append((begun, False))
            else:
                found.append((begun, True))
            if len(found) >= wait:
                ready.set()
            if last:
                return found
    finally:
        # Nobody waits for a reading that has failed.
        ready.set()


async def _end(acts: Acts, one: UUID, ready: asyncio.Event, over: asyncio.Event) -> float:
    """End it while it is read; when that was done."""
    try:
        await ready.wait()
        async with acts.begin("fullmakt.end") as act:
            await commands.leave(act, one, Move.END)
        return time.perf_counter()
    finally:
        over.set()


async def test_taking_back_waits_for_the_reading_that_has_begun(four: World) -> None:
    kari, ola = await four.log_in(KARI), await four.log_in(OLA)
    address = await given(kari, ola, "Kari Nordli")
    karis = await handle(four, ola, await person_of(four, KARI))
    begin = "SELECT subject_id FROM access.begin_access($1, $2, 'test', NULL)"
    async with four.web.acquire() as reading:
        transaction = reading.transaction()
        await transaction.start()
        assert await reading.fetchval(begin, token_of(ola), karis) is not None
        ending = asyncio.create_task(kari.post(address, data={"do": "end"}))
        await _until_it_waits(ending, four.owner)
        # What has been opened is read to its end ...
        assert await reading.fetchval("SELECT count(*) FROM record.entry") == 2
        await transaction.commit()
        assert (await ending).status_code == 303
        # ... and what begins now sees nothing.
        assert await reading.fetchval(begin, token_of(ola), karis) is None


async def test_a_reading_that_meets_the_end_waits_and_sees_nothing(four: World) -> None:
    kari, ola = await four.log_in(KARI), await four.log_in(OLA)
    address = await given(kari, ola, "Kari Nordli")
    one = UUID(address.rsplit("/", 1)[1])
    karis = await handle(four, ola, await person_of(four, KARI))
    async with Acts(four.web, token_of(kari)).begin("fullmakt.end") as act:
        await commands.leave(act, one, Move.END)
        reading = asyncio.create_task(ReadSession(four.web, token_of(ola), karis).ask(who_is_here))
        await _until_it_waits(reading, four.owner)
    with pytest.raises(NoAccess):
        await reading


async def _until_it_waits(task: "asyncio.Task[Any]", owner: asyncpg.Connection) -> None:
    """Until the connection of the task waits for a lock of another. Fails when the task is done without."""

    async def waits() -> bool:
        assert not task.done(), "did not wait"
        return bool(await owner.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"))

    await until(waits, "it waits for a lock of another")
