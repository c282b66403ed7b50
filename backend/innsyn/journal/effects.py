"""What is not the same when it is done twice (a notification, a count) has a key of its own, and is done once."""

import hashlib

import asyncpg
from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert

from innsyn.db.statements import Statement
from innsyn.journal.tables import effect

_ONCE = Statement(
    insert(effect).values(key=bindparam("key")).on_conflict_do_nothing().returning(effect.c.key.is_not(None))
)


def key_for(*told: object) -> bytes:
    """A key out of what the effect is and what it is of, such as ("nudge", entry, version): it tells neither."""
    return hashlib.sha256("\x1f".join(map(str, told)).encode()).digest()


async def once(db: asyncpg.Connection, key: bytes) -> bool:
    """Is this the first time? True once, in the transaction that commits; another one asking meanwhile waits for it."""
    return bool(await db.fetchval(_ONCE.sql, *_ONCE.bind(key=key)))
