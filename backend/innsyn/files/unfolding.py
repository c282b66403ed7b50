"""How far a PDF unfolds when somebody reads it: a few hundred kilobytes can hold gigabytes, and no scanner minds.

What is counted is what a reader would unfold: every stream through all its filters, and the pixels of every picture.
"""

import base64
import binascii
import zlib
from typing import Final

import pikepdf

# Of one stream, and of a whole document. A page of a scanner with 600 points an inch is 100 MB in colours.
_MOST_OF_ONE: Final = 128 * 1024 * 1024
_MOST_OF_ALL: Final = 256 * 1024 * 1024
_MOST_PIXELS: Final = 108_000_000
# What is folded this hard is no page and no picture: deflate stops at 1:1032, and does so for one byte over and over.
_HARDEST: Final = 600
_LONG_ENOUGH: Final = 32 * 1024 * 1024
_AT_ONCE: Final = 1024 * 1024
# Unfolded by a codec of pictures: how far, its pixels tell.
_PICTURES: Final = frozenset({"/DCTDecode", "/JPXDecode", "/CCITTFaxDecode", "/JBIG2Decode"})
_SHRINKING: Final = frozenset({"/ASCIIHexDecode", "/ASCII85Decode"})


def unfolds_too_far(pdf: pikepdf.Pdf) -> bool:
    """Is there more in it than anybody could want to read? False also for what no reader could unfold."""
    left = _MOST_OF_ALL
    for thing in pdf.objects:
        if not isinstance(thing, pikepdf.Stream):
            continue
        size = _unfolded(thing)
        left -= size
        if left < 0 or size > _MOST_OF_ONE or _has_too_many_pixels(thing):
            return True
    return False


def _has_too_many_pixels(stream: pikepdf.Stream) -> bool:
    width, height = stream.get("/Width", 0), stream.get("/Height", 0)
    if not (isinstance(width, int) and isinstance(height, int)):
        return False
    return width * height > _MOST_PIXELS


def _unfolded(stream: pikepdf.Stream) -> int:
    """Bytes of it when it is unfolded; more than _MOST_OF_ONE when it is too much, or cannot be told."""
    body = stream.read_raw_bytes()
    filters = _filters(stream)
    for number, each in enumerate(filters):
        if each in _PICTURES:
            return len(body)
        is_last = number + 1 == len(filters)
        if each == "/FlateDecode":
            size, body = _inflated(body, keep=not is_last)
            if is_last or size > _MOST_OF_ONE:
                return size
        elif each in _SHRINKING:
            body = _from_text(body, each)
        else:
            # Others (LZW, run lengths) qpdf has written as FlateDecode already, unless one before them is unknown.
            return _MOST_OF_ONE + 1
    return len(body)


def _filters(stream: pikepdf.Stream) -> list[str]:
    said = stream.get("/Filter")
    if said is None:
        return []
    return [str(each) for each in said.as_list()] if isinstance(said, pikepdf.Array) else [str(said)]


def _inflated(body: bytes, *, keep: bool) -> tuple[int, bytes]:
    """How many bytes it becomes, and with `keep` the bytes; beyond the limit neither goes on."""
    inflating, size, kept, left = zlib.decompressobj(), 0, bytearray(), body
    try:
        while left and not inflating.eof:
            piece = inflating.decompress(left, _AT_ONCE)
            left = inflating.unconsumed_tail
            size += len(piece)
            if keep:
                kept += piece
            if size > _MOST_OF_ONE or (size > _LONG_ENOUGH and size > _HARDEST * len(body)):
                return _MOST_OF_ONE + 1, b""
            if not piece and not left:
                break
    except zlib.error:
        # As far as it could be read: that is what a reader shows too.
        return size, bytes(kept)
    return size, bytes(kept)


def _from_text(body: bytes, filter_: str) -> bytes:
    try:
        if filter_ == "/ASCII85Decode":
            return base64.a85decode(b"<~" + body.strip().removeprefix(b"<~"), adobe=True)
        return binascii.unhexlify(b"".join(body.split()).rstrip(b">"))
    except (ValueError, binascii.Error):
        return b""
