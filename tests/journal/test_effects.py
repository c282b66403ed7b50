"""What must be done once is done once, however often its entry comes, and not at all if its batch did not happen."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from innsyn.journal.effects import key_for, once


@pytest.fixture
async def two(worker_dsn: str) -> AsyncIterator[list[asyncpg.Connection]]:
    found = [await asyncpg.connect(worker_dsn) for _ in range(2)]
    try:
        yield found
    finally:
        for each in found:
            await each.close()


async def test_an_effect_is_had_once_of_each_thing(two: list[asyncpg.Connection]) -> None:
    db = two[0]
    nudge, other = key_for("nudge", "kari", "entry", 1), key_for("nudge", "ola", "entry", 1)
    assert [await once(db, key) for key in (nudge, nudge, other, nudge)] == [True, False, True, False]


async def test_what_was_rolled_back_is_done_when_it_comes_again(two: list[asyncpg.Connection]) -> None:
    db, key = two[0], key_for("nudge", "kari", "entry", 2)
    transaction = db.transaction()
    await transaction.start()
    assert await once(db, key)
    await transaction.rollback()
    assert await once(db, key)


@pytest.mark.parametrize("happens", [True, False])
async def test_two_at_once_wait_for_each_other(two: list[asyncpg.Connection], happens: bool) -> None:
    key = key_for("nudge", "kari", "entry", 3)
    transaction = two[0].transaction()
    await transaction.start()
    assert await once(two[0], key)
    second = asyncio.create_task(once(two[1], key))
    async with asyncio.timeout(10):
        while not await two[0].fetchval(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE pid = $1 AND NOT granted)", two[1].get_server_pid()
        ):
            await asyncio.wait({second}, timeout=0.005)
        await (transaction.commit() if happens else transaction.rollback())
        assert await second is not happens


def test_a_key_tells_nothing_and_keeps_its_parts_apart() -> None:
    assert key_for("a", "bc") != key_for("ab", "c")
    assert len(key_for("nudge", "12846813010")) == 32
