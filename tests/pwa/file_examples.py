"""Pages that say why a file was not added to a message."""

from typing import Any
from uuid import UUID

from innsyn.messages.files.views import NotKeptPage
from pwa.form_examples import WHO

_DRAFT = UUID(int=1)


def file_pages() -> dict[str, tuple[str, Any]]:
    """A name, the template and its data."""
    template = "messages/files/refused.html"
    return {
        "messages-file-refused": (template, NotKeptPage(reader=WHO, draft=_DRAFT, reason="too_large")),
        "messages-file-elsewhere": (
            template,
            NotKeptPage(
                reader=WHO, draft=_DRAFT, reason="elsewhere_changed", typed="Såret er rødt.\nSe bildet."
            ),
        ),
    }
