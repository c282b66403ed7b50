"""All troubles at full size, one after the other, and what came of each."""

import asyncio
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import asyncpg
import click

from faults import simulation
from faults.forms import forms
from faults.hosts import full_disk, jumping_clock, partitions
from faults.killing import killing, seconds_for
from faults.planted import PLANTED
from faults.running import Size, Trouble, run
from faults.simulation import FromPosition, Worker
from innsyn.embedded_postgres import embedded
from innsyn.migrations.running import migrate

_OWN_NETWORK = "INNSYN_FAULTS_OWN_NETWORK"
KINDS = ("simulation", "killing", "partitions", "disk", "clock", "forms")


@click.command()
@click.argument("kinds", nargs=-1, type=click.Choice(KINDS))
@click.option("--seed", type=int, default=None, help="The same run again.")
@click.option("--seeds", default=2000, show_default=True, help="Runs of the simulation.")
@click.option("--entries", default=20_000, show_default=True)
@click.option("--writes", default=5_000, show_default=True)
@click.option("--kills", default=60, show_default=True)
@click.option("--runs", default=50, show_default=True, help="Forms that are answered in a browser.")
def main(
    kinds: tuple[str, ...], seed: int | None, seeds: int, entries: int, writes: int, kills: int, runs: int
) -> None:
    """Trouble of every kind, at full size."""
    first = random.randrange(1, 10**6) if seed is None else seed
    wanted = kinds or KINDS
    full = Size(seed=first, entries=entries, writes=writes, seconds=seconds_for(kills))
    size = Size(seed=first, entries=4000, writes=400, seconds=50)
    wrong = asyncio.run(_simulate(first, seeds)) if "simulation" in wanted else 0
    if "killing" in wanted:
        wrong += _told("killing", killing(kills), full, kills)
    if "partitions" in wanted:
        wrong += _partitions(replace(size, seconds=70))
    if "disk" in wanted and _may("mount"):
        wrong += _told("disk", full_disk, replace(size, small_disk=True), 2)
    if "clock" in wanted and _may("faketime"):
        wrong += _told("clock", jumping_clock, replace(size, clock=True), 3)
    if "forms" in wanted:
        wrong += forms(first, runs)
    sys.exit(1 if wrong else 0)


async def _simulate(first: int, seeds: int) -> int:
    with tempfile.TemporaryDirectory(prefix="innsyn-faults-") as folder:
        Path(folder).chmod(0o755)
        with embedded(Path(folder) / "postgres", durable=False) as server:
            with ThreadPoolExecutor(1) as aside:
                aside.submit(migrate, server.dsn()).result()
            db = await asyncpg.connect(server.dsn("postgres"))
            wrong = [await _simulate_one(db, kind, first, seeds) for kind in (Worker, FromPosition)]
            wrong += [await _is_missed(db, fault, first, seeds) for fault in PLANTED]
            db.terminate()
    return sum(wrong)


async def _simulate_one(db: asyncpg.Connection, kind: type[Worker], first: int, seeds: int) -> int:
    began, found, deaths = time.monotonic(), [], 0
    for seed in range(first, first + seeds):
        wrong, died = await simulation.run(db, seed, kind)
        found += wrong
        deaths += died
    rate = seeds / (time.monotonic() - began)
    last = first + seeds - 1
    click.echo(f"simulation {kind.__name__}: seeds {first} to {last}, {rate:.0f} a second, {deaths} deaths")
    for each in found[:10]:
        click.echo(f"  {each}")
    return len(found)


async def _is_missed(db: asyncpg.Connection, fault: str, first: int, seeds: int) -> bool:
    with PLANTED[fault]() as kind:
        # Seeds of its own: the runs before have left what they did.
        for seed in range(first + seeds, first + 2 * seeds):
            try:
                wrong, _ = await simulation.run(db, seed, kind)
            except (AssertionError, asyncpg.PostgresError):
                wrong = ["it fails"]
            if wrong:
                click.echo(f"a worker that {fault}: found after {seed - first - seeds + 1} runs")
                return False
    click.echo(f"a worker that {fault}: NOT FOUND in {seeds} runs")
    return True


def _partitions(size: Size) -> int:
    if _OWN_NETWORK in os.environ:
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        return _told("partitions", partitions, size, 4)
    if not _may("nft", "unshare", "ip"):
        return 0
    # What is cut off must be nobody's but ours.
    command = [
        "unshare",
        "--net",
        sys.executable,
        "-m",
        "tests.faults",
        "partitions",
        "--seed",
        str(size.seed),
    ]
    return subprocess.run(command, check=False, env={**os.environ, _OWN_NETWORK: "1"}).returncode


def _may(*programs: str) -> bool:
    lacking = [each for each in programs if not shutil.which(each)]
    if lacking or os.geteuid() != 0:
        click.echo(f"left out: this takes root and the programs {', '.join(programs)}")
    return not lacking and os.geteuid() == 0


def _told(name: str, trouble: Trouble, size: Size, troubles: int) -> int:
    report = asyncio.run(run(trouble, size))
    click.echo(f"{name}: " + "\n  ".join(report.lines()))
    if report.overlapped < troubles:
        click.echo(f"  does not count: only {report.overlapped} of {troubles} fell into the work")
        return 1
    return len(report.wrong)
