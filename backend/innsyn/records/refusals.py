"""What the record can answer that a person should be told."""

from typing import ClassVar

from innsyn.refusal import Refusal


class NoSuchEntry(Refusal):
    """There is no such entry, or it is not for this reader: the two look the same."""

    status_code: ClassVar[int] = 404
    text_key: ClassVar[str] = "refusal.not_found"
