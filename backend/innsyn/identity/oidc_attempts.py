"""Logins that have been begun: kept on the server, tied to the browser that began, good for one answer."""

import hashlib
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import DateTime, bindparam, delete, insert

from innsyn.db.sessions import WriteSession
from innsyn.db.statements import Statement
from innsyn.identity.oidc import LoginAttempt
from innsyn.identity.tables import login_attempt

# As long as ID-porten itself waits for somebody to find the phone.
ATTEMPT_LIVES: Final = timedelta(minutes=30)

_oldest = bindparam("oldest", type_=DateTime(timezone=True))
_forgotten = delete(login_attempt).where(login_attempt.c.begun_at < _oldest).cte("forgotten")
_REMEMBER = Statement(
    insert(login_attempt)
    .values({each.name: bindparam(each.name, type_=each.type) for each in login_attempt.c})
    .add_cte(_forgotten)
)
# In one statement, so that of two answers with the same state one finds nothing.
_TAKE = Statement(
    delete(login_attempt)
    .where(
        login_attempt.c.state_hash == bindparam("state_hash"),
        login_attempt.c.browser_hash == bindparam("browser_hash"),
        login_attempt.c.begun_at >= _oldest,
    )
    .returning(
        login_attempt.c.nonce,
        login_attempt.c.verifier,
        login_attempt.c.next,
        login_attempt.c.begun_at,
        login_attempt.c.fresh,
    )
)


async def remember(db: WriteSession, attempt: LoginAttempt, browser: str) -> None:
    """Keep the attempt for the browser with this token, and forget those that are too old to be of use."""
    await db.value(
        _REMEMBER,
        state_hash=_hash(attempt.state),
        browser_hash=_hash(browser),
        nonce=attempt.nonce,
        verifier=attempt.verifier,
        next=attempt.next,
        fresh=attempt.fresh,
        begun_at=attempt.begun_at,
        oldest=attempt.begun_at - ATTEMPT_LIVES,
    )


async def take(db: WriteSession, state: str, browser: str, now: datetime) -> LoginAttempt | None:
    """The attempt with this state, begun in this browser not too long ago. It is gone afterwards."""
    found = await db.row(
        _TAKE, state_hash=_hash(state), browser_hash=_hash(browser), oldest=now - ATTEMPT_LIVES
    )
    return LoginAttempt(state, *found) if found else None


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode(errors="replace")).digest()
