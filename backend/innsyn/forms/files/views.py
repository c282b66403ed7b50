"""The page that says why a file was not added."""

from uuid import UUID

import msgspec

from innsyn.access.views import Who
from innsyn.files.checking import Reason


class NotKeptPage(msgspec.Struct, frozen=True, kw_only=True):
    """`reason`: a key of texts (forms.file.<reason>). `step` and `field`: where the person was."""

    reader: Who
    draft: UUID
    step: int
    field: str
    reason: Reason
