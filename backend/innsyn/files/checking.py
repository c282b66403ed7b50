"""What a file really is, and what of it is kept: pictures are drawn anew, documents written anew, all else is refused.

What is kept is never the bytes that came: where and when a picture was taken, who wrote a document, what acts by
itself, and whatever else was folded into the file stay behind.
"""

import io
import warnings
from typing import Final, Literal

import msgspec
import pikepdf
from PIL import Image, ImageOps

from innsyn.files.documents import ACTING_KEYS, calm
from innsyn.files.rules import MOST_BYTES
from innsyn.files.unfolding import unfolds_too_far

# A photo of a telephone may come larger than what is kept of it; nothing longer is read at all.
MOST_TAKEN_IN: Final = 16 * 1024 * 1024
MOST_SIDE: Final = 2_500
# Of a JPEG only as many pixels as are kept are unfolded (by 2, 4 or 8); a PNG takes four bytes for each.
_MOST_PIXELS: Final = {"JPEG": 108_000_000, "PNG": 24_000_000}
_LONGEST_SIDE: Final = 20_000
# A picture is drawn once more for each of its scans; a camera writes ten.
_MOST_SCANS: Final = 64
_MOST_OBJECTS: Final = 20_000
_MOST_PAGES: Final = 200

_MAGIC: Final = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG"}
_QUALITIES: Final = (85, 70)
# Beside what acts: what is folded in beside the pages, and what tells of the one who wrote it.
_TAKEN_AWAY: Final = (*ACTING_KEYS, "/AF", "/Metadata", "/PieceInfo", "/OpenAction")

# `moved`: the form has another version than the page that the file was added in. `not_scanned`: nobody could say
# just now.
Reason = Literal[
    "empty",
    "too_large",
    "kind",
    "too_many_pixels",
    "too_complex",
    "encrypted",
    "broken",
    "type",
    "no_room",
    "moved",
    "infected",
    "not_scanned",
]
MEDIA_TYPES: Final = ("image/jpeg", "image/png", "application/pdf")


class Checked(msgspec.Struct, frozen=True):
    """What is kept: its media type (one of MEDIA_TYPES) and its bytes, at most MOST_BYTES."""

    media_type: str
    body: bytes


class Refused(msgspec.Struct, frozen=True):
    """A file that is not kept; the texts have a word for each reason (file.<reason>)."""

    reason: Reason


def check(body: bytes, most: int = MOST_BYTES) -> Checked | Refused:
    """What is kept of these bytes, at most `most` of them. The name and the type that were said count for nothing.

    A hostile one can make the libraries work for minutes: only looking.py runs this, in a process of its own.
    """
    if not body:
        return Refused("empty")
    if len(body) > MOST_TAKEN_IN:
        return Refused("too_large")
    checked = _checked(body)
    if isinstance(checked, Checked) and len(checked.body) > min(most, MOST_BYTES):
        return Refused("too_large")
    return checked


def _checked(body: bytes) -> Checked | Refused:
    if body.startswith(b"%PDF-"):
        return _document(body) if len(body) <= MOST_BYTES else Refused("too_large")
    for magic, format_ in _MAGIC.items():
        if body.startswith(magic):
            return _picture(body, format_)
    return Refused("kind")


def _picture(body: bytes, format_: str) -> Checked | Refused:
    if format_ == "JPEG" and body.count(b"\xff\xda") > _MOST_SCANS:
        return Refused("too_complex")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(body), formats=[format_]) as picture:
                width, height = picture.size
                if width * height > _MOST_PIXELS[format_] or max(width, height) > _LONGEST_SIDE:
                    return Refused("too_many_pixels")
                return _drawn(picture, format_)
    except Image.DecompressionBombError:
        return Refused("too_many_pixels")
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, OverflowError):
        return Refused("broken")


def _drawn(picture: Image.Image, format_: str) -> Checked | Refused:
    # Only for a JPEG does this do anything: it is unfolded to about the size that is kept.
    picture.draft("RGB", (MOST_SIDE, MOST_SIDE))
    picture.thumbnail((MOST_SIDE, MOST_SIDE), reducing_gap=None)
    turned = ImageOps.exif_transpose(picture)
    if format_ == "PNG":
        mode = "RGBA" if turned.has_transparency_data else "RGB"
        canvas = _bare(turned, mode)
        out = io.BytesIO()
        canvas.save(out, "PNG")
        if out.tell() <= MOST_BYTES:
            return Checked("image/png", out.getvalue())
        # A photo that was saved as PNG: paper is white where nothing is.
        white = Image.new("RGB", canvas.size, "white")
        white.paste(canvas, mask=canvas.getchannel("A") if mode == "RGBA" else None)
        turned = white
    canvas = _bare(turned, "RGB")
    for quality in _QUALITIES:
        out = io.BytesIO()
        canvas.save(out, "JPEG", quality=quality)
        if out.tell() <= MOST_BYTES:
            return Checked("image/jpeg", out.getvalue())
    return Refused("too_large")


def _bare(picture: Image.Image, mode: str) -> Image.Image:
    """The pixels alone: what stands beside them (where, when, with what, by whom) is not copied."""
    canvas = picture if picture.mode in {"L", mode} else picture.convert(mode)
    canvas.info.clear()
    return canvas


def _document(body: bytes) -> Checked | Refused:
    try:
        with pikepdf.open(io.BytesIO(body), suppress_warnings=True) as pdf:
            if pdf.is_encrypted:
                return Refused("encrypted")
            if len(pdf.objects) > _MOST_OBJECTS or len(pdf.pages) > _MOST_PAGES:
                return Refused("too_complex")
            if not pdf.pages:
                return Refused("broken")
            if "/Info" in pdf.trailer:
                del pdf.trailer["/Info"]
            calm(pdf, _TAKEN_AWAY)
            out = io.BytesIO()
            pdf.save(out, deterministic_id=True)
        # As it was written anew: there are fewer ways to fold in that than in what came.
        with pikepdf.open(io.BytesIO(out.getvalue()), suppress_warnings=True) as written:
            if unfolds_too_far(written):
                return Refused("too_complex")
        return Checked("application/pdf", out.getvalue())
    except pikepdf.PasswordError:
        return Refused("encrypted")
    except (pikepdf.PdfError, ValueError, TypeError, RuntimeError, OverflowError, MemoryError):
        return Refused("broken")
