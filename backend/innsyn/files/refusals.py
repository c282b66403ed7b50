"""Why a file is not there, or not kept."""

from typing import ClassVar

from innsyn.files.checking import Reason
from innsyn.refusal import Refusal


class NoSuchFile(Refusal):
    """There is none, or it is not for whoever asks: to them it is the same."""

    status_code: ClassVar[int] = 404


class NotKept(Refusal):
    """The file that was sent is not kept, and the draft is as it was. The page has a word for the reason."""

    status_code: ClassVar[int] = 422

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason
