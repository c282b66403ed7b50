"""Following and comparing as an operator does, against the stand-in journal in a process of its own."""

import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time
from pathlib import Path
from threading import Timer

import asyncpg
import pytest
from click.testing import CliRunner, Result

from innsyn.feed_commands import feed
from innsyn.feed_reconciling import compare_every_night
from innsyn.journal.reconcile_nightly import every_night
from innsyn.journal.reconcile_port import Reconciled
from innsyn.journal.sequence import FeedUnavailable
from innsyn.measures import REGISTRY
from innsyn.settings import read

Innsyn = Callable[..., Result]


@pytest.fixture
def environment(worker_dsn: str, journal: str, tmp_path: Path) -> dict[str, str]:
    return {
        "INNSYN_HOME": str(tmp_path),
        "INNSYN_DATABASE_WORKER": worker_dsn,
        "INNSYN_JOURNAL_FEED": journal,
        "COLUMNS": "160",
    }


@pytest.fixture
def innsyn(environment: dict[str, str]) -> Innsyn:
    def run(*arguments: str, **settings: str) -> Result:
        # The command runs a loop of its own, so not in the thread of ours.
        with ThreadPoolExecutor(1) as aside:
            return aside.submit(CliRunner().invoke, feed, [*arguments], env=environment | settings).result()

    return run


def _run(dsn: str, statement: str) -> str:
    async def run() -> str:
        db = await asyncpg.connect(dsn)
        try:
            return str(await db.execute(statement))
        finally:
            await db.close(timeout=5)

    return asyncio.run(run())


def test_what_was_followed_agrees_and_what_was_lost_is_repaired(innsyn: Innsyn, worker_dsn: str) -> None:
    followed = innsyn("follow", "--once")
    assert followed.exit_code == 0, followed.output
    assert " 0 unchanged; at " in followed.output
    assert "0 read = 0 projected" in innsyn("follow", "--once").output
    assert innsyn("reconcile", "--settled-for", "0").exit_code == 0
    lost = _run(worker_dsn, "DELETE FROM journal.resource WHERE kind = 'Observation' AND id < 'k'")
    looked = innsyn("reconcile", "--settled-for", "0")
    assert looked.exit_code == 1
    assert "differed" in looked.output
    repaired = innsyn("reconcile", "--settled-for", "0", "--repair", "--json")
    assert repaired.exit_code == 0, repaired.output
    told = json.loads(repaired.output)
    assert told["kinds"]["Observation"]["missing"] > 0
    assert (told["left"], told["agrees"], told["kept"], told["rotten"]) == (0, True, 0, 0)
    assert int(lost.split()[1]) >= told["differences"]
    again = json.loads(innsyn("reconcile", "--settled-for", "0", "--repair", "--json").output)
    assert (again["differences"], again["told"]) == (0, told["told"])


def test_no_source_is_told_of(innsyn: Innsyn) -> None:
    without = innsyn("reconcile", INNSYN_JOURNAL_FEED="http://127.0.0.1:1")
    assert without.exit_code == 1
    assert "broke off" in without.stderr
    unset = innsyn("follow", INNSYN_JOURNAL_FEED="")
    assert "INNSYN_JOURNAL_FEED" in str(unset.exception) + unset.output
    stream = innsyn("follow", INNSYN_NATS="nats://127.0.0.1:4222")
    assert "innsyn work" in stream.stderr


def test_it_follows_until_it_is_told_to_stop(environment: dict[str, str]) -> None:
    code = "import sys; from innsyn.feed_commands import feed; sys.exit(feed(['follow']))"
    backend = str(Path(__file__).parents[2] / "backend")
    with subprocess.Popen(
        [sys.executable, "-c", code],
        env={**environment, "PYTHONPATH": backend, "PATH": ""},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        stop = Timer(60, process.kill)
        stop.start()
        try:
            assert asyncio.run(_landed(environment["INNSYN_DATABASE_WORKER"]))
            process.send_signal(signal.SIGINT)
            output, _ = process.communicate(timeout=30)
        finally:
            stop.cancel()
            process.kill()
    assert process.returncode == 0
    assert " projected + " in output


async def _landed(dsn: str) -> bool:
    db = await asyncpg.connect(dsn)
    try:
        async with asyncio.timeout(45):
            # Another process moves it.
            while not await db.fetchval(  # noqa: ASYNC110
                "SELECT count(*) FROM journal.position WHERE position > 100"
            ):
                await asyncio.sleep(0.1)
    finally:
        await db.close(timeout=5)
    return True


async def test_every_night_until_told_to_stop(environment: dict[str, str]) -> None:
    """Each night begins a moment before three; one of them fails, and the next comes all the same."""
    stop, nights = asyncio.Event(), list[datetime]()
    almost = datetime(2026, 11, 23, 1, 59, 59, 990_000, tzinfo=UTC)

    async def compare(now: datetime) -> Reconciled:
        nights.append(now)
        if len(nights) == 1:
            raise FeedUnavailable("not tonight")
        stop.set()
        found = {"Condition": {"missing": 3, "held": 1}, "Observation": {"missing": 4}}
        return Reconciled(feed="journal", told=1, landed=1, kinds=found, left=2, rotten=1, unhealed=1)

    await asyncio.wait_for(every_night(time(3), stop, compare, lambda: almost), 10)
    assert len(nights) == 2
    counted = {
        name: REGISTRY.get_sample_value("innsyn_reconcile_differences_total", {"outcome": name})
        for name in ("missing", "held", "rotten")
    }
    assert counted == {"missing": 7, "held": 1, "rotten": 1}
    assert REGISTRY.get_sample_value("innsyn_reconcile_left") == 3
    # Without a time of day there is no night.
    await asyncio.wait_for(compare_every_night(read(environment), asyncio.Event()), 10)
