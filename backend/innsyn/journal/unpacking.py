"""JSON taken apart without trusting what is inside: each piece as the bytes that were sent.

One broken resource must not take the page or bundle around it along, so where a parser gives up on the whole,
the text is cut at its brackets and commas, and the pieces answer for themselves.
"""

import re
from collections.abc import Iterator

import msgspec

from innsyn.journal.limits import DuplicateKey, NotJson, NotText

_decode_members = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_decode_items = msgspec.json.Decoder(list[msgspec.Raw]).decode
_decode_text = msgspec.json.Decoder(str).decode
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)

_TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],]', re.DOTALL)
_NAMED = re.compile(rb'("[^"\\]*(?:\\.[^"\\]*)*")\s*:', re.DOTALL)
_CLOSED_BY = {b"{": b"}", b"[": b"]"}


def members_of(text: bytes) -> dict[str, bytes]:
    """The members of a JSON object. Raises an Unfit when it is none, or gives a member twice."""
    try:
        found = {name: bytes(raw) for name, raw in _decode_members(text).items()}
        laid_out = msgspec.json.format(text, indent=1)
    except _UNREADABLE:
        return _cut_members(text)
    # Members of the outermost object are the lines that are indented once.
    if laid_out.count(b'\n "') != len(found):
        raise DuplicateKey("A field is given twice in the same object.")
    return found


def items_of(text: bytes) -> list[bytes]:
    """The items of a JSON list. Raises an Unfit when it is none."""
    try:
        return [bytes(raw) for raw in _decode_items(text)]
    except _UNREADABLE:
        return list(_pieces(text, b"[]"))


def text_of(text: bytes) -> str:
    """What a JSON string says; '' for anything else."""
    try:
        return _decode_text(text) if text else ""
    except _UNREADABLE:
        return ""


class Lines:
    """The lines of a text that comes in pieces. Of a line beyond `longest` bytes only a little more is kept."""

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self._begun = bytearray()

    def feed(self, piece: bytes) -> list[bytes]:
        """The lines that end in this piece."""
        head, line_end, tail = piece.rpartition(b"\n")
        if not line_end:
            self._begun += piece[: max(0, self._longest + 1 - len(self._begun))]
            return []
        lines = bytes(self._begun + head).split(b"\n")
        self._begun = bytearray(tail)
        return lines

    def last(self) -> bytes:
        """What follows the last line end."""
        return bytes(self._begun)


def _cut_members(text: bytes) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for piece in _pieces(text, b"{}"):
        named = _NAMED.match(piece)
        if named is None:
            raise NotJson("The text is no JSON object.")
        name = _name(named[1])
        if name in found:
            raise DuplicateKey("A field is given twice in the same object.")
        found[name] = piece[named.end() :].strip()
    return found


def _name(quoted: bytes) -> str:
    try:
        return _decode_text(quoted)
    except UnicodeDecodeError:
        raise NotText("The text is not valid UTF-8.") from None
    except msgspec.DecodeError:
        raise NotJson("The name of a field cannot be read.") from None


def _pieces(text: bytes, brackets: bytes) -> Iterator[bytes]:
    """What lies between the outermost brackets, cut at the commas there."""
    text = text.strip()
    if not (text.startswith(brackets[:1]) and text.endswith(brackets[1:])):
        raise NotJson("The text is not what was expected here, or is cut off.")
    start = 1
    for end in _cuts(text):
        if piece := text[start:end].strip():
            yield piece
        start = end + 1
    if start != len(text):
        raise NotJson("A bracket is closed twice or never.")


def _cuts(text: bytes) -> Iterator[int]:
    """Where the outermost commas are, and the bracket that ends it all."""
    open_: list[bytes] = []
    for token in _TOKEN.finditer(text):
        mark = token[0]
        if mark in _CLOSED_BY:
            open_.append(_CLOSED_BY[mark])
        elif mark == b"," and len(open_) == 1:
            yield token.start()
        elif mark in {b"}", b"]"} and open_.pop() != mark:
            raise NotJson("A bracket is closed by another.")
        if not open_:
            yield token.start()
            return
