"""The read model made anew while people read: how fast, what they notice, and whether it is the same.

20 000 entries, or as many as INNSYN_BENCH_ENTRIES says (a region's is 1000000).
"""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Sequence

import asyncpg

from bench import made_up
from bench.figures import Figure, at_least, at_most
from bench.installation import Installation, Session, installation
from bench.load import Answered, Asked, load
from bench.population import log_in
from innsyn.journal.sequence_page import page_in
from innsyn.worker import REGISTRY, Intake

# Who reads while nothing is rebuilt leaves the machine idle too: eighty lists a second in all.
READERS = 8
_PAUSE_SECONDS = 0.1
_ENTRIES = int(os.environ.get("INNSYN_BENCH_ENTRIES", "20000"))
_SECONDS = 4.0
_MOST_SECONDS = 4 * 3600


def measure() -> list[Figure]:
    """A rebuild of all entries with readers on them."""
    with installation() as at:
        at.database("rebuilt")
        sessions = asyncio.run(_land(at))
        web = at.web("rebuilt")
        asked = [Asked("/api/entries", each.cookie) for each in sessions]
        # The first warms.
        alone = [load(at, web.port, asked, _SECONDS, _PAUSE_SECONDS) for _ in range(3)][1:]
        beside, told = _rebuild(at, web.port, asked)
    per_second = told["versions"] / told["seconds"]
    p99 = max(each.p99 for each in beside) / max(each.p99 for each in alone)
    read = f"{sum(each.requests for each in beside)} lists read meanwhile, every one answered"
    return [
        at_least(
            "rebuild: the same rows as before", 1, float(told["same"]), beside=f"{told['versions']} versions"
        ),
        at_least("rebuild with readers on it", 500, per_second, "/s", beside=f"{told['seconds']:.0f} s"),
        at_most("readers' p99 during a rebuild / without", 4, p99, beside=read),
    ]


async def _land(at: Installation) -> list[Session]:
    worker = await asyncpg.connect(at.server.dsn("innsyn_worker", "rebuilt"))
    owner = await asyncpg.connect(at.server.dsn("postgres", "rebuilt"))
    try:
        intake = Intake(worker, "journal", REGISTRY)
        for seq in range(1, _ENTRIES + 1, made_up.PAGE):
            await intake.take(page_in(made_up.page(seq, _ENTRIES), seq).found)
        await owner.execute("VACUUM ANALYZE")
        return await log_in(owner, READERS)
    finally:
        await worker.close()
        await owner.close()


def _rebuild(at: Installation, port: int, asked: Sequence[Asked]) -> tuple[list[Answered], dict[str, float]]:
    settings = {
        "INNSYN_HOME": str(at.folder),
        "INNSYN_DATABASE_OWNER": at.server.dsn("innsyn_owner", "rebuilt"),
        "INNSYN_DATABASE_WORKER": at.server.dsn("innsyn_worker", "rebuilt"),
    }
    command = [sys.executable, "-m", "innsyn.cli", "feed", "replay", "--json"]
    with subprocess.Popen(
        command, env={**at.environment, **settings}, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as replay:
        beside = []
        while replay.poll() is None:
            beside.append(load(at, port, asked, _SECONDS, _PAUSE_SECONDS))
        out, failed = replay.communicate(timeout=_MOST_SECONDS)
        if replay.returncode:
            raise RuntimeError(failed.decode())
    return beside, json.loads(out)
