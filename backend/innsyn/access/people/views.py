"""The page on which one changes person."""

from typing import Any

import msgspec


class PeoplePage(msgspec.Struct, frozen=True, kw_only=True):
    """`people` are those whose records are open to the reader."""

    reader: Any
    people: list[Any]
