"""Processes are killed at random and started again at once, as whoever watches them would."""

import asyncio
import random

from faults.running import Run, Trouble

_PAUSE_SECONDS = 1.0


def killing(kills: int) -> Trouble:
    """Kill so many times, now this and now that."""

    async def kill(run: Run) -> None:
        chance = random.Random(run.report.seed)
        for _ in range(kills):
            await asyncio.sleep(chance.uniform(0.1, 2 * _PAUSE_SECONDS))
            name = chance.choice(sorted(run.at.killable))
            kind = name.partition("-")[0]
            landed, since = await run.begins(kind)
            await asyncio.to_thread(run.at.kill, name)
            await run.is_over(kind, landed, since)

    return kill


def seconds_for(kills: int) -> float:
    """How long the journal has to speak, so that every kill falls into it."""
    return kills * (_PAUSE_SECONDS + 1.0) + 5
