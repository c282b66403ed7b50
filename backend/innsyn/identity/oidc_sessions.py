"""What a login at the provider does to the sessions here, and what a logout there does."""

import base64
import secrets
from datetime import datetime, timedelta
from typing import Final

import msgspec
from sqlalchemy import Boolean, DateTime, Interval, LargeBinary, Text, Uuid, bindparam, func, select
from sqlalchemy.sql import column

from innsyn.db.sessions import WriteSession
from innsyn.db.statements import Statement

_TOKEN_BYTES: Final = 32
_LOG_IN = Statement(
    select(
        func.identity.log_in(
            *(bindparam(name, type_=LargeBinary) for name in ("token", "before")),
            bindparam("renews", type_=Boolean),
            *(bindparam(name, type_=Text) for name in ("system", "value", "acr", "issuer", "sid", "sub")),
            *(bindparam(name, type_=Interval) for name in ("idle", "lifetime")),
            bindparam("auth_time", type_=DateTime(timezone=True)),
            bindparam("browser", type_=Text),
        )
        .table_valued(column("session_id", Uuid), column("stranger", Boolean), name="begun")
        .c.stranger
    )
)
_LOCALE = Statement(select(func.identity.locale_of(bindparam("token", type_=LargeBinary))))
_END = Statement(
    select(func.identity.end_by_provider(*(bindparam(name, type_=Text) for name in ("issuer", "sid", "sub"))))
)


class Proved(msgspec.Struct, frozen=True, kw_only=True):
    """Who has been at the provider, and how it was proved. `system` and `value`: a national number (fnr, dnr, fhn)."""

    system: str
    value: str
    acr: str
    issuer: str
    sid: str
    sub: str
    auth_time: datetime
    browser: str = ""


class Begun(msgspec.Struct, frozen=True):
    """`cookie` is shown once. `stranger`: somebody else was logged in in this browser until now."""

    cookie: str
    stranger: bool


async def log_in(
    db: WriteSession,
    proved: Proved,
    *,
    before: bytes | None,
    renews: bool,
    idle: timedelta,
    lifetime: timedelta,
) -> Begun:
    """Begin a session for this person, or renew theirs.

    `before` is the token that this browser has had; its session ends, unless `renews` (a step-up) and it is the same
    person's: then it goes on under a new token, with the time of this login.
    """
    token = secrets.token_bytes(_TOKEN_BYTES)
    stranger: bool = await db.value(
        _LOG_IN,
        token=token,
        before=before,
        renews=renews,
        idle=idle,
        lifetime=lifetime,
        **msgspec.structs.asdict(proved),
    )
    return Begun(base64.urlsafe_b64encode(token).rstrip(b"=").decode(), stranger)


async def locale_of(db: WriteSession, token: bytes) -> str:
    """The language that the person logged in has chosen; '' for none, and for nobody."""
    found: str = await db.value(_LOCALE, token=token)
    return found


async def end_by_provider(db: WriteSession, issuer: str, *, sid: str = "", sub: str = "") -> int:
    """End the session that the provider calls `sid`, or without one all of `sub`. How many were ended."""
    ended: int = await db.value(_END, issuer=issuer, sid=sid, sub=sub)
    return ended
