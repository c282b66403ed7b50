"""Sealing: every few seconds what is new in the log becomes part of the tree, and its checkpoint leaves the database.

A seal is one row, added by one statement, and its checkpoint is kept outside only when that row is committed. So
after a crash at any moment nothing is half done: what was not sealed is sealed next time, what was sealed and not kept
outside is read from its row and kept. What is outside is never ahead of the database, unless the database is an old
copy: then sealing stops, because to go on would hide it.
"""

import asyncio
import base64
import contextlib
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final, final

import asyncpg
import structlog

from innsyn.access.audit import rows as stored
from innsyn.access.audit.checkpoints import Target
from innsyn.access.audit.signing import Signer, read_signer
from innsyn.access.audit.verify import CHECKPOINT, Row, Seal, Tree, leaf, said
from innsyn.db.pool import LOST
from innsyn.measures import SEAL_WAIT
from innsyn.settings import Settings

log = structlog.get_logger()

EVERY_SECONDS: Final = 5.0
LATE_SECONDS: Final = 10.0
# A proof is made from the leaves of its batch: more would make it slow, fewer the sealing.
BATCH: Final = 2048
_GOODBYE_SECONDS: Final = 5.0
_AT_ONCE: Final = 16 * BATCH
_NOTES_AT_ONCE: Final = 1000
# What is kept outside must never be ahead of the database, also after its power failed.
_SETTINGS: Final = {"application_name": "innsyn-sealer", "synchronous_commit": "on"}


class SealsDisagree(Exception):
    """The seals are not what was signed, or not what is kept outside: somebody must look before it goes on."""


@dataclass(frozen=True)
class Round:
    """What a round did: rows sealed, and for how many seconds the oldest that is not has been there."""

    rows: int
    waits: float


@final
class Sealer:
    """The one that seals: holds a lock of its connection for as long as that lives."""

    def __init__(self, db: asyncpg.Connection, signer: Signer, targets: Sequence[Target]) -> None:
        self._db, self._signer, self._targets = db, signer, targets
        self._number, self._last, self._tree = 0, stored.BEGINNING, Tree()
        self._has_lock = self._is_open = False

    async def round(self) -> Round:
        """Seal all that is final, and keep its checkpoints outside. While another holds the lock, nothing is done.

        Raises SealsDisagree, or what PostgreSQL says; the next round begins with what is committed. A place outside
        that cannot be written is told to the log, and gets what it lacks in a later round.
        """
        try:
            if not self._is_open and not await self._open():
                return Round(0, 0.0)
            rows = 0
            more = True
            while more and (found := await stored.final_rows(self._db, self._last, _AT_ONCE)):
                for start in range(0, len(found.rows), BATCH):
                    await self._seal(found.rows[start : start + BATCH], found.at)
                rows += len(found.rows)
                # What has come meanwhile is of the next round: a seal for every few rows would help nobody.
                more = len(found.rows) == _AT_ONCE
                await self._keep_outside()
        except BaseException:
            self._is_open = False
            raise
        return Round(rows, await stored.oldest_wait(self._db, self._last))

    async def _open(self) -> bool:
        self._has_lock = self._has_lock or await stored.take_lock(self._db)
        if not self._has_lock:
            return False
        self._number, self._last, self._tree = 0, stored.BEGINNING, Tree()
        newest = await stored.newest_seal(self._db)
        if newest is not None:
            self._number, self._last, self._tree = newest.number, newest.last, _tree_of(newest)
        if not await stored.numbers_go_on(self._db, self._last):
            raise SealsDisagree(
                "This PostgreSQL numbers its transactions below those of the rows that are sealed: new rows would "
                "never be. Set its next number past them with pg_resetwal -x and -e (backend/decisions/0009)."
            )
        await self._keep_outside()
        self._is_open = True
        return True

    async def _seal(self, rows: Sequence[Row], at: datetime) -> None:
        leaves = list(map(leaf, rows))
        tree = Tree(self._tree.size, self._tree.peaks)
        tree.add(leaves)
        number, last, told = self._number + 1, (rows[-1].xid, rows[-1].log_id), stored.told_at(at)
        note = self._signer.note(said(number, tree, self._tree.root, last, told))
        seal = Seal(number, told, last, b"".join(leaves), tree.peaks, note)
        await stored.keep(self._db, seal, tree.size, at)
        self._number, self._last, self._tree = number, last, tree

    async def _keep_outside(self) -> None:
        for target in self._targets:
            try:
                await self._bring_up_to_date(target)
            except OSError:
                log.exception("checkpoints_not_kept", place=str(target.path))

    async def _bring_up_to_date(self, target: Target) -> None:
        newest = await asyncio.to_thread(target.newest)
        number = _number_of(newest) if newest else 0
        if newest and [(number, newest)] != await stored.notes_after(self._db, number - 1, 1):
            raise SealsDisagree(
                f"The database does not have seal {number} as it is kept in {target.path}: it was changed, or restored "
                "from an older copy. Let `innsyn audit verify` tell. To go on, move that file away and keep it."
            )
        while number < self._number:
            notes = await stored.notes_after(self._db, number, _NOTES_AT_ONCE)
            await asyncio.to_thread(target.append, [note for _, note in notes])
            number = notes[-1][0]


