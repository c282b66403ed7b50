"""The promise: what is sent can be read by whom it is sent to at that moment, and nothing is sent twice.

INNSYN_HISTORIES=10000 runs the property at its full size.
"""

import asyncio
import os
import random

import asyncpg
import pytest

from access.permits import permit, person_of
from innsyn.embedded_postgres import Server
from innsyn.notifications.sending.claiming import claim
from notifications.histories import STEPS, begin, forgotten, go_on, tell, told_too_often
from notifications.telling import MARTE, claimed, devices, now, people, queued
from waiting import until
from world import KARI, World, result

_HISTORIES = int(os.environ.get("INNSYN_HISTORIES", "1000"))
_AT_A_TIME = 1000


async def test_in_any_history_what_is_sent_is_readable_then_and_is_sent_once(world: World) -> None:
    seed = random.SystemRandom().randrange(2**32)
    choose = random.Random(seed)  # noqa: S311 - the same run again
    wrong: list[str] = []
    told = 0
    for first in range(0, _HISTORIES, _AT_A_TIME):
        histories = await begin(world, range(first, min(first + _AT_A_TIME, _HISTORIES)))
        for step in range(STEPS):
            await go_on(world, histories, step + 1, choose)
            # Some go at once, and the others wait, while what they are about changes.
            wrong += await tell(world, histories, choose.randrange(1, len(histories)))
        wrong += await tell(world, histories, None)
        wrong += [f"{each.number}: told too often" for each in histories if told_too_often(each)]
        wrong += [f"{each.number}: forgotten" for each in histories if forgotten(each)]
        told += sum(sum(each.told.values()) for each in histories)
    assert (wrong, told > _HISTORIES / 2) == ([], True), f"seed {seed}"


async def test_whoever_takes_back_while_it_is_being_sent_is_waited_for(
    world: World, postgres: Server, fresh_database: str
) -> None:
    await people(world)
    await world.take(result("r1", "kari"))
    there = await devices(world, KARI)
    other = await asyncpg.connect(postgres.dsn("innsyn_worker", fresh_database))
    kari = await person_of(world, KARI)
    try:
        taking = other.transaction()
        await taking.start()
        # As a batch does it (identity/persons.py hold), before it writes.
        await other.fetch("SELECT FROM identity.person WHERE person_id = $1 FOR NO KEY UPDATE", kari)
        await other.execute("DELETE FROM record.entry WHERE person_id = $1", kari)
        sending = asyncio.create_task(claimed(world, there, now()))
        await until(lambda: waits(world), "the sender waits")
        assert not sending.done()
        await taking.commit()
        assert await asyncio.wait_for(sending, 20) == []
    finally:
        await other.close()
    assert await queued(world) == [(KARI, KARI, "result", "dropped", "not_readable")]


async def waits(world: World) -> bool:
    """Is somebody waiting for a lock?"""
    return bool(
        await world.owner.fetchval("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    )


@pytest.mark.parametrize("ended", ["revoked", "secret", "hidden"])
async def test_a_helper_whose_access_has_ended_hears_nothing(world: World, ended: str) -> None:
    await people(world)
    await permit(world, MARTE, KARI)
    await world.take(result("r1", "kari"))
    kari = await person_of(world, KARI)
    if ended == "revoked":
        await world.owner.execute("UPDATE access.permit SET valid_until = now()")
    elif ended == "secret":
        await world.owner.execute("UPDATE identity.person SET secret = true WHERE person_id = $1", kari)
    else:
        await world.owner.execute(
            "INSERT INTO access.hidden (person_id, entry_id, from_audience, by_id)"
            " SELECT person_id, entry_id, 16, person_id FROM record.entry"
        )
    letters = await claimed(world, await devices(world, KARI, MARTE))
    assert [each.receiver_id for each in letters] == [kari]
    assert await queued(world) == [
        (KARI, KARI, "result", "sent", ""),
        (MARTE, KARI, "result", "dropped", "not_readable"),
    ]


async def test_two_who_send_at_once_send_each_thing_once(
    world: World, postgres: Server, fresh_database: str
) -> None:
    await people(world)
    await world.take(*(result(f"r{number}", "kari", f"Test {number}") for number in range(20)))
    there = await devices(world, KARI)
    other = await asyncpg.connect(postgres.dsn("innsyn_worker", fresh_database))
    try:
        at = await world.owner.fetchval("SELECT now()")
        both = await asyncio.gather(*(claim(db, at, there, most=7) for db in (world.worker, other)))
    finally:
        await other.close()
    sent = await world.owner.fetch("SELECT unnest(notices) AS id FROM notice.sending")
    assert len(both) == 2
    assert len({row["id"] for row in sent}) == len(sent) > 0
