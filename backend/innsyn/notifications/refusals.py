"""Why a notice leads nowhere."""

from typing import ClassVar

from innsyn.refusal import Refusal


class NoSuchNotice(Refusal):
    """There is none, it is somebody else's, or what it tells of cannot be read any more: they look the same."""

    status_code: ClassVar[int] = 404
