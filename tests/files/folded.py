"""Files that unfold without end: archives, pictures and documents of some kilobytes that hold hundreds of megabytes."""

import io
import struct
import zipfile
import zlib
from functools import cache

import pikepdf

from files.hostile import chunk, picture

_MEGABYTE = bytes(1024 * 1024)


@cache
def zeros(megabytes: int, times: int = 1) -> bytes:
    """So many megabytes of nothing, deflated; `times` over and over."""
    folding = zlib.compressobj(9)
    packed = b"".join(folding.compress(_MEGABYTE) for _ in range(megabytes)) + folding.flush()
    for _ in range(times - 1):
        packed = zlib.compress(packed, 9)
    return packed


def zipped(name: str, body: bytes) -> bytes:
    """An archive with one file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, body)
    return out.getvalue()


def zip_bomb() -> bytes:
    """Three hundred kilobytes that become three hundred megabytes."""
    return zipped("a.txt", _MEGABYTE * 300)


def words_bomb() -> bytes:
    """A PNG whose comment unfolds to two hundred megabytes."""
    return _with_chunk(b"zTXt", b"Comment\0\0" + zeros(200))


def colours_bomb() -> bytes:
    """A PNG whose colour profile unfolds to two hundred megabytes."""
    return _with_chunk(b"iCCP", b"sRGB\0\0" + zeros(200))


def _with_chunk(kind: bytes, data: bytes) -> bytes:
    whole = picture(format_="PNG")
    after_head = 8 + 25
    return whole[:after_head] + chunk(kind, data) + whole[after_head:]


def long_rows() -> bytes:
    """A PNG of a fair size whose pixels go on for two hundred megabytes."""
    head = struct.pack(">IIBBBBB", 100, 100, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zeros(200)) + chunk(b"IEND", b"")


def wide_jpeg() -> bytes:
    """A JPEG that says it is 65,000 pixels high and as wide."""
    whole = bytearray(picture())
    at = whole.index(b"\xff\xc0") + 5
    whole[at : at + 4] = struct.pack(">HH", 65_000, 65_000)
    return bytes(whole)


def _document(*streams: tuple[bytes, list[str]], **more: object) -> bytes:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    made = []
    for packed, filters in streams:
        stream = pikepdf.Stream(pdf, packed, {f"/{key}": value for key, value in more.items()})
        stream.Filter = pikepdf.Array([pikepdf.Name(f"/{each}") for each in filters])
        made.append(pdf.make_indirect(stream))
    pdf.pages[0].Contents = pikepdf.Array(made)
    out = io.BytesIO()
    pdf.save(out, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return out.getvalue()


def one_page() -> bytes:
    """A PDF with one page of three hundred megabytes."""
    return _document((zeros(300), ["FlateDecode"]))


def many_parts() -> bytes:
    """A PDF with twenty parts, each of which is small enough by itself."""
    return _document(*[(zeros(30), ["FlateDecode"])] * 20)


def folded_twice() -> bytes:
    """A PDF of some kilobytes with a part that is deflated twice."""
    return _document((zeros(300, 2), ["FlateDecode", "FlateDecode"]))


def run_lengths() -> bytes:
    """A PDF with a part of run lengths: 64 times as long as it is."""
    return _document((b"\x81\0" * 2_400_000 + b"\x80", ["RunLengthDecode"]))


def wide_picture() -> bytes:
    """A PDF with a picture that says it is a hundred thousand pixels high and as wide."""
    of = {"Width": 100_000, "Height": 100_000, "Type": pikepdf.Name.XObject, "Subtype": pikepdf.Name.Image}
    return _document((picture(), ["DCTDecode"]), **of)


def in_circles() -> bytes:
    """A PDF whose tree of pages is its own branch."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[2 0 R]/Count 1>>endobj\n"
        b"trailer<</Root 1 0 R/Size 3>>\n%%EOF"
    )


def deep() -> bytes:
    """A PDF with a list in a list, a hundred thousand times."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R/A " + b"[" * 100_000 + b"]" * 100_000
        + b">>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R"
        b"/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R/Size 4>>\n%%EOF"
    )  # fmt: skip
