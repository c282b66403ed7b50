"""Giving out challenges, and letting in whoever answers one."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

import asyncpg
from sqlalchemy import BigInteger, Boolean, Interval, LargeBinary, Text, Uuid, bindparam, column, func, select

from innsyn.db.sessions import WriteSession, write_session
from innsyn.db.statements import Statement
from innsyn.identity.passkeys import queries, rules
from innsyn.identity.passkeys.rules import CHALLENGE_BYTES, NotTheirPasskey, Shown, Site, TooLongAgo
from innsyn.identity.sessions import token_of

Ceremony = Literal["register", "unlock"]
# As long as every session's token.
_TOKEN_BYTES: Final = 32

_challenge = (
    bindparam("challenge", type_=LargeBinary),
    bindparam("holder", type_=LargeBinary),
    bindparam("ceremony", type_=Text),
)
_GIVE = Statement(select(func.identity.give_challenge(*_challenge)))
_TAKE = Statement(select(func.identity.take_challenge(*_challenge)))
_UNLOCK = Statement(
    select(
        *func.identity.unlock(
            *(bindparam(name, type_=LargeBinary) for name in ("token", "before", "credential_id")),
            bindparam("sign_count", type_=BigInteger),
            bindparam("backed_up", type_=Boolean),
            *(bindparam(name, type_=Interval) for name in ("longest", "idle", "lifetime")),
            bindparam("browser", type_=Text),
        )
        .table_valued(column("session_id", Uuid), column("problem", Text), name="unlocked")
        .c
    )
)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long since the last login at ID-porten a passkey is good for, and how long a session lives."""

    longest: timedelta
    idle: timedelta
    lifetime: timedelta


@dataclass(frozen=True, slots=True)
class Here:
    """The browser that asks: its own secret, the session it had until now, and what it is in words."""

    secret: bytes
    before: bytes | None
    browser: str


async def give_challenge(db: WriteSession, ceremony: Ceremony, holder: bytes) -> bytes:
    """A new challenge, for one answer from whoever has the secret `holder`."""
    challenge = secrets.token_bytes(CHALLENGE_BYTES)
    await db.value(_GIVE, challenge=challenge, holder=holder, ceremony=ceremony)
    return challenge


async def take_challenge(pool: asyncpg.Pool, ceremony: Ceremony, holder: bytes, challenge: bytes) -> None:
    """Use a challenge up. Raises NotTheirPasskey unless it was given for this, to this holder, and not used.

    In a transaction of its own: it stays used when what comes after is refused.
    """
    async with write_session(pool) as db:
        taken = await db.value(_TAKE, challenge=challenge, holder=holder, ceremony=ceremony)
    if not taken:
        raise NotTheirPasskey("no such challenge here")


async def unlock(pool: asyncpg.Pool, answer: Shown, here: Here, site: Site, limits: Limits) -> str:
    """Begin a session with a passkey, in place of the one that was here; the value of its cookie.

    Raises PasskeyRefused.
    """
    challenge = rules.challenge_in(answer)
    await take_challenge(pool, "unlock", here.secret, challenge)
    credential_id = rules.unpacked(answer.id)
    cookie = secrets.token_urlsafe(_TOKEN_BYTES)
    async with write_session(pool) as db:
        known = await queries.passkey_with(db, credential_id)
        if known is None:
            raise NotTheirPasskey("unlocking: unknown")
        used = rules.must_be_theirs(answer, challenge, known, site)
        begun = await db.row(
            _UNLOCK,
            token=token_of(cookie),
            before=here.before,
            credential_id=credential_id,
            sign_count=used.sign_count,
            backed_up=used.backed_up,
            longest=limits.longest,
            idle=limits.idle,
            lifetime=limits.lifetime,
            browser=here.browser,
        )
        _must_have_begun(begun)
    return cookie


def _must_have_begun(begun: asyncpg.Record | None) -> None:
    problem = begun["problem"] if begun else "unknown"
    if problem == "long_ago":
        raise TooLongAgo("unlocking: long since ID-porten")
    if problem:
        raise NotTheirPasskey(f"unlocking: {problem}")
