"""The feed changes what somebody reads by, while they read: one waits for the other, and neither fails."""

import asyncio
from collections import Counter

from access.family import JONAS, MARTE, PER, citizen, parent
from access.relations_reading import handle_of
from world import World, result


async def test_readers_and_the_feed_never_wait_for_each_other_in_a_circle(world: World) -> None:
    await world.take(
        citizen(JONAS), citizen(MARTE), citizen(PER), parent(JONAS, MARTE), result("lab", "jonas")
    )
    marte = await world.log_in(MARTE)
    handle = await handle_of(marte, "Jonas")
    assert handle is not None
    answers: Counter[int] = Counter()
    done = asyncio.Event()

    async def read() -> None:
        while not done.is_set():
            answers[(await marte.get(f"/for/{handle}/api/entries")).status_code] += 1

    async def tell() -> None:
        try:
            for number in range(40):
                told = [citizen(MARTE, n=number), citizen(JONAS, secret="6" if number % 2 else "", n=number)]
                await world.take(*told[:: 1 if number % 3 else -1], parent(JONAS, MARTE, n=number))
        finally:
            done.set()

    async with asyncio.timeout(60):
        await asyncio.gather(tell(), *(read() for _ in range(4)))
    assert set(answers) == {200, 404}