def _tree_of(seal: Seal) -> Tree:
    found = CHECKPOINT.fullmatch(seal.note)
    lines = seal.note.split("\n")
    if found is None or [lines[3], lines[5], lines[6]] != [
        f"seal {seal.number}", f"last {seal.last[0]}/{seal.last[1]}", f"at {seal.at}",
    ]:  # fmt: skip
        raise SealsDisagree(f"Seal {seal.number} is not what was signed.")
    size = int(found["size"])
    if len(seal.peaks) != 32 * size.bit_count():
        raise SealsDisagree(f"Seal {seal.number} does not have the tree that was signed.")
    tree = Tree(size, seal.peaks)
    if base64.b64decode(found["root"]) != tree.root:
        raise SealsDisagree(f"Seal {seal.number} does not have the tree that was signed.")
    return tree


def _number_of(note: str) -> int:
    found = CHECKPOINT.fullmatch(note)
    return int(found["number"]) if found else 0


def sealing_of(settings: Settings) -> Callable[[asyncio.Event], Coroutine[None, None, None]]:
    """What seals the log of this installation until told to stop. Raises SettingMissing."""
    if not settings.database_sealer:
        log.warning("access_log_not_sealed", because="INNSYN_DATABASE_SEALER is not set")
        return _wait
    settings.must_have("audit_checkpoints")
    targets = [Target(place) for place in settings.audit_checkpoints]
    return partial(keep_sealing, settings.database_sealer, read_signer(settings.audit_key), targets)


async def _wait(stop: asyncio.Event) -> None:
    await stop.wait()


async def keep_sealing(dsn: str, signer: Signer, targets: Sequence[Target], stop: asyncio.Event) -> None:
    """Seal until told to stop. What fails is told and tried again."""
    while not stop.is_set():
        try:
            db = await asyncpg.connect(dsn, server_settings=_SETTINGS)
            try:
                await _seal_on(Sealer(db, signer, targets), stop)
                await db.close(timeout=_GOODBYE_SECONDS)
            finally:
                # close() waits for the other side, which may be the one that is lost.
                db.terminate()
        except (*LOST, SealsDisagree) as reason:
            said_so = str(reason) if isinstance(reason, SealsDisagree) else None
            log.exception("sealing_failed", said=said_so, again_in_seconds=EVERY_SECONDS)
            await _pause(stop)


async def _seal_on(sealer: Sealer, stop: asyncio.Event) -> None:
    while not stop.is_set():
        done = await sealer.round()
        SEAL_WAIT.found(done.waits)
        if done.waits > LATE_SECONDS:
            log.warning("sealing_behind", seconds=round(done.waits, 1))
        await _pause(stop)
    # What was read in the last seconds has its seal before the process ends.
    await sealer.round()


async def _pause(stop: asyncio.Event) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), timeout=EVERY_SECONDS)
