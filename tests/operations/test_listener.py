"""The operator's listener, asked over HTTP beside a real database: what is told, and that nobody's content is."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from pathlib import Path

import asyncpg
import httpx
import pytest

from innsyn import settings as settings_module
from innsyn.embedded_postgres import Server
from innsyn.journal import gaps
from innsyn.operations.process import watch, watched
from innsyn.settings import SettingMissing, Settings
from world import KARI, OLA, World, patient, result

PATIENCE = 20


class Journal:
    """How far the feed says that it goes; None: it does not answer."""

    def __init__(self) -> None:
        self.last: int | None = 0

    async def furthest(self) -> Mapping[str, int]:
        if self.last is None:
            raise ConnectionError("nobody")
        return {"": self.last}


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.fixture
def told(postgres: Server, fresh_database: str, port: int, tmp_path: Path) -> Settings:
    return replace(
        settings_module.read({"INNSYN_HOME": str(tmp_path)}),
        database_worker=postgres.dsn("innsyn_worker", fresh_database),
        database_web=postgres.dsn("innsyn_web", fresh_database),
        operations_port=port,
    )


@pytest.fixture
async def journal() -> Journal:
    return Journal()


@pytest.fixture
async def operator(
    world: World,  # noqa: ARG001 - what is looked at
    told: Settings,
    journal: Journal,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who looks at the worker of this world."""
    monkeypatch.setattr("innsyn.operations.seen.EVERY_SECONDS", 0.1)
    stop = asyncio.Event()
    watching = asyncio.create_task(watch(told, stop, journal.furthest, lambda position: position))
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{told.operations_port}", trust_env=False
    ) as client:
        try:
            await until(client, "/health/ready", "ready")
            yield client
        finally:
            stop.set()
            await asyncio.wait_for(watching, PATIENCE)


async def until(client: httpx.AsyncClient, path: str, wanted: str) -> str:
    """The text at this address as soon as it has this in it."""
    text = ""
    async with asyncio.timeout(PATIENCE):
        while wanted not in text:
            try:
                text = (await client.get(path)).text
            except httpx.HTTPError:
                text = ""
            await asyncio.sleep(0.05)
    return text


async def test_an_operator_sees_what_is_behind_missing_and_not_sent(
    world: World, operator: httpx.AsyncClient, journal: Journal
) -> None:
    await world.take(patient("kari", KARI, "Kari"), result("a", "kari"), result("b", "nobody"))
    await gaps.notice(world.worker, "journal", "", 7, 9, "st-olavs")
    journal.last = 12
    text = await until(operator, "/metrics", 'innsyn_feed_lag_entries{feed="journal",part=""} 9.0')
    for line in (
        'innsyn_quarantine_entries{reason="unknown_patient"} 1.0',
        "innsyn_quarantine_size 1.0",
        "innsyn_gaps_open 1.0",
        'innsyn_outbox_entries{state="queued"} 0.0',
        "innsyn_ready 1.0",
    ):
        assert line in text
    page = await operator.get("/")
    cells = re.findall(r"<td>(.*?)</td>", page.text)
    assert cells[cells.index("Observation/b") :][:2] == ["Observation/b", "st-olavs"]
    assert "the Patient that it is about has not come" in cells
    assert cells[cells.index("7") :][:3] == ["7", "9", "st-olavs"]
    assert [canary for canary in (KARI, "Nordli", "HbA1c") if canary in page.text + text] == []


async def test_the_page_runs_and_loads_nothing(operator: httpx.AsyncClient) -> None:
    page = await operator.get("/")
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'")
    assert "unsafe" not in policy
    assert not re.search(r"<script|<style|style=|\son\w+=", page.text)
    assert (await operator.get("/style.css")).headers["content-type"] == "text/css; charset=utf-8"
    assert (await operator.get(f"/{KARI}")).text == "not found"
    assert (await operator.post("/")).status_code == 405


async def test_a_worker_without_its_feed_is_not_ready_and_lives(
    operator: httpx.AsyncClient, journal: Journal
) -> None:
    journal.last = None
    assert await until(operator, "/health/ready", "the feed does not answer") == "the feed does not answer"
    assert (await operator.get("/health/ready")).status_code == 503
    assert (await operator.get("/health/live")).status_code == 200
    journal.last = 0
    await until(operator, "/health/ready", "ready")


async def test_a_worker_that_does_not_get_through_is_not_ready(
    world: World, operator: httpx.AsyncClient, journal: Journal
) -> None:
    await world.take(patient("kari", KARI, "Kari"))
    await world.owner.execute("UPDATE journal.position SET moved_at = now() - interval '2 minutes'")
    journal.last = 50
    assert "no position has moved for 12" in await until(operator, "/health/ready", "something to read")


async def test_a_database_of_an_older_version_is_told(world: World, operator: httpx.AsyncClient) -> None:
    await world.owner.execute("UPDATE public.alembic_version SET version_num = '0011'")
    await until(operator, "/health/ready", "innsyn migrate")


async def test_two_processes_do_not_share_a_port(told: Settings) -> None:
    with socket.create_server(("127.0.0.1", told.operations_port)), pytest.raises(SettingMissing) as refused:
        await watch(told, asyncio.Event(), Journal().furthest, lambda position: position)
    assert "INNSYN_OPERATIONS_PORT" in str(refused.value)


async def test_the_web_process_tells_of_itself_and_of_nothing_that_its_role_may_not_see(
    world: World, told: Settings
) -> None:
    await world.take(patient("ola", OLA, "Ola"), result("b", "nobody"))
    pool: asyncpg.Pool = world.litestar.state.pool
    async with (
        watched(told, pool) as seen,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{told.operations_port}", trust_env=False) as client,
    ):
        await until(client, "/health/ready", "ready")
        text = (await client.get("/metrics")).text
        assert 'innsyn_pool_connections{state="most"} 10.0' in text
        assert "innsyn_quarantine_size" not in text
        assert "stand on the page of" in (await client.get("/")).text
        seen.leaving = True
        assert (await client.get("/health/ready")).status_code == 503
