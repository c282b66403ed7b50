"""What the database can answer that a person should be told."""

from typing import ClassVar

from innsyn.refusal import Refusal


class DatabaseUnreachable(Refusal):
    """PostgreSQL does not answer at the address of the settings."""

    status_code: ClassVar[int] = 503
    text_key: ClassVar[str] = "refusal.unavailable"


class Busy(Refusal, TimeoutError):
    """More are waiting for the database than can be served soon. Whoever goes on without it may: it is a time-out."""

    status_code: ClassVar[int] = 503
    text_key: ClassVar[str] = "refusal.busy"
