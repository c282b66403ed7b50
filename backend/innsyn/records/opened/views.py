"""The page of one entry."""

from typing import Any

import msgspec

from innsyn.records.entries import Line
from innsyn.records.sources import Source


class DocumentLink(msgspec.Struct, frozen=True):
    """A file to open."""

    n: int
    title: str
    type: str
    size: int


class EntryPage(msgspec.Struct, frozen=True, kw_only=True):
    """`detail` is the Struct of the kind's views.py, None for a placeholder. `trend` is oldest first.

    `has_earlier`: what stood here before can be seen beside it. `asked`: what has been written about it.
    """

    reader: Any
    line: Line
    detail: Any
    members: list[Line]
    trend: list[Line]
    belongs_to: Line | None
    documents: list[DocumentLink]
    sources: list[Source]
    has_earlier: bool = False
    asked: list[Any] = []


def own_source_first(sources: list[Source], key: str) -> list[Source]:
    """The service that wrote the entry; nothing else on its page is about the others."""
    return [source for source in sources if source.key == key]
