"""The application says no."""

from typing import ClassVar


class Refusal(Exception):
    """The application says no, for a reason that a person can be told."""

    status_code: ClassVar[int] = 400
    text_key: ClassVar[str] = "refusal.general"
