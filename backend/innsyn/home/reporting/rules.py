"""What of an entry can be pointed at, and what is said of it."""

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

WRONG, WORD = "wrong", "word"
WHAT: Final = (WRONG, WORD)
# What may be wrong with a sentence.
REASONS: Final = ("mistake", "missing", "hurtful", "not_me")
LONGEST_QUOTE: Final = 2_000
LONGEST_COMMENT: Final = 4_000
MOST_PASSAGES: Final = 60
# Codes, addresses and moments are not read; what is read has a space in it, or is all that a field says.
_UNREAD: Final = re.compile(r"[a-z]+:\S+|\d{4}-\d\d\S*|[A-Za-z0-9._-]{0,3}")
_BLOCK: Final = re.compile(r"</(?:p|div|li|tr|h[1-6]|td|th)>|<br\s*/?>", re.IGNORECASE)
_TAG: Final = re.compile(r"<[^>]*>")
# Of an entry's detail, what is about how it is kept and not what it says.
_NOT_WORDS: Final = frozenset({"code", "category", "status", "id", "kind", "system", "unit"})


def passages_of(title: str, value: str, detail: Mapping[str, Any]) -> list[str]:
    """What one reads of an entry, piece by piece, in the order it is kept; at most MOST_PASSAGES of them."""
    told = [" ".join(filter(None, (title, value))), *_texts(detail)]
    found = dict.fromkeys(piece for text in told for piece in _pieces(text))
    return [piece[:LONGEST_QUOTE] for piece in found][:MOST_PASSAGES]


def problems_of(what: str, reason: str, quote: str, comment: str) -> dict[str, str]:
    """Why it can not be sent: field and text key."""
    found = {}
    if what == WRONG and reason not in REASONS:
        found["reason"] = "reporting.error.reason"
    if not quote and not comment:
        found["comment"] = "reporting.error.nothing"
    if len(quote) > LONGEST_QUOTE or len(comment) > LONGEST_COMMENT:
        found["comment"] = "reporting.error.long"
    return found


def _texts(value: Any, name: str = "") -> Iterator[str]:  # noqa: ANN401 - JSON
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from _texts(each, key)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each, name)
    elif isinstance(value, str) and name not in _NOT_WORDS:
        yield _plain(value) if name == "html" else value


def _pieces(text: str) -> Iterable[str]:
    pieces = (" ".join(piece.split()) for piece in re.split(r"\n+", text))
    return [piece for piece in pieces if piece and not _UNREAD.fullmatch(piece)]


def _plain(markup: str) -> str:
    return html.unescape(_TAG.sub("", _BLOCK.sub("\n", markup)))
