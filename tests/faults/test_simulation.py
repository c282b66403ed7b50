"""Two hundred runs of the simulation, and every planted fault is found. `make faults` does two thousand of each."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from faults import simulation
from faults.planted import PLANTED
from faults.simulation import FromPosition, Worker
from innsyn.embedded_postgres import Server

SEEDS = range(100)


@pytest.fixture
async def db(postgres: Server, fresh_database: str) -> AsyncIterator[asyncpg.Connection]:
    opened = await asyncpg.connect(postgres.dsn("postgres", fresh_database))
    yield opened
    opened.terminate()


@pytest.mark.parametrize("kind", [Worker, FromPosition])
async def test_whatever_dies_and_comes_again_the_record_is_what_the_journal_said(
    db: asyncpg.Connection, kind: type[Worker]
) -> None:
    found, deaths = [], 0
    for seed in SEEDS:
        wrong, died = await simulation.run(db, seed, kind)
        found += wrong
        deaths += died
    assert found == []
    assert deaths > len(SEEDS) / 2, "a run in which nothing dies proves nothing"


@pytest.mark.parametrize("fault", PLANTED)
async def test_a_planted_fault_is_found(db: asyncpg.Connection, fault: str) -> None:
    with PLANTED[fault]() as kind:
        for seed in SEEDS:
            try:
                wrong, _ = await simulation.run(db, seed, kind)
            except (AssertionError, asyncpg.PostgresError):
                return
            if wrong:
                return
    pytest.fail(f"a worker that {fault} goes unnoticed in {len(SEEDS)} runs")
