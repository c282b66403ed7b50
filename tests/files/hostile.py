"""Files that somebody could send: good ones, and what is made to do harm."""

import io
import struct
import zlib
from typing import Any

import pikepdf
from PIL import Image, PngImagePlugin

PLACE = b"Karis gate 1"


def picture(width: int = 64, height: int = 48, format_: str = "JPEG", **more: Any) -> bytes:  # noqa: ANN401
    """A picture of one colour."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), (180, 60, 40)).save(out, format_, **more)
    return out.getvalue()


def photo() -> bytes:
    """As a telephone takes it: 12 megapixels of noise, turned on its side, and with where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = PLACE.decode()
    exif.get_ifd(0x8825).update({1: "N", 2: (63.0, 25.0, 49.0), 3: "E", 4: (10.0, 23.0, 42.0)})
    noise = Image.effect_noise((1000, 750), 80).resize((4000, 3000), Image.Resampling.NEAREST)
    out = io.BytesIO()
    noise.convert("RGB").save(out, "JPEG", quality=80, exif=exif, comment=PLACE)
    return out.getvalue()


def screenshot() -> bytes:
    """A PNG with words beside the picture."""
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", PLACE.decode())
    return picture(format_="PNG", pnginfo=words)


def document(*, encrypted: bool = False, pages: int = 1) -> bytes:
    """A PDF of empty pages, with who wrote it."""
    pdf = pikepdf.new()
    for _ in range(pages):
        pdf.add_blank_page()
    pdf.docinfo["/Author"] = PLACE.decode()
    return _saved(pdf, encryption=pikepdf.Encryption(owner="a", user="b") if encrypted else False)


def acting() -> bytes:
    """A PDF that runs a script when it is opened, starts a program, and carries another file."""
    pdf = pikepdf.new()
    pdf.add_blank_page()
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert('pwned')")
    pdf.Root.OpenAction = script
    pdf.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=["a", script]))
    launch = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="calc.exe")
    link = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 99, 99], A=launch
    )
    pdf.pages[0].Annots = pikepdf.Array([pdf.make_indirect(link)])
    pdf.attachments["virus.exe"] = b"MZ pwned"
    return _saved(pdf)


def _saved(pdf: pikepdf.Pdf, **more: Any) -> bytes:  # noqa: ANN401
    out = io.BytesIO()
    pdf.save(out, **more)
    return out.getvalue()


def pixel_bomb() -> bytes:
    """A PNG of some kilobytes that says it is four gigabytes of pixels."""
    head = struct.pack(">IIBBBBB", 32_000, 32_000, 8, 6, 0, 0, 0)
    parts = (b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 4096)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(kind, data) for kind, data in parts)


def chunk(kind: bytes, data: bytes) -> bytes:
    """A part of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def scan_bomb() -> bytes:
    """A JPEG that wants to be drawn a thousand times."""
    return picture(progressive=True) + b"\xff\xda\x00\x08" * 1000


def object_bomb(objects: int = 200_000) -> bytes:
    """A PDF of a few hundred kilobytes with as many objects as this, packed in one stream."""
    numbers = b" ".join(b"%d %d" % (10 + each, each * 5) for each in range(objects)) + b" "
    packed = zlib.compress(numbers + b"null " * objects, 9)
    parts = [
        b"%PDF-1.5\n",
        b"1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n",
        b"2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n",
        b"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>\nendobj\n",
        b"4 0 obj\n<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length %d>>stream\n"
        % (objects, len(numbers), len(packed))
        + packed
        + b"\nendstream\nendobj\n",
    ]
    at = [sum(map(len, parts[:number])) for number in range(1, 6)]
    rows = [struct.pack(">BIH", 0, 0, 0)] + [struct.pack(">BIH", 1, place, 0) for place in at]
    rows += [struct.pack(">BIH", 0, 0, 0)] * 4
    rows += [struct.pack(">BIH", 2, 4, min(each, 65_535)) for each in range(objects)]
    table = zlib.compress(b"".join(rows), 9)
    parts.append(
        b"5 0 obj\n<</Type/XRef/Size %d/W[1 4 2]/Root 1 0 R/Filter/FlateDecode/Length %d>>stream\n"
        % (10 + objects, len(table))
        + table
        + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF" % at[4]
    )
    return b"".join(parts)


def stream_bomb() -> bytes:
    """A PDF whose page unfolds to two hundred megabytes."""
    pdf = pikepdf.new()
    pdf.add_blank_page()
    packed = zlib.compress(b"0 0 m " * 35_000_000, 1)
    stream = pikepdf.Stream(pdf, packed)
    stream.Filter = pikepdf.Name.FlateDecode
    pdf.pages[0].Contents = pdf.make_indirect(stream)
    out = io.BytesIO()
    pdf.save(out, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return out.getvalue()


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>pwn()</script></svg>'
HTML = b"<!doctype html><script>pwn()</script>"
ZIP = b"PK\x03\x04" + bytes(60)
EXE = b"MZ\x90\x00" + bytes(60)
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
GIF = b"GIF89a" + bytes(60)
HEIC = bytes(4) + b"ftypheic" + bytes(60)
