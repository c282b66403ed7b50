"""Readings in Innsyn itself as a person understands them: a day of one's own, a day of a helper's."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

import msgspec

from innsyn.access.reader import PREVIEW
from innsyn.records.entries import Line, read_line


class Readings(msgspec.Struct, frozen=True, kw_only=True):
    """What one person did in the record on one day under one rule. `id` is the newest row of the log.

    `actor` is None for oneself, `name` the helper's. `what` are (purpose, how often), of what was let through.
    """

    id: int
    day: date
    first: datetime
    last: datetime
    actor: UUID | None = None
    name: str = ""
    rule: str = ""
    sessions: int = 1
    n: int = 0
    acts: int = 0
    refused: int = 0
    what: tuple[tuple[str, int], ...] = ()

    @property
    def own(self) -> bool:
        """By oneself, also when looking as a helper would."""
        return self.actor is None

    @property
    def preview(self) -> bool:
        return self.rule == PREVIEW


class Reading(msgspec.Struct, frozen=True):
    """One row of the log. `line` is the entry that was opened, as JSON, where it still is to be seen."""

    id: int
    at: datetime
    session: UUID
    purpose: str
    rule: str
    actor: UUID | None = None
    act: bool = False
    refused: bool = False
    line: str | None = None

    @property
    def entry(self) -> Line | None:
        return read_line(self.line) if self.line else None


def often(what: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """(purpose, how often) once for each purpose, the most frequent first."""
    counted: dict[str, int] = {}
    for purpose, n in what:
        counted[purpose] = counted.get(purpose, 0) + n
    return sorted(counted.items(), key=lambda each: (-each[1], each[0]))
