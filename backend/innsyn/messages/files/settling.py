"""Files that wait: what a unit sent, until it has been looked into, and what was added while the scanner was down.

Nothing is held while a file is looked into, so that the feed never waits for one. Two that look at the same say
the same.
"""

import asyncio
from typing import Final, NamedTuple
from uuid import UUID

import asyncpg
import structlog

from innsyn.db.pool import LOST
from innsyn.files.checking import Refused
from innsyn.files.examining import examined
from innsyn.files.rules import name_of
from innsyn.files.scanning import Scanner

_CHANNEL: Final = "message_changed"
_EVERY_SECONDS: Final = 5.0
# As many in a row that nobody could say anything of, and the scanner is asked whether it is down, or it is the files.
_ASK_AFTER: Final = 3
_NOTHING: Final = b"innsyn"
log = structlog.get_logger()

_NEXT: Final = """
    SELECT file_id, at, author_id IS NOT NULL AS ours, name, media_type, body FROM message.attachment
    WHERE scan = 'waiting' AND (at, file_id) > ($1, $2) ORDER BY at, file_id LIMIT 1
"""
# The person hears of it as of any change of a thread (migrations/message_threads.py).
_SETTLE: Final = """
    WITH settled AS (
        UPDATE message.attachment SET scan = $2, reason = $3, name = $4, media_type = $5, body = $6,
            size = octet_length($6::bytea)
        WHERE file_id = $1 AND scan = 'waiting' RETURNING person_id
    )
    SELECT count(pg_notify('message_changed', person_id::text)) FROM settled
"""


class _Settled(NamedTuple):
    scan: str
    reason: str
    name: str
    media_type: str
    body: bytes


async def settle(db: asyncpg.Connection, scanner: Scanner) -> int:
    """Look into all that waits; how many are settled now. Those of which nobody could say go on waiting."""
    count = unsaid = 0
    after = (await db.fetchval("SELECT '-infinity'::timestamptz"), UUID(int=0))
    while (row := await db.fetchrow(_NEXT, *after)) is not None:
        after = row["at"], row["file_id"]
        settled = await (_ours(scanner, row) if row["ours"] else _theirs(scanner, row))
        if settled is None:
            unsaid += 1
            if unsaid % _ASK_AFTER == 0 and await scanner.scan(_NOTHING) == "unknown":
                break
            continue
        unsaid = 0
        await db.execute(_SETTLE, row["file_id"], *settled)
        count += 1
        log.info("file_settled", scan=settled.scan, reason=settled.reason, ours=row["ours"])
    return count


async def keep_settling(db: asyncpg.Connection, stop: asyncio.Event, scanner: Scanner) -> None:
    """Until told to stop. Raises one of LOST."""
    something = asyncio.Event()
    await db.add_listener(_CHANNEL, lambda *_: something.set())
    while not stop.is_set():
        something.clear()
        try:
            await settle(db, scanner)
        except LOST:
            raise
        except Exception:
            log.exception("files_failed", again_in_seconds=_EVERY_SECONDS)
        await _either(stop, something)


async def _ours(scanner: Scanner, row: asyncpg.Record) -> _Settled | None:
    """It was looked into when it came; what is kept is what will be sent."""
    said = await scanner.scan(row["body"])
    if said == "unknown":
        return None
    if said == "infected":
        return _Settled("refused", "infected", row["name"], row["media_type"], b"")
    return _Settled("clean", "", row["name"], row["media_type"], row["body"])


async def _theirs(scanner: Scanner, row: asyncpg.Record) -> _Settled | None:
    result = await examined(scanner, row["body"])
    if isinstance(result, Refused):
        return _Settled("refused", result.reason, row["name"], row["media_type"], b"")
    if not result.is_clean:
        return None
    found = result.found
    return _Settled("clean", "", name_of(row["name"], found.media_type), found.media_type, found.body)


async def _either(stop: asyncio.Event, something: asyncio.Event) -> None:
    waiting = [asyncio.ensure_future(each.wait()) for each in (stop, something)]
    try:
        await asyncio.wait(waiting, timeout=_EVERY_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for each in waiting:
            each.cancel()
