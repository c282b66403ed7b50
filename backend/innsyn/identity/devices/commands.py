"""Remember the device of a login, and a login that came to nothing."""

from datetime import timedelta

from sqlalchemy import Interval, LargeBinary, Text, bindparam, func, select

from innsyn.db.sessions import WriteSession
from innsyn.db.statements import Statement

_MEET = Statement(
    select(
        func.identity.meet_device(
            bindparam("token", type_=LargeBinary),
            bindparam("cookie", type_=LargeBinary),
            bindparam("browser", type_=Text),
            bindparam("keep", type_=Interval),
        )
    )
)
_REFUSE = Statement(
    select(
        func.identity.refuse_login(
            *(bindparam(name, type_=Text) for name in ("system", "value", "why", "browser"))
        )
    )
)


async def meet_device(
    db: WriteSession, *, token: bytes, cookie: bytes, browser: str, keep: timedelta
) -> None:
    """The session of `token` is in the browser with this device `cookie`; logins older than `keep` are forgotten."""
    await db.value(_MEET, token=token, cookie=cookie, browser=browser, keep=keep)


async def refuse_login(db: WriteSession, *, system: str, number: str, why: str, browser: str) -> None:
    """Somebody proved to have this national number and was not let in: its person sees it in the own history.

    `why` is a word for the reason (level_too_low). A number that nobody here has leaves nothing behind.
    """
    await db.value(_REFUSE, system=system, value=number, why=why, browser=browser)
