"""What is not the same when it is done twice (a notification, a count) has a key of its own, and is done once."""

import hashlib
from collections.abc import Sequence

import asyncpg
from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from innsyn.db.batches import given
from innsyn.db.statements import Statement
from innsyn.journal.tables import effect

_ONCE = Statement(
    insert(effect).values(key=bindparam("key")).on_conflict_do_nothing().returning(effect.c.key.is_not(None))
)

_keys = given(effect.c.key)
_ONCE_EACH = Statement(
    insert(effect).from_select(["key"], select(_keys.c.key)).on_conflict_do_nothing().returning(effect.c.key)
)


def key_for(*told: object) -> bytes:
    """A key out of what the effect is and what it is of, such as ("nudge", entry, version): it tells neither."""
    return hashlib.sha256("\x1f".join(map(str, told)).encode()).digest()


async def once(db: asyncpg.Connection, key: bytes) -> bool:
    """Is this the first time? True once, in the transaction that commits; another one asking meanwhile waits for it."""
    return bool(await db.fetchval(_ONCE.sql, *_ONCE.bind(key=key)))


async def first_times(db: asyncpg.Connection, keys: Sequence[bytes]) -> set[bytes]:
    """Of these, those that are new: as `once` for each."""
    rows = await db.fetch(_ONCE_EACH.sql, *_ONCE_EACH.bind(keys=sorted(set(keys))))
    return {row["key"] for row in rows}
