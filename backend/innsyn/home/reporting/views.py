"""The page on which one points at something in an entry."""

from typing import Any
from uuid import UUID

import msgspec

from innsyn.home.reporting.queries import Unit
from innsyn.home.reporting.rules import Passage
from innsyn.records.entries import Line


class ReportPage(msgspec.Struct, frozen=True, kw_only=True):
    """`what` is wrong or word. `passages` can be chosen; `quote`, `reason` and `comment` as they were typed.

    `is_cut`: there is more in the entry than can be chosen here.
    `units`: the one that wrote it first, where it takes messages. `draft_id` makes it one, however often it is sent.
    """

    reader: Any
    line: Line
    what: str
    passages: list[Passage]
    is_cut: bool
    reasons: tuple[str, ...]
    units: list[Unit]
    draft_id: UUID
    unread: int
    quote: str = ""
    reason: str = ""
    comment: str = ""
    unit: str = ""
    errors: dict[str, str] = {}
