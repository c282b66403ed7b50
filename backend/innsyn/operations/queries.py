"""What an operator's page and the metrics ask of the database, over the worker's connection: counts and times."""

from datetime import datetime
from pathlib import Path

import asyncpg
import msgspec
from sqlalchemy import and_, bindparam, func, or_, select

from innsyn import migrations
from innsyn.db.pool import LOST
from innsyn.db.statements import Statement
from innsyn.journal import gaps, loading
from innsyn.journal.outbox_tables import outbox
from innsyn.journal.tables import position, quarantine
from innsyn.operations.rules import Outgoing, Part, Waiting

_NEWEST = 50


class Held(msgspec.Struct, frozen=True):
    """Something in quarantine, as the page shows it: not what was sent."""

    entry: str
    source: str
    landed_at: datetime
    reason: str
    explanation: str
    tries: int


class State(msgspec.Struct, frozen=True):
    """How the road from and to the journal is, at `at`."""

    at: datetime
    parts: list[Part]
    sources: list[loading.SourceStatus]
    gaps: list[gaps.Gap]
    waiting: list[Waiting]
    newest: list[Held]
    outgoing: list[Outgoing]


_PARTS = Statement(
    select(position.c.feed, position.c.part, position.c.position, position.c.moved_at).order_by(
        position.c.feed, func.length(position.c.part), position.c.part
    )
)
_WAITING = Statement(
    select(quarantine.c.reason, func.count(), func.min(quarantine.c.landed_at))
    .group_by(quarantine.c.reason)
    .order_by(func.count().desc())
)
_NEWEST_HELD = Statement(
    select(
        quarantine.c.entry,
        quarantine.c.source,
        quarantine.c.landed_at,
        quarantine.c.reason,
        quarantine.c.explanation,
        quarantine.c.tries,
    )
    .order_by(quarantine.c.landed_at.desc(), quarantine.c.entry)
    .limit(bindparam("most", type_=quarantine.c.tries.type))
)
# Not IN, and each by itself, so that the partial indexes are used: what was received stays in the table for good.
_OUTGOING = Statement(
    select(outbox.c.state, func.count(), func.min(outbox.c.queued_at))
    .where(
        or_(
            outbox.c.state == "queued",
            outbox.c.state == "sent",
            # What somebody has let be is nothing to look after.
            and_(outbox.c.state == "dead", outbox.c.given_up_at.is_(None)),
        )
    )
    .group_by(outbox.c.state)
)
_VERSION = "SELECT version_num FROM public.alembic_version"
_MIGRATIONS = Path(migrations.__file__).parent / "versions"


async def state_of(db: asyncpg.Connection) -> State:
    """Everything at once; some milliseconds."""
    return State(
        at=await db.fetchval("SELECT now()"),
        parts=[Part(*row) for row in await db.fetch(_PARTS.sql, *_PARTS.bind())],
        sources=await loading.sources(db),
        gaps=await gaps.known(db),
        waiting=[Waiting(*row) for row in await db.fetch(_WAITING.sql, *_WAITING.bind())],
        newest=[Held(*row) for row in await db.fetch(_NEWEST_HELD.sql, *_NEWEST_HELD.bind(most=_NEWEST))],
        outgoing=[Outgoing(*row) for row in await db.fetch(_OUTGOING.sql, *_OUTGOING.bind())],
    )


async def is_migrated(db: asyncpg.Connection | asyncpg.Pool) -> bool:
    """Whether the database is at the version that this code was written for, or at a later one.

    A later one is what the process meets while a new version is rolled out beside it. Raises what PostgreSQL says.
    """
    # Alembic itself would take a third of a second to say it: the files are numbered.
    wanted = max(file.name[:4] for file in _MIGRATIONS.glob("[0-9]*.py"))
    return str(await db.fetchval(_VERSION, timeout=2) or "") >= wanted


async def answers(db: asyncpg.Connection | asyncpg.Pool) -> tuple[bool, bool]:
    """(whether the database answers, whether it is migrated)."""
    try:
        return True, await is_migrated(db)
    except asyncpg.UndefinedTableError:
        return True, False
    except LOST:
        return False, False
