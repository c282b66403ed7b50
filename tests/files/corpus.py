"""Files that somebody could send to do harm, and what becomes of each.

What is meant to be known as harmful holds MARK, which is no virus at all: the daemon of the tests has a signature of
it.
"""

import io
from collections.abc import Callable
from typing import Final, NamedTuple

import pikepdf

from files import folded, hostile
from files.hostile import document, picture

MARK: Final = b"INNSYN-MADE-UP-HARM-FOR-TESTS"
_MACRO: Final = b"Attribute VB_Name\r\nSub AutoOpen()\r\nShell MARK\r\nEnd Sub".replace(b"MARK", MARK)


class Hostile(NamedTuple):
    """`becomes` is the type it is kept as, or why it is not; `is_known`: the daemon knows it."""

    becomes: str
    body: Callable[[], bytes]
    is_known: bool = False


def _attached() -> bytes:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.attachments["faktura.exe"] = MARK
    return _saved(pdf)


def _written() -> bytes:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.pages[0].Contents = pdf.make_stream(b"% " + MARK + b"\n")
    return _saved(pdf)


def _saved(pdf: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


CORPUS: Final = {
    "nothing": Hostile("empty", lambda: b""),
    "a drawing with a script": Hostile("kind", lambda: hostile.SVG),
    "a page with a script": Hostile("kind", lambda: hostile.HTML),
    "an archive": Hostile("kind", lambda: hostile.ZIP),
    "a program called .jpg": Hostile("kind", lambda: hostile.EXE),
    "a program of Linux": Hostile("kind", lambda: b"\x7fELF\x02\x01\x01" + bytes(60)),
    "a script of a shell": Hostile("kind", lambda: b"#!/bin/sh\nrm -rf ~\n"),
    "a shortcut of Windows": Hostile("kind", lambda: b"L\0\0\0\x01\x14\x02\0" + bytes(70)),
    "the file that scanners are tried with": Hostile("kind", lambda: hostile.EICAR, is_known=True),
    "the same in an archive": Hostile("kind", lambda: folded.zipped("a", hostile.EICAR), is_known=True),
    "the same two archives deep": Hostile(
        "kind", lambda: folded.zipped("b.zip", folded.zipped("a", hostile.EICAR)), is_known=True
    ),
    "a document with a macro": Hostile("kind", lambda: folded.zipped("word/vbaProject.bin", _MACRO), is_known=True),
    "an old document of Word": Hostile("kind", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)),
    "rich text with an object": Hostile("kind", lambda: b"{\\rtf1{\\object\\objupdate}}"),
    "a moving picture": Hostile("kind", lambda: hostile.GIF),
    "a picture of an iPhone": Hostile("kind", lambda: hostile.HEIC),
    "a document after a blank": Hostile("kind", lambda: b" " + document()),
    "an archive of 300 megabytes": Hostile("kind", folded.zip_bomb),
    "a picture of a gigapixel": Hostile("too_many_pixels", hostile.pixel_bomb),
    "a photo of four gigapixels": Hostile("too_many_pixels", folded.wide_jpeg),
    "a photo to be drawn a thousand times": Hostile("too_complex", hostile.scan_bomb),
    "a picture with endless words": Hostile("broken", folded.words_bomb),
    "a picture with endless colours": Hostile("broken", folded.colours_bomb),
    "a picture that goes on below its edge": Hostile("image/png", folded.long_rows),
    "half a picture": Hostile("broken", lambda: picture(format_="PNG")[:60]),
    "half a photo": Hostile("broken", lambda: picture()[:400]),
    "a photo that is a page as well": Hostile("image/jpeg", lambda: picture() + hostile.HTML),
    "a picture that is an archive as well": Hostile("image/png", lambda: picture(format_="PNG") + hostile.ZIP),
    "a photo with harm in its comment": Hostile("image/jpeg", lambda: picture(comment=MARK), is_known=True),
    "a photo that tells where": Hostile("image/jpeg", hostile.photo),
    "a document behind a password": Hostile("encrypted", lambda: document(encrypted=True)),
    "a document that acts": Hostile("application/pdf", hostile.acting),
    # The daemon does not unfold what is attached to a document; what is kept has nothing attached.
    "a document with harm attached": Hostile("application/pdf", _attached),
    "a document with harm in its page": Hostile("application/pdf", _written, is_known=True),
    "a document of 200,000 objects": Hostile("too_complex", hostile.object_bomb),
    "a document with a page of 200 megabytes": Hostile("too_complex", hostile.stream_bomb),
    "a document with a page of nothing, 300 megabytes": Hostile("too_complex", folded.one_page),
    "a document of many parts": Hostile("too_complex", folded.many_parts),
    "a document folded twice": Hostile("too_complex", folded.folded_twice),
    "a document of run lengths": Hostile("too_complex", folded.run_lengths),
    "a document with a picture of ten gigapixels": Hostile("too_complex", folded.wide_picture),
    "a document that goes in circles": Hostile("broken", folded.in_circles),
    "a document that goes deep": Hostile("broken", folded.deep),
    "a document of 201 pages": Hostile("too_complex", lambda: document(pages=201)),
    "the word of a document": Hostile("broken", lambda: b"%PDF-1.7\nnothing"),
    "a document and a program after it": Hostile("application/pdf", lambda: document() + hostile.EXE),
    "more than is taken in": Hostile("too_large", lambda: b"\xff\xd8\xff" + bytes(16 * 1024 * 1024)),
}  # fmt: skip
