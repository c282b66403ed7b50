"""The pages of what a citizen decides about one entry."""

from typing import Any
from uuid import UUID

import msgspec

from innsyn.access.wishes.rules import Problem
from innsyn.records.entries import Line


class ChoicePage(msgspec.Struct, frozen=True, kw_only=True):
    """Before something is done with an entry. `key` is of the request that the form makes.

    `may_ask`: for a block, which the young can not ask for by themselves.
    """

    reader: Any
    line: Line
    from_parents: bool
    may_ask: bool
    key: UUID
    errors: list[Problem] = msgspec.field(default_factory=list)


class HiddenPage(msgspec.Struct, frozen=True, kw_only=True):
    """`done` is hidden or shown, right after it."""

    reader: Any
    lines: list[Line]
    from_parents: bool
    done: str
