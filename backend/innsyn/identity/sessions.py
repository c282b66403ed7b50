"""Sessions: begun by a login, ended by a logout or by time. The browser holds a random token and nothing else."""

import base64
import binascii
import secrets

from sqlalchemy import LargeBinary, Text, bindparam, func, select

from innsyn.db.sessions import WriteSession
from innsyn.db.statements import Statement

_TOKEN_BYTES = 32
_token = bindparam("token", type_=LargeBinary)
_END = Statement(select(func.identity.end_session(_token)))
_RENEW = Statement(select(func.identity.renew_session(_token, bindparam("new", type_=LargeBinary))))
_CHOOSE_LOCALE = Statement(select(func.identity.choose_locale(_token, bindparam("locale", type_=Text))))


def cookie_name(*, production: bool) -> str:
    """`__Host-` binds the cookie to this host and to https, which http://localhost does not have."""
    return "__Host-innsyn" if production else "innsyn"


def token_of(cookie: str | None) -> bytes | None:
    """The token that a session cookie carries; None for anything that can not be one."""
    if not cookie:
        return None
    try:
        token = base64.urlsafe_b64decode(cookie + "=" * (-len(cookie) % 4))
    except (binascii.Error, ValueError):
        return None
    return token if len(token) == _TOKEN_BYTES else None


async def renew_session(db: WriteSession, token: bytes) -> str | None:
    """A new value of the cookie for the session of this token, which is worth nothing afterwards; None: no session."""
    new = secrets.token_bytes(_TOKEN_BYTES)
    return _cookie_of(new) if await db.value(_RENEW, token=token, new=new) else None


def _cookie_of(token: bytes) -> str:
    return base64.urlsafe_b64encode(token).rstrip(b"=").decode()


async def end_session(db: WriteSession, token: bytes) -> bool:
    """End the session of this token; False when there was none to end."""
    return bool(await db.value(_END, token=token))


async def choose_locale(db: WriteSession, token: bytes, locale: str) -> bool:
    """Keep the language that the person logged in wants; False when nobody is."""
    return bool(await db.value(_CHOOSE_LOCALE, token=token, locale=locale))
