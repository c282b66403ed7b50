"""The first page."""

from collections.abc import Iterable
from typing import Any

import msgspec

from innsyn.records.entries import Line
from innsyn.records.history.tables import TakenBack
from innsyn.records.kinds import Kind
from innsyn.records.sources import Source


class AreaTile(msgspec.Struct, frozen=True, kw_only=True):
    """A kind on the first page, with a fact: how many, how many in use, since when, or what."""

    kind: str
    count: int
    active: int = 0
    since: int = 0
    note: str = ""


class HomePage(msgspec.Struct, frozen=True, kw_only=True):
    """`next` is the next appointment. `taken` are the newest of what has been taken back; they count as news too."""

    reader: Any
    next: Line | None
    news: list[Line]
    news_count: int
    taken: list[TakenBack]
    areas: list[AreaTile]
    sources: list[Source]


class WelcomePage(msgspec.Struct, frozen=True):
    """For somebody not logged in. `demo`: all people are made up. `unlock`: where a passkey opens ('' nowhere)."""

    login: str
    demo: bool
    unlock: str


def names(lines: Iterable[Line]) -> str:
    """What one must not be given, the dangerous first."""
    ranked = sorted(lines, key=lambda line: line.flag != "severe")
    return ", ".join(dict.fromkeys(line.title for line in ranked))


def in_order(tiles: Iterable[AreaTile]) -> list[AreaTile]:
    """As the kinds are ordered everywhere."""
    places = {kind.value: place for place, kind in enumerate(Kind)}
    return sorted(tiles, key=lambda tile: places[tile.kind])
