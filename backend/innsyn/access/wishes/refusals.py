"""Why a wish can not be granted."""

from typing import ClassVar

from innsyn.refusal import Refusal


class NoSuchRequest(Refusal):
    """There is none, it is somebody else's, or there is nothing left to take back: they look the same."""

    status_code: ClassVar[int] = 404
