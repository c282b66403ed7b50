"""Notices, and how one hears of them, as their pages know them."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec

from innsyn.access.telling.kinds import Told
from innsyn.notifications.channels.port import Way
from innsyn.notifications.rules import Hours
from innsyn.notifications.subscriptions.pages import DevicesPage
from innsyn.notifications.subscriptions.queries import Told as Device
from innsyn.notifications.views import ChoosingPage, Contact, Notice, NoticesPage, rows
from pwa.form_examples import WHO

_NOW = WHO.now


def _notice(number: int, kind: Told, handle: str = "", name: str = "", *, seen: bool = False) -> Notice:
    at = _NOW - timedelta(hours=9 * number)
    return Notice(id=UUID(int=number), handle=handle, name=name, kind=kind, at=at, seen=seen)


def notice_pages() -> dict[str, tuple[str, Any]]:
    """A name, the template and its data, as `examples.pages`."""
    replace = msgspec.structs.replace
    listed = [
        _notice(1, Told.RESULT),
        _notice(2, Told.MESSAGE, "6W1nT2rkq3bA0xYz", "Olav Nordli"),
        _notice(3, Told.REMINDER, seen=True),
        _notice(4, Told.ACCESS, seen=True),
    ]
    seen = NoticesPage(reader=WHO, notices=listed, unseen=2, done=False)
    hours = Hours()
    choosing = ChoosingPage(
        reader=WHO,
        own=rows({(Told.RESULT, False): frozenset({Way.EMAIL})}, of_others=False),
        others=rows({}, of_others=True),
        quiet_from=f"{hours.quiet_from:%H:%M}" if hours.quiet_from else "",
        quiet_until=f"{hours.quiet_until:%H:%M}" if hours.quiet_until else "",
        digest_at="",
        contact=Contact(email="kari@example.no", mobile="+4799999999", why=""),
        saved=True,
    )
    devices = DevicesPage(
        reader=WHO,
        devices=[
            Device(UUID(int=1), "Firefox, Android", _NOW - timedelta(days=40), _NOW - timedelta(hours=3)),
            Device(UUID(int=2), "", _NOW - timedelta(days=400), None),
        ],
        key="BDB7l4_BtCL2fgBkU8BbDorojJmcgYRA4Vow7GE7lxHebREavzjqbsGbeIzLeB814DxmxwR_CrIEEUtwd4favYE",
        done="on",
    )
    wrong = replace(choosing, quiet_from="22", error="notices.error_quiet", saved=False, contact=Contact())
    return {
        "notices": ("notifications/list.html", seen),
        "notices-empty": ("notifications/list.html", replace(seen, notices=[], unseen=0, done=True)),
        "notices-choosing": ("notifications/choosing.html", choosing),
        "notices-choosing-wrong": ("notifications/choosing.html", replace(wrong, others=None)),
        "notices-devices": ("notifications/devices.html", devices),
        "notices-devices-none": (
            "notifications/devices.html",
            replace(devices, devices=[], key="", done="refused"),
        ),
    }
