"""Trouble with machines: the network between two of them, a full disk, a clock that jumps."""

import asyncio
import shutil
import subprocess
from pathlib import Path

from faults.running import Run

_LOST_SECONDS = 10.0
_PAUSE_SECONDS = 2.0
_TABLE = ("inet", "innsyn_faults")


async def partitions(run: Run) -> None:
    """The stream, then the journal, cannot be reached: both ways, then one way. No packet is refused: none comes."""
    nats, journal = run.at.nats.port, run.at.journal_port
    for rules in (
        (f"tcp dport {nats} drop", f"tcp sport {nats} drop"),
        (f"tcp sport {nats} drop",),
        (f"tcp dport {journal} drop", f"tcp sport {journal} drop"),
        (f"tcp sport {journal} drop",),
    ):
        await asyncio.sleep(_PAUSE_SECONDS)
        await run.begins("partition")
        _nft("add", "table", *_TABLE)
        try:
            _nft("add", "chain", *_TABLE, "coming", "{ type filter hook input priority 0; }")
            for rule in rules:
                _nft("add", "rule", *_TABLE, "coming", *rule.split())
            await asyncio.sleep(_LOST_SECONDS)
            landed = await asyncio.to_thread(run.landed)
        finally:
            _nft("delete", "table", *_TABLE)
        await run.is_over("partition", landed, asyncio.get_running_loop().time())


async def full_disk(run: Run) -> None:
    """Nothing can be written for a while; then there is room again, and nobody has to do anything."""
    for _ in range(2):
        await asyncio.sleep(_PAUSE_SECONDS)
        await run.begins("disk")
        ballast = run.at.disk / "ballast"
        _fill(ballast)
        await asyncio.sleep(_LOST_SECONDS)
        landed = await asyncio.to_thread(run.landed)
        ballast.unlink()
        since = asyncio.get_running_loop().time()
        # PostgreSQL ends itself when it cannot write its log: whoever watches it starts it anew.
        await asyncio.to_thread(run.at.start_again, "postgres")
        await run.is_over("disk", landed, since)


async def jumping_clock(run: Run) -> None:
    """The clock of the web process and the workers goes an hour ahead, two back, and is set right."""
    for offset in ("+3600", "-3600", "+0"):
        await asyncio.sleep(_PAUSE_SECONDS)
        landed, since = await run.begins("clock")
        run.at.set_clock(offset)
        await run.is_over("clock", landed, since)
        await asyncio.sleep(_PAUSE_SECONDS)


def _nft(*words: str) -> None:
    subprocess.run(["nft", *words], check=True, capture_output=True)


def _fill(ballast: Path) -> None:
    with ballast.open("wb", buffering=0) as file:
        left = shutil.disk_usage(ballast.parent).free
        try:
            while left > 0:
                left -= file.write(bytes(min(left, 1 << 20)))
        except OSError:
            return
