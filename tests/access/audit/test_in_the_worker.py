"""Sealing as a task of the worker: it goes on after what fails, tells when it is late, and leaves nothing behind."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import quote

import pytest
import structlog

from access.audit.sealed_log import KARI, SealedLog
from innsyn import settings
from innsyn.access.audit import sealing
from innsyn.access.audit.checkpoints import Target
from innsyn.demo.home import audit_key
from innsyn.settings import SettingMissing
from waiting import until


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "EVERY_SECONDS", 0.02)


@asynccontextmanager
async def worker(log: SealedLog, dsn: str = "") -> AsyncIterator[None]:
    """The sealer of a worker that runs until the end of the block."""
    stop = asyncio.Event()
    dsn = dsn or log.server.dsn("innsyn_sealer", log.database)
    yielded = asyncio.current_task()
    assert yielded is not None
    task = asyncio.create_task(sealing.keep_sealing(dsn, log.signer, [Target(log.place)], stop))
    # Whoever waits for what it does must not wait for ever when it has failed.
    task.add_done_callback(lambda _: None if stop.is_set() else yielded.cancel())
    try:
        yield
    finally:
        stop.set()
        await task


async def test_what_two_people_read_is_sealed_as_time_goes(log: SealedLog) -> None:
    async def all_sealed() -> bool:
        return await log.unsealed() == 0

    async with worker(log):
        for _ in range(3):
            await log.read_by_both(2)
            await until(all_sealed, "everything is sealed")
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
            await until(all_sealed, "everything is sealed")
            await until(is_ended, "the connection is ended")
            await log.read_by_both(1)
            await until(all_sealed, "everything is sealed")
    assert {each["event"] for each in told} == {"sealing_failed"}
    assert await log.audit() == (0, [])


class LongFarewell:
    """Between the sealer and PostgreSQL: the server's last word comes through, the end of the connection does not.

    On a real network some time passes between the two, and a statement can fall in it.
    """

    def __init__(self, log: SealedLog) -> None:
        found = next(log.server.socket.glob(".s.PGSQL.*[0-9]"))
        self._log, self._server, self._here = log, found, log.place.parent / found.name
        self.met = 0

    async def __aenter__(self) -> str:
        self._listening = await asyncio.start_unix_server(self._meet, self._here)
        host = quote(str(self._here.parent), safe="")
        return f"postgresql://innsyn_sealer@/{self._log.database}?host={host}"

    async def __aexit__(self, *_: object) -> None:
        self._listening.close()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.met += 1
        from_server, to_server = await asyncio.open_unix_connection(self._server)

        async def pass_on(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
            with contextlib.suppress(ConnectionError):
                while said := await source.read(65536):
                    target.write(said)
                    await target.drain()

        backwards = asyncio.create_task(pass_on(from_server, writer))
        await pass_on(reader, to_server)
        to_server.close()
        await backwards
        writer.close()


async def test_a_statement_after_the_last_word_of_the_server_does_not_end_the_sealer(log: SealedLog) -> None:
    ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'innsyn_sealer' AND state = 'idle'"

    async def is_ended() -> bool:
        return bool(await log.owner.fetchval(ended))

    async def all_sealed() -> bool:
        return await log.unsealed() == 0

    between = LongFarewell(log)
    with structlog.testing.capture_logs() as told:
        async with between as dsn, worker(log, dsn):
            await log.read_by_both(1)
            await until(all_sealed, "everything is sealed")
            await until(is_ended, "the connection is ended")
            await log.read_by_both(1)
            await until(all_sealed, "everything is sealed")
    assert {each["event"] for each in told} == {"sealing_failed"}
    assert between.met == 2
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
            await until(is_told, "it is told that sealing is held up")
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
