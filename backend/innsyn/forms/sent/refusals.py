"""Why what was sent is not to be had."""

from typing import ClassVar

from innsyn.refusal import Refusal


class NoSuchSent(Refusal):
    """Nothing of that kind was sent, or it is not for whoever is here: to them there is no such page."""

    status_code: ClassVar[int] = 404


class AnsweredElsewhere(Refusal):
    """Somebody else has answered the task meanwhile: nothing was sent, and the draft is there."""

    status_code: ClassVar[int] = 409
    text_key: ClassVar[str] = "refusal.form_task_closed"
