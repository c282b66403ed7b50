"""The first page."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from innsyn.forms.tasks.views import Row
from innsyn.journal.outbox import Undelivered
from innsyn.records.entries import Line
from innsyn.records.history.tables import TakenBack
from innsyn.records.kinds import Kind
from innsyn.records.sources import Source
from innsyn.web.dates import short_day, today_of


class AreaTile(msgspec.Struct, frozen=True, kw_only=True):
    """A kind on the first page, with a fact: how many, how many in use, since when, or what."""

    kind: str
    count: int
    active: int = 0
    since: int = 0
    note: str = ""


class Stopped(msgspec.Struct, frozen=True):
    """Something of the reader's that has not arrived: what, how it stands, and where more is told ('' nowhere)."""

    kind: str
    how: str
    href: str


# Where each kind of what leaves tells how it stands.
_PLACES = {"consent": "/access/blocks", "task": "/access/log"}


class Gone(msgspec.Struct, frozen=True):
    """Something that has been taken back: where it is told, of which kind, by whom, and when (as a short date)."""

    href: str
    kind: str
    by: str
    at: str
    when: str


class HomePage(msgspec.Struct, frozen=True, kw_only=True):
    """The first page.

    `to_do` are the forms to fill in soonest, of `to_do_count`; `has_forms`: whether whoever reads may answer forms.
    `unread` counts threads with something new, `notices` what one was told of and has not read. `next` is the next
    appointment. `taken` are the newest of what has been taken back; they count as news too.
    """

    reader: Any
    to_do: list[Row]
    to_do_count: int
    has_forms: bool
    unread: int
    next: Line | None
    news: list[Line]
    news_count: int
    taken: list[Gone]
    areas: list[AreaTile]
    sources: list[Source]
    undelivered: list[Stopped]
    notices: int = 0


class WelcomePage(msgspec.Struct, frozen=True):
    """For somebody not logged in. `demo`: all people are made up. `unlock`: where a passkey opens ('' nowhere)."""

    login: str
    demo: bool
    unlock: str


def gone_of(taken: Iterable[TakenBack], base: str, now: datetime, locale: str) -> list[Gone]:
    """Rows of what has been taken back."""
    today = today_of(now)
    return [
        Gone(
            f"{base}/journal/{each.kind}/{each.id}",
            each.kind,
            each.organisation or each.source,
            each.taken[:10],
            short_day(each.taken, today, locale),
        )
        for each in taken
    ]


def names(lines: Iterable[Line]) -> str:
    """What one must not be given, the dangerous first."""
    ranked = sorted(lines, key=lambda line: line.flag != "severe")
    return ", ".join(dict.fromkeys(line.title for line in ranked))


def in_order(tiles: Iterable[AreaTile]) -> list[AreaTile]:
    """As the kinds are ordered everywhere."""
    places = {kind.value: place for place, kind in enumerate(Kind)}
    return sorted(tiles, key=lambda tile: places[tile.kind])


def stopped(undelivered: Iterable[Undelivered], *, own: bool) -> list[Stopped]:
    """What has to be told before all else; `own`: in one's own record, where the pages are that tell more."""
    ordered = sorted(undelivered, key=lambda each: (each.how, each.kind))
    return [Stopped(each.kind, each.how, _PLACES.get(each.kind, "") if own else "") for each in ordered]
