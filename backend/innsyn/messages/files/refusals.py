"""Why a file is not to be opened."""

from typing import ClassVar

from innsyn.refusal import Refusal


class StillWaiting(Refusal):
    """It is there, and nobody has said yet that it is clean."""

    status_code: ClassVar[int] = 409
    text_key: ClassVar[str] = "refusal.file_waits"
