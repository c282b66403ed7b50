"""End one's own sessions; stay in this one."""

from uuid import UUID

from sqlalchemy import LargeBinary, Uuid, bindparam, func, select

from innsyn.access.acting import Act
from innsyn.db.sessions import WriteSession
from innsyn.db.statements import Statement

_END_ONE = Statement(select(func.identity.end_own_session(bindparam("session", type_=Uuid))))
_END_OTHERS = Statement(select(func.identity.end_other_sessions()))
_STAY = Statement(select(func.identity.stay(bindparam("token", type_=LargeBinary))))


async def end_session(act: Act, session_id: UUID) -> bool:
    """End this session of the person here; False when there is none of theirs to end."""
    return bool(await act.db.value(_END_ONE, session=session_id))


async def end_other_sessions(act: Act) -> int:
    """End all sessions of the person here but the one they are in. How many were ended."""
    ended: int = await act.db.value(_END_OTHERS)
    return ended


async def stay(db: WriteSession, token: bytes) -> bool:
    """Count the idle limit from now; False when the session is over. The absolute limit stands."""
    return bool(await db.value(_STAY, token=token))
