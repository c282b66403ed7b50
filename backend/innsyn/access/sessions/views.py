"""The page of one's own sessions: where one is logged in, which devices are known, and when one has logged in."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec

from innsyn.access.views import Who


class _Login(Protocol):
    @property
    def session_id(self) -> UUID | None: ...
    @property
    def device_id(self) -> UUID | None: ...
    @property
    def this(self) -> bool: ...
    @property
    def open(self) -> bool: ...
    @property
    def method(self) -> str: ...
    @property
    def browser(self) -> str: ...
    @property
    def started_at(self) -> datetime: ...
    @property
    def last_used_at(self) -> datetime: ...
    @property
    def ended_at(self) -> datetime | None: ...
    @property
    def why(self) -> str: ...


class _Device(Protocol):
    @property
    def device_id(self) -> UUID: ...
    @property
    def browser(self) -> str: ...
    @property
    def first_seen_at(self) -> datetime: ...
    @property
    def last_seen_at(self) -> datetime: ...


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A session or a login. Times are FHIR's; `until` '' while it is open; `key` is what keys of texts end with."""

    id: str
    this: bool
    browser: str
    method: str
    since: str
    used: str
    until: str
    why: str


class DeviceRow(msgspec.Struct, frozen=True, kw_only=True):
    """A device that nobody is logged in with now."""

    browser: str
    first: str
    last: str


class SessionsPage(msgspec.Struct, frozen=True, kw_only=True):
    """`open` has this session first; `more`: there are older logins than those shown, of the `months` they are kept.

    `done`: '', ended, others.
    """

    reader: Who
    open: Sequence[Row]
    devices: Sequence[DeviceRow]
    history: Sequence[Row]
    more: bool
    months: int
    done: str


class BackPage(msgspec.Struct, frozen=True):
    """Logged in again, beside a page that waits."""

    reader: Who


def sessions_page(
    reader: Who, logins: Sequence[_Login], devices: Sequence[_Device], *, most: int, months: int, done: str
) -> SessionsPage:
    """The page. `logins` are one more than `most` when there are older ones."""
    shown = [each for each in logins if each.open]
    in_use = {each.device_id for each in shown}
    ended = [each for each in logins if not each.open]
    return SessionsPage(
        reader=reader,
        open=sorted((_row(each) for each in shown), key=lambda row: not row.this),
        devices=[
            DeviceRow(browser=each.browser, first=_said(each.first_seen_at), last=_said(each.last_seen_at))
            for each in devices
            if each.device_id not in in_use
        ],
        history=[_row(each) for each in ended[:most]],
        more=len(ended) > most,
        months=months,
        done=done,
    )


def _row(login: _Login) -> Row:
    return Row(
        id=str(login.session_id or ""),
        this=login.this,
        browser=login.browser,
        method=login.method,
        since=_said(login.started_at),
        used=_said(login.last_used_at),
        until=_said(login.ended_at) if login.ended_at else "",
        why=login.why,
    )


def _said(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
