"""Sealing as a task of the worker: it goes on after what fails, tells when it is late, and leaves nothing behind."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest
import structlog

from access.audit.sealed_log import KARI, SealedLog
from innsyn import settings
from innsyn.access.audit import sealing
from innsyn.access.audit.checkpoints import Target
from innsyn.demo.home import audit_key
from innsyn.settings import SettingMissing


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "EVERY_SECONDS", 0.02)


@asynccontextmanager
async def worker(log: SealedLog) -> AsyncIterator[None]:
    """The sealer of a worker that runs until the end of the block."""
    stop = asyncio.Event()
    dsn = log.server.dsn("innsyn_sealer", log.database)
    task = asyncio.create_task(sealing.keep_sealing(dsn, log.signer, [Target(log.place)], stop))
    try:
        yield
    finally:
        stop.set()
        await task


async def until(is_so: Callable[[], Coroutine[Any, Any, bool]]) -> None:
    """Ask PostgreSQL again and again; the test's own time limit ends it."""
    while not await is_so():
        pass


async def test_what_two_people_read_is_sealed_as_time_goes(log: SealedLog) -> None:
    async def all_sealed() -> bool:
        return await log.unsealed() == 0

    async with worker(log):
        for _ in range(3):
            await log.read_by_both(2)
            await until(all_sealed)
        await log.read_by_both(1)
    # Also what was read just before the end.
    assert await log.unsealed() == 0
    assert log.kept() == await log.notes()
    assert await log.audit() == (0, [])


async def test_a_connection_that_is_lost_is_opened_again(log: SealedLog) -> None:
    ended = (
        "SELECT count(pg_terminate_backend(pid)) > 0 FROM pg_stat_activity "
        "WHERE usename = 'innsyn_sealer' AND datname = current_database()"
    )

    async def is_ended() -> bool:
        return bool(await log.owner.fetchval(ended))

    async def all_sealed() -> bool:
        return await log.unsealed() == 0

    with structlog.testing.capture_logs() as told:
        async with worker(log):
            await log.read_by_both(1)
            await until(all_sealed)
            await until(is_ended)
            await log.read_by_both(1)
            await until(all_sealed)
    assert {each["event"] for each in told} == {"sealing_failed"}
    assert await log.audit() == (0, [])


async def test_a_sealer_that_is_held_up_tells_for_how_long_and_of_nobody(
    log: SealedLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "LATE_SECONDS", 0.0)
    late = await log.connect("postgres")
    held = late.transaction()
    await held.start()
    await late.execute("SELECT pg_current_xact_id()")
    await log.read(KARI)
    with structlog.testing.capture_logs() as told:

        async def is_told() -> bool:
            return await log.unsealed() > 0 and bool(told)

        async with worker(log):
            await until(is_told)
            await held.rollback()
    assert {each["event"] for each in told} == {"sealing_behind"}
    assert all(each.keys() == {"event", "log_level", "seconds"} for each in told)
    assert await log.unsealed() == 0


def _settings(**more: str) -> settings.Settings:
    return settings.read({f"INNSYN_{name.upper()}": value for name, value in more.items()})


async def test_an_installation_that_does_not_seal_is_told_so(log: SealedLog) -> None:
    stop = asyncio.Event()
    stop.set()
    with structlog.testing.capture_logs() as told:
        await sealing.sealing_of(_settings())(stop)
    assert [each["event"] for each in told] == ["access_log_not_sealed"]
    dsn = log.server.dsn("innsyn_sealer", log.database)
    with pytest.raises(SettingMissing, match="INNSYN_AUDIT_CHECKPOINTS"):
        sealing.sealing_of(_settings(database_sealer=dsn))
    given = {"database_sealer": dsn, "audit_checkpoints": str(log.place)}
    with pytest.raises(SettingMissing, match="INNSYN_AUDIT_KEY"):
        sealing.sealing_of(_settings(**given))
    await log.read_by_both(1)
    key = audit_key(log.place.parent)
    await sealing.sealing_of(_settings(**given, audit_key=str(key)))(stop)
    assert await log.unsealed() == 2, "told to stop before it began"
