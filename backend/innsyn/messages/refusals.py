"""Why a message is not to be had, or not to be sent."""

from typing import ClassVar
from uuid import UUID

from innsyn.refusal import Refusal


class NoSuchMessage(Refusal):
    """No thread, draft or unit of that name, or none for whoever is here: to them there is no such page."""

    status_code: ClassVar[int] = 404


class AlreadySent(Refusal):
    """It is no draft any more. `thread_id` is where it went, `text` what was sent."""

    status_code: ClassVar[int] = 410
    text_key: ClassVar[str] = "refusal.message_already_sent"

    def __init__(self, thread_id: UUID, text: str) -> None:
        super().__init__()
        self.thread_id, self.text = thread_id, text


class MayNotWrite(Refusal):
    """The unit takes nothing of this kind from whoever is here."""

    status_code: ClassVar[int] = 403
    text_key: ClassVar[str] = "refusal.message_not_to_this_unit"


class TooManyDrafts(Refusal):
    """As many have been begun as we keep."""

    status_code: ClassVar[int] = 409
    text_key: ClassVar[str] = "refusal.message_too_many_drafts"


class FilesWait(Refusal):
    """A file of it has not been looked through yet: nothing was sent."""

    status_code: ClassVar[int] = 409
    text_key: ClassVar[str] = "refusal.message_files_wait"
