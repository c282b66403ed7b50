"""Logouts on their way to the provider and back, and logout tokens that are good once."""

import hashlib
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import DateTime, bindparam, delete, literal_column, select
from sqlalchemy.dialects.postgresql import insert

from innsyn.db.sessions import WriteSession
from innsyn.db.statements import Statement
from innsyn.identity.logout_tables import logout_attempt, logout_token

_ATTEMPT_LIVES: Final = timedelta(minutes=30)

_state_hash = bindparam("state_hash", type_=logout_attempt.c.state_hash.type)
_oldest = bindparam("oldest", type_=DateTime(timezone=True))
_old_attempts = delete(logout_attempt).where(logout_attempt.c.begun_at < _oldest).cte("forgotten")
_REMEMBER = Statement(
    insert(logout_attempt)
    .values(state_hash=_state_hash, begun_at=bindparam("begun_at", type_=DateTime(timezone=True)))
    .add_cte(_old_attempts)
)
_IS_KNOWN = Statement(
    select(literal_column("1")).where(
        logout_attempt.c.state_hash == _state_hash, logout_attempt.c.begun_at >= _oldest
    )
)
_now = bindparam("now", type_=DateTime(timezone=True))
_old_tokens = delete(logout_token).where(logout_token.c.good_until < _now).cte("forgotten")
_USE = Statement(
    insert(logout_token)
    .values({each.name: bindparam(each.name, type_=each.type) for each in logout_token.c})
    .on_conflict_do_nothing()
    .returning(literal_column("1"))
    .add_cte(_old_tokens)
)


async def remember(db: WriteSession, state: str, now: datetime) -> None:
    """A browser is sent to the provider to log out, and comes back with `state`."""
    await db.value(_REMEMBER, state_hash=_hash(state), begun_at=now, oldest=now - _ATTEMPT_LIVES)


async def is_known(db: WriteSession, state: str, now: datetime) -> bool:
    """Whether a browser was sent to the provider with this not long ago; it may be asked again (a page is reloaded)."""
    found = await db.value(_IS_KNOWN, state_hash=_hash(state), oldest=now - _ATTEMPT_LIVES)
    return found is not None


async def use(db: WriteSession, token: str, good_until: datetime, now: datetime) -> bool:
    """Whether this logout token (by its `jti`) had not been used yet. It is from now on, for as long as it is good."""
    used = await db.value(_USE, token_hash=_hash(token), good_until=good_until, now=now)
    return used is not None


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode(errors="replace")).digest()
