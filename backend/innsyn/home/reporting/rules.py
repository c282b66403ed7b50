"""What of an entry can be pointed at, and what is said of it."""

import html
import re
import textwrap
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

WRONG, WORD = "wrong", "word"
WHAT: Final = (WRONG, WORD)
# What may be wrong with a sentence.
REASONS: Final = ("mistake", "missing", "hurtful", "not_me")
LONGEST_QUOTE: Final = 2_000
LONGEST_COMMENT: Final = 4_000
# On one page.
MOST_PASSAGES: Final = 60
# Codes, addresses and moments are not read; what is read has a space in it, or is all that a field says.
_UNREAD: Final = re.compile(r"[a-z]+:\S+|\d{4}-\d\d\S*|[A-Za-z0-9._-]{0,3}")
_BLOCK: Final = re.compile(r"</(?:p|div|li|tr|h[1-6]|td|th)>|<br\s*/?>", re.IGNORECASE)
_TAG: Final = re.compile(r"<[^>]*>")
_SENTENCE_ENDS: Final = re.compile(r"(?<=[.!?…])[\"»)]?\s+(?=[\"«(]?[A-ZÆØÅ])")
# A point that ends no sentence: after an abbreviation or an initial.
_GOES_ON: Final = re.compile(
    r"(?:^|[\s(])(?:\w|\w{1,3}\.\w{1,3}|art|avd|ca|dr|evt|inkl|jf|kap|kl|nr|overl|pas|prof|st|tlf|vs)\.$",
    re.IGNORECASE,
)
_LONGEST_ABBREVIATION: Final = 10
# Of an entry's detail, what is about how it is kept and not what it says.
_NOT_WORDS: Final = frozenset({"code", "category", "status", "id", "kind", "system", "unit"})


class Passage(NamedTuple):
    """What stands together in an entry; `sentences` where it is more than one."""

    text: str
    sentences: list[str]


def passages_of(title: str, value: str, detail: Mapping[str, Any]) -> list[Passage]:
    """What one reads of an entry, piece by piece, in the order it is kept. None is longer than LONGEST_QUOTE."""
    told = [" ".join(filter(None, (title, value))), *_texts(detail)]
    found = dict.fromkeys(part for text in told for piece in _pieces(text) for part in _parts(piece))
    cut = ((text, sentences_of(text)) for text in found)
    return [Passage(text, sentences if len(sentences) > 1 else []) for text, sentences in cut]


def sentences_of(passage: str) -> list[str]:
    """Its sentences in order, with their marks. Where it is not certain that one ends, two stay together."""
    found, begun = [], 0
    for end in _SENTENCE_ENDS.finditer(passage):
        last = passage[max(begun, end.start() - _LONGEST_ABBREVIATION) : end.start()]
        if not _GOES_ON.search(last):
            found.append(passage[begun : end.end()].rstrip())
            begun = end.end()
    return [*found, passage[begun:]] if passage else []


def quotes_of(passages: Iterable[Passage]) -> set[str]:
    """All that can be pointed at in them."""
    return {quote for passage in passages for quote in (passage.text, *passage.sentences)}


def problems_of(what: str, reason: str, quote: str, comment: str, quotes: Collection[str]) -> dict[str, str]:
    """Why it can not be sent: field and text key. `quotes`: what can be pointed at, besides nothing ('')."""
    found = {}
    if quote and quote not in quotes:
        found["quote"] = "reporting.error.quote"
    if not quote and not comment:
        found["quote"] = "reporting.error.nothing"
    if what == WRONG and reason not in REASONS:
        found["reason"] = "reporting.error.reason"
    if len(comment) > LONGEST_COMMENT:
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


def _parts(piece: str) -> list[str]:
    if len(piece) <= LONGEST_QUOTE:
        return [piece]
    parts = [""]
    for sentence in sentences_of(piece):
        for text in textwrap.wrap(sentence, LONGEST_QUOTE):
            longer = f"{parts[-1]} {text}".lstrip()
            if len(longer) <= LONGEST_QUOTE:
                parts[-1] = longer
            else:
                parts.append(text)
    return parts


def _plain(markup: str) -> str:
    return html.unescape(_TAG.sub("", _BLOCK.sub("\n", markup)))
