"""What a file really is: by its bytes and never by what the sender called it, and without what acts by itself."""

import binascii
import io
import warnings
from base64 import b64decode

import msgspec
import pikepdf
from PIL import Image, ImageOps

from innsyn.files.documents import calm

MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_SIDE = 20_000
MAX_OBJECTS = 50_000

_IMAGES = {b"\x89PNG\r\n\x1a\n": "PNG", b"\xff\xd8\xff": "JPEG", b"GIF87a": "GIF", b"GIF89a": "GIF"}
_MARKUP = ("<!doctype", "<html", "<?xml", "<svg", "<script", "<clinicaldocument")


class Checked(msgspec.Struct, frozen=True):
    """A file to show, with what it is: application/pdf, image/png, image/jpeg or text/plain (UTF-8)."""

    media_type: str
    body: bytes


class Refused(msgspec.Struct, frozen=True):
    """A file that is not shown, and why.

    `reason`: empty, not_base64, too_large, too_many_pixels, too_complex, encrypted, broken, or kind (none we show).
    """

    reason: str


def check(data: str | bytes, claimed: str) -> Checked | Refused:
    """The file as it may be shown. A str is base64, the way FHIR has it; `claimed` only tells text from markup."""
    if len(data) > MAX_BYTES * 3 // 2:
        return Refused("too_large")
    body = _decoded(data) if isinstance(data, str) else data
    if body is None:
        return Refused("not_base64")
    if not body:
        return Refused("empty")
    if len(body) > MAX_BYTES:
        return Refused("too_large")
    if body.startswith(b"%PDF-"):
        return _pdf(body)
    for magic, format_ in _IMAGES.items():
        if body.startswith(magic):
            return _image(body, format_)
    return _text(body, claimed)


def text_in(body: bytes, charset: str = "") -> str:
    """Text in the character set that it says, else in UTF-8, else as a Norwegian Windows wrote it."""
    for name in filter(None, (charset, "utf-8", "cp1252")):
        try:
            return body.decode(name).removeprefix("\ufeff")
        except (UnicodeDecodeError, LookupError):
            continue
    return body.decode("latin-1")


def _decoded(data: str) -> bytes | None:
    try:
        return b64decode("".join(data.split()), validate=True)
    except (binascii.Error, ValueError):
        return None


def _text(body: bytes, claimed: str) -> Checked | Refused:
    claim = claimed.partition(";")[0].strip().lower()
    if claim not in {"", "text/plain"} or b"\x00" in body:
        return Refused("kind")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        if claim != "text/plain":
            return Refused("kind")
        text = text_in(body)
    if text.lstrip("\ufeff \t\r\n").lower().startswith(_MARKUP):
        return Refused("kind")
    return Checked("text/plain", text.encode())


def _image(body: bytes, format_: str) -> Checked | Refused:
    """Drawn anew: what a camera writes beside the picture (where and when it was taken) stays behind."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(body), formats=[format_]) as picture:
                width, height = picture.size
                if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
                    return Refused("too_many_pixels")
                return _drawn(ImageOps.exif_transpose(picture), format_)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return Refused("too_many_pixels")
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, OverflowError):
        return Refused("broken")


def _drawn(picture: Image.Image, format_: str) -> Checked | Refused:
    media_type = "image/jpeg" if format_ == "JPEG" else "image/png"
    mode = "RGB" if format_ == "JPEG" else "RGBA" if picture.has_transparency_data else "RGB"
    canvas = picture.convert(picture.mode if picture.mode in {"L", mode} else mode)
    canvas.info.clear()
    out = io.BytesIO()
    if format_ == "JPEG":
        canvas.save(out, "JPEG", quality=90)
    else:
        canvas.save(out, "PNG")
    drawn = out.getvalue()
    return Checked(media_type, drawn) if len(drawn) <= 2 * MAX_BYTES else Refused("too_large")


def _pdf(body: bytes) -> Checked | Refused:
    """The document as it came when it is sound and nothing in it acts (a signature stays valid), else rewritten."""
    try:
        with pikepdf.open(io.BytesIO(body), suppress_warnings=True) as pdf:
            if len(pdf.objects) > MAX_OBJECTS:
                return Refused("too_complex")
            if not pdf.pages:
                return Refused("broken")
            # What qpdf had to mend or could not unfold another reader may understand in another way.
            if not calm(pdf) and not pdf.get_warnings():
                return Checked("application/pdf", body)
            out = io.BytesIO()
            # The same bytes at every replay: the identifier is a digest and no time.
            pdf.save(out, deterministic_id=not pdf.is_encrypted, encryption=False, static_id=pdf.is_encrypted)
            return Checked("application/pdf", out.getvalue())
    except pikepdf.PasswordError:
        return Refused("encrypted")
    except (pikepdf.PdfError, ValueError, TypeError, RuntimeError, OverflowError, MemoryError):
        return Refused("broken")
