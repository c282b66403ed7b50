"""The page that says why a file was not added."""

from uuid import UUID

import msgspec

from innsyn.access.views import Who
from innsyn.messages.files.rules import MOST_FILES


class NotKeptPage(msgspec.Struct, frozen=True, kw_only=True):
    """`reason`: a key of texts (file.<reason>). `typed`: what else was in the form, where it is not kept; else ''."""

    reader: Who
    draft: UUID
    reason: str
    typed: str = ""
    files: int = MOST_FILES
