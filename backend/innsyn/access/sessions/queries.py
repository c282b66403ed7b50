"""One's own sessions, devices and logins."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import Boolean, DateTime, Integer, Text, Uuid, bindparam, cast, column, func, select

from innsyn.access.opening import Question, ReadSession, many
from innsyn.access.opening import reader as reader_row
from innsyn.access.reader import Reader

_moment = DateTime(timezone=True)
_LOGINS: Final = (
    column("session_id", Uuid),
    column("device_id", Uuid),
    column("this", Boolean),
    column("open", Boolean),
    column("method", Text),
    column("browser", Text),
    column("started_at", _moment),
    column("last_used_at", _moment),
    column("ended_at", _moment),
    column("why", Text),
)
_DEVICES: Final = (
    column("device_id", Uuid),
    column("browser", Text),
    column("first_seen_at", _moment),
    column("last_seen_at", _moment),
)


class Login(msgspec.Struct, frozen=True, kw_only=True):
    """A session that is or was, or a login that was refused (`method` refused, no session).

    `method`: idporten, passkey, refused. `why` it ended, or was refused: a word; '' while it is open.
    """

    session_id: UUID | None
    device_id: UUID | None
    this: bool
    open: bool
    method: str
    browser: str
    started_at: datetime
    last_used_at: datetime
    ended_at: datetime | None
    why: str


class Device(msgspec.Struct, frozen=True, kw_only=True):
    """A browser that one has logged in with."""

    device_id: UUID
    browser: str
    first_seen_at: datetime
    last_seen_at: datetime


def _as_json(table: Any) -> Any:  # noqa: ANN401 - as SQLAlchemy's own
    return cast(func.json_build_object(*(part for each in table.c for part in (each.name, each))), Text)


_logins = func.identity.own_sessions(reader_row.c.session_id, bindparam("most", type_=Integer)).table_valued(
    *_LOGINS, name="logins"
)
_devices = func.identity.own_devices(reader_row.c.session_id).table_valued(*_DEVICES, name="devices")
_OWN = Question(
    "sessions.list",
    logins=many(
        select(_as_json(_logins))
        .select_from(_logins)
        .order_by(_logins.c.open.desc(), _logins.c.started_at.desc())
    ),
    devices=many(select(_as_json(_devices)).select_from(_devices).order_by(_devices.c.last_seen_at.desc())),
)
_read_login = msgspec.json.Decoder(Login).decode
_read_device = msgspec.json.Decoder(Device).decode


async def sessions_of(db: ReadSession, most: int) -> tuple[Reader, list[Login], list[Device]]:
    """The reader's own logins (open ones first, then newest first, `most` of them) and devices."""
    reader, row = await db.ask(_OWN, most=most)
    return (
        reader,
        [_read_login(each) for each in row["logins"]],
        [_read_device(each) for each in row["devices"]],
    )
