"""Files of an entry: what is plain text is read on its page, the rest is opened."""

import base64
import binascii
from collections.abc import Iterable

from innsyn.journal.fhir.datatypes import Attachment
from innsyn.records.projected import Document

# As base64. A longer text is a file to open, not part of a page.
_LONGEST_TEXT = 400_000


def attached(forms: Iterable[Attachment]) -> tuple[str, tuple[Document, ...]]:
    """(text to read, files to open) of these attachments."""
    texts, documents = [], []
    for form in forms:
        text = _plain_text(form)
        if text:
            texts.append(text)
        elif form.data:
            documents.append(Document(form.title, form.content_type, form.data))
    return "\n\n".join(texts), tuple(documents)


def _plain_text(form: Attachment) -> str:
    if form.content_type.partition(";")[0].strip().lower() != "text/plain" or len(form.data) > _LONGEST_TEXT:
        return ""
    try:
        return base64.b64decode(form.data).decode().strip()
    except (binascii.Error, UnicodeDecodeError):
        return ""
