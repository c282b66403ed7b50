"""Files of an entry: what is plain text is read on its page, the rest is opened."""

import base64
import binascii
from collections.abc import Iterable

from innsyn.journal.fhir.datatypes import Attachment, Reference
from innsyn.records.projected import Document

# As base64. A longer text is a file to open, not part of a page.
_LONGEST_TEXT = 400_000


def attached(forms: Iterable[Attachment], title: str) -> tuple[str, tuple[Document, ...]]:
    """(text to read, files to open) of these attachments. `title` names a file that has no name of its own."""
    texts, documents = [], []
    for form in forms:
        text = _plain_text(form)
        if text:
            texts.append(text)
        elif form.data:
            documents.append(Document(form.title or title, form.content_type, form.data))
        elif form.url:
            documents.append(
                Document(form.title or title, form.content_type, reference=Reference(reference=form.url))
            )
    return "\n\n".join(texts), tuple(documents)


def _plain_text(form: Attachment) -> str:
    if form.content_type.partition(";")[0].strip().lower() != "text/plain" or len(form.data) > _LONGEST_TEXT:
        return ""
    try:
        return base64.b64decode(form.data).decode().strip()
    except (binascii.Error, UnicodeDecodeError):
        return ""
