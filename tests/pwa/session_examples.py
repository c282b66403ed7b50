"""Pages of sessions that made-up people meet: their own list, a form that came too late, and the way back."""

from dataclasses import dataclass, field
from typing import Any

from innsyn.access.sessions.views import DeviceRow, Row
from innsyn.refused import Kept
from pwa.shapes import Page

_PHONE = Row(
    id="5c6ffc9e-8f4e-4b56-9a0a-0f3a52a2c7d1",
    this=True,
    browser="Safari, iPhone",
    method="passkey",
    since="2026-11-23T08:15:00+01:00",
    used="2026-11-23T10:20:00+01:00",
    until="",
    why="",
)
_MACHINE = Row(
    id="6c6ffc9e-8f4e-4b56-9a0a-0f3a52a2c7d2",
    this=False,
    browser="",
    method="idporten",
    since="2026-11-22T19:40:00+01:00",
    used="2026-11-22T20:02:00+01:00",
    until="2026-11-22T20:32:00+01:00",
    why="idle",
)
_REFUSED = Row(
    id="",
    this=False,
    browser="Firefox, Windows",
    method="refused",
    since="2026-11-14T15:21:00+01:00",
    used="2026-11-14T15:21:00+01:00",
    until="2026-11-14T15:21:00+01:00",
    why="level_too_low",
)
_DEVICE = DeviceRow(
    browser="Edge, Windows", first="2026-09-01T12:00:00+02:00", last="2026-11-20T21:05:00+01:00"
)


@dataclass(frozen=True)
class _Sessions(Page):
    open: list[Row] = field(default_factory=list)
    devices: list[DeviceRow] = field(default_factory=list)
    history: list[Row] = field(default_factory=list)
    more: bool = False
    months: int = 13
    done: str = ""


def session_pages() -> dict[str, tuple[str, Page]]:
    """A name, its template and its data."""
    written = Kept("/session/send/AAAAAAAAAAAAAAAA/access/give", [("text", "Hei!\nKan du hjelpe meg?")])
    full: dict[str, Any] = {
        "open": [_PHONE, _MACHINE],
        "devices": [_DEVICE],
        "history": [_MACHINE, _REFUSED],
        "more": True,
        "done": "ended",
    }
    return {
        "sessions": ("identity/sessions.html", _Sessions(**full)),
        "sessions-first": ("identity/sessions.html", _Sessions(open=[_PHONE])),
        "expired-kept": ("identity/expired.html", Page(reader=None, kept=written)),
        "expired-step-up": ("identity/expired.html", Page(reader=None, reason="step_up", unlock="")),
    }
