"""Attachments of a note: those that are text are read, the others become files or are named."""

import binascii
from base64 import b64decode
from collections.abc import Iterable

import msgspec

from innsyn.journal.fhir.care import Binary
from innsyn.journal.fhir.datatypes import Attachment, Reference
from innsyn.journal.lookup import key_of, name_of
from innsyn.records.documents import text_in
from innsyn.records.hostile_text import LIMIT, clean, clean_markdown, is_markdown, plain
from innsyn.records.projected import About, Document

_HTML = frozenset({"text/html", "application/xhtml+xml"})
_MARKDOWN = frozenset({"text/markdown", "text/x-markdown"})
_FILES = frozenset({"application/pdf", "image/png", "image/jpeg", "image/jpg", "image/gif"})
# Base64 has four signs for three bytes; a note in markup says less than half of its bytes to a reader.
_DECODED = LIMIT * 16 // 3


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What attachments came to: one text to read (as `html`, or `text` when nobody marked it up), files, names."""

    html: str = ""
    text: str = ""
    cut: bool = False
    documents: tuple[Document, ...] = ()
    unshown: tuple[str, ...] = ()


class _Attached(msgspec.Struct, frozen=True, kw_only=True):
    title: str
    type: str
    charset: str
    data: str
    reference: Reference | None


def read(attachments: Iterable[Attachment], title: str, patient: Reference | None, about: About) -> Reading:
    """One document often comes in several formats: the one with most structure is read, the files stay files."""
    texts: list[tuple[int, Reading]] = []
    documents: list[Document] = []
    unshown: list[str] = []
    for attachment in attachments:
        each = _attached(attachment, title, patient, about)
        if each.type in _FILES or (not each.type and each.reference is not None):
            documents.append(Document(each.title, each.type, each.data, each.reference))
        elif (found := _text(each)) is not None:
            texts.append(found)
        elif each.data or attachment.url:
            unshown.append(each.title)
        if each.type in _FILES and not each.data and each.reference is None:
            documents.pop()
            unshown.append(each.title)
    best = max(texts, key=lambda ranked: ranked[0])[1] if texts else Reading()
    return msgspec.structs.replace(best, documents=tuple(documents), unshown=tuple(unshown))


def _attached(attachment: Attachment, title: str, patient: Reference | None, about: About) -> _Attached:
    reference = Reference(reference=attachment.url) if attachment.url and not attachment.data else None
    name = name_of(reference)
    key = key_of(name) if name else None
    if reference is not None and (key is None or key[0] != "Binary") and not name.startswith("urn:"):
        reference = None
    binary = about.find(reference, "Binary", Binary)
    if binary is not None and not _may_show(binary, patient, about):
        binary = reference = None
    claimed = (binary.content_type if binary else "") or attachment.content_type
    type_, _, rest = claimed.partition(";")
    return _Attached(
        title=attachment.title or title,
        type=type_.strip().lower(),
        charset=rest.partition("charset=")[2].partition(";")[0].strip(" \"'"),
        data=binary.data if binary else attachment.data,
        reference=reference,
    )


def _may_show(binary: Binary, patient: Reference | None, about: About) -> bool:
    """A Binary says no more of whom it is about than whose rules hold for it: another patient's are not this one's."""
    holder = about.lookup.key(binary.security_context)
    return holder is None or holder[0] != "Patient" or holder == about.lookup.key(patient)


def _text(each: _Attached) -> tuple[int, Reading] | None:
    if not each.data or each.type not in _HTML | _MARKDOWN | {"text/plain", ""}:
        return None
    packed = "".join(each.data[: 2 * _DECODED].split())[:_DECODED]
    try:
        written = text_in(b64decode(packed[: len(packed) // 4 * 4], validate=True), each.charset)
    except (binascii.Error, ValueError):
        return None
    if each.type in _HTML:
        cleaned = clean(written)
        return (3, Reading(html=cleaned.html, cut=cleaned.cut)) if cleaned.html else None
    if each.type in _MARKDOWN or is_markdown(written):
        cleaned = clean_markdown(written)
        return (2, Reading(html=cleaned.html, cut=cleaned.cut)) if cleaned.html else None
    if not each.type and "\x00" in written:
        return None
    readable = plain(written)
    return (1, Reading(text=readable.text, cut=readable.cut)) if readable.text else None
