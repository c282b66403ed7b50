"""Why a draft is not to be had, or not to be sent."""

from typing import ClassVar
from uuid import UUID

from innsyn.refusal import Refusal


class NoSuchDraft(Refusal):
    """There is none, or it is somebody else's: to them there is no such page."""

    status_code: ClassVar[int] = 404


class PageTooOld(Refusal):
    """Nobody knows any more what the fields of the page are: the version of the form that it was of is not here."""

    status_code: ClassVar[int] = 409
    text_key: ClassVar[str] = "refusal.form_page_too_old"


class AlreadySent(Refusal):
    """It is no draft any more. `sent_id` is what it became."""

    status_code: ClassVar[int] = 410
    text_key: ClassVar[str] = "refusal.form_already_sent"

    def __init__(self, sent_id: UUID) -> None:
        super().__init__()
        self.sent_id = sent_id


class TaskClosed(Refusal):
    """The task has been cancelled, or somebody else has answered it: nobody waits for these answers."""

    status_code: ClassVar[int] = 409
    text_key: ClassVar[str] = "refusal.form_task_closed"


class NotAsItShould(Refusal):
    """What would be sent does not fit its own form. That is ours to mend: the draft stays."""

    status_code: ClassVar[int] = 422
    text_key: ClassVar[str] = "refusal.form_not_valid"
