"""The power goes, or the process is killed, at any step of sealing: every row has one seal, inside and outside."""

import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from access.audit.sealed_log import SealedLog
from innsyn.access.audit import sealing
from innsyn.access.audit.checkpoints import Target
from innsyn.access.audit.sealing import Sealer
from innsyn.access.audit.signing import Signer
from innsyn.access.audit.verify import Key
from waiting import until


class PowerCut(BaseException):
    """The process is gone."""


class Fuse:
    """Lets so many steps pass, and then the power is cut."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def step(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise PowerCut

    def around(self, method: Callable[..., Any]) -> Callable[..., Any]:
        """Cut before, or after it was done and before anybody heard of it."""

        async def stepped(*values: object) -> object:
            self.step()
            done = await method(*values)
            self.step()
            return done

        return stepped


class Fused:
    """A connection with a fuse before and after everything that it does."""

    def __init__(self, db: asyncpg.Connection, fuse: Fuse) -> None:
        for name in ("fetch", "fetchrow", "fetchval", "execute"):
            setattr(self, name, fuse.around(getattr(db, name)))


def fuse_the_disk(fuse: Fuse, monkeypatch: pytest.MonkeyPatch) -> None:
    write, fsync, opened = os.write, os.fsync, os.open

    def write_half(file: int, data: bytes) -> int:
        fuse.step()
        half = write(file, data[: len(data) // 2 or 1])
        fuse.step()
        return half

    def stepped(act: Callable[..., Any]) -> Callable[..., Any]:
        def step(*values: object) -> object:
            fuse.step()
            done = act(*values)
            fuse.step()
            return done

        return step

    for name, act in (("write", write_half), ("fsync", stepped(fsync)), ("open", stepped(opened))):
        monkeypatch.setattr(f"innsyn.access.audit.checkpoints.os.{name}", act)


async def test_after_a_power_cut_at_any_step_everything_is_sealed_once(
    log: SealedLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "BATCH", 2)
    places = [log.place, tmp_path / "second"]
    cuts = 0
    while True:
        await log.read_by_both(2)
        db = await asyncpg.connect(log.server.dsn("innsyn_sealer", log.database))
        fuse = Fuse(cuts)
        try:
            with monkeypatch.context() as during:
                fuse_the_disk(fuse, during)
                await Sealer(Fused(db, fuse), log.signer, list(map(Target, places))).round()
        except PowerCut:
            cuts += 1
        else:
            break
        finally:
            await db.close()
        await log.seal(*places)
        notes = await log.notes()
        assert [log.kept(place) for place in places] == [notes, notes], cuts
        assert (await log.audit(), await log.unsealed()) == ((0, []), 0), cuts
    assert cuts > 40, "there are fewer steps than there were: is every one still cut?"
    assert len(await log.notes()) == 2 * (cuts + 1)


_SEAL_UNTIL_KILLED = """
import asyncio, sys, asyncpg
from pathlib import Path
from innsyn.access.audit import sealing
from innsyn.access.audit.checkpoints import Target
from innsyn.access.audit.signing import read_signer

sealing.EVERY_SECONDS = 0.001
sealing.BATCH = 3
dsn, key, place = sys.argv[1:]
asyncio.run(sealing.keep_sealing(dsn, read_signer(Path(key)), [Target(Path(place))], asyncio.Event()))
"""


async def test_a_sealer_that_is_killed_again_and_again_loses_nothing(log: SealedLog, tmp_path: Path) -> None:
    private = Ed25519PrivateKey.generate()
    (tmp_path / "key").write_bytes(_pem(private))
    log.signer = Signer(private)
    log.keys = [Key(log.signer.key)]
    command = [sys.executable, "-c", _SEAL_UNTIL_KILLED, log.server.dsn("innsyn_sealer", log.database)]
    for _ in range(6):
        before = len(await log.notes())
        worker = subprocess.Popen(  # noqa: ASYNC220 - it starts at once
            [*command, str(tmp_path / "key"), str(log.place)], env=_environment()
        )
        try:
            await until(partial(_has_sealed, log, before + 5, worker), "the worker has sealed five more")
        finally:
            worker.kill()
            worker.wait()
    await until(partial(_let_go, log), "PostgreSQL has noticed that the killed ones are gone")
    await log.seal()
    assert log.kept() == await log.notes()
    assert (await log.audit(), await log.unsealed()) == ((0, []), 0)


async def _has_sealed(log: SealedLog, notes: int, worker: subprocess.Popen[bytes]) -> bool:
    assert worker.poll() is None
    await log.read_by_both(3)
    return len(await log.notes()) >= notes


async def _let_go(log: SealedLog) -> bool:
    held = "SELECT NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = 7462)"
    return bool(await log.owner.fetchval(held))


def _pem(private: Ed25519PrivateKey) -> bytes:
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
