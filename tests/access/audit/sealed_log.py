"""The log as the parts around it meet it: readings are written, the sealer seals, the auditor checks."""

import contextlib
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import UUID

import asyncpg

from innsyn.access.audit import export
from innsyn.access.audit.checkpoints import Target
from innsyn.access.audit.sealing import Round, Sealer
from innsyn.access.audit.signing import Signer
from innsyn.access.audit.verify import CHECKPOINT, Audit, Key, checkpoints
from innsyn.embedded_postgres import Server

KARI, OLA = UUID(int=1), UUID(int=2)
_INSERT = """
    INSERT INTO access.log (subject_id, actor_id, session_id, rule, purpose, entry_id)
    VALUES ($1, $1, $2, 'self', $3, $4)
"""


class SealedLog:
    """`owner` is a superuser who may do everything; sealer and auditor have their own roles."""

    owner: asyncpg.Connection

    def __init__(self, server: Server, database: str, signer: Signer, place: Path) -> None:
        self.server, self.database, self.signer, self.place = server, database, signer, place
        self.keys = [Key(signer.key)]
        self._open = contextlib.AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self.connect_to(self.database)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.disconnect()

    async def connect_to(self, database: str) -> None:
        """From now on this database is the log."""
        self.database = database
        self.owner = await self.connect("postgres")

    async def disconnect(self) -> None:
        """Let go of the database, so that it can be copied."""
        await self._open.aclose()

    async def connect(self, role: str) -> asyncpg.Connection:
        """A connection that is closed with the test."""
        db = await asyncpg.connect(self.server.dsn(role, self.database))
        self._open.push_async_callback(db.close)
        return db

    async def read(self, person: UUID, purpose: str = "timeline.all.page", entry: UUID | None = None) -> None:
        """A reading of the own record, with its row in the log."""
        await self.owner.execute(_INSERT, person, UUID(int=person.int + 100), purpose, entry)

    async def read_by_both(self, times: int) -> None:
        """Readings of two people, in turns."""
        for _ in range(times):
            await self.read(KARI)
            await self.read(OLA, "entry.open", UUID(int=7))

    async def seal(self, *places: Path) -> Round:
        """One round of a sealer that has just been started."""
        db = await asyncpg.connect(self.server.dsn("innsyn_sealer", self.database))
        try:
            return await Sealer(db, self.signer, [Target(each) for each in places or (self.place,)]).round()
        finally:
            await db.close()

    async def audit(self, *, outside: bool = True) -> tuple[int, list[str]]:
        """Exit status and findings of the auditor, over the database."""
        audit = Audit(self.keys, checkpoints([self.place], self.keys) if outside else {})
        return await export.check(await self.connect("innsyn_auditor"), audit), audit.findings

    async def notes(self) -> list[str]:
        """Of every seal in the database."""
        return [row["note"] for row in await self.owner.fetch("SELECT note FROM access.seal ORDER BY number")]

    def kept(self, place: Path | None = None) -> list[str]:
        """Every whole checkpoint that is kept outside."""
        return [found[0] for found in CHECKPOINT.finditer((place or self.place).read_text() + "\n")]

    async def unsealed(self) -> int:
        """How many rows have no leaf."""
        rows = await self.owner.fetchval("SELECT count(*) FROM access.log")
        leaves = await self.owner.fetchval("SELECT coalesce(sum(length(leaves)) / 32, 0) FROM access.seal")
        return int(rows - leaves)
