"""The parts of a feed: what is about one person is in one of them, so that several workers can read a feed at once."""

import hashlib
from typing import Final

PARTS: Final = 16


def part_of(subject: str, parts: int = PARTS) -> str:
    """The part ("0", "1", …) that holds what is about `subject` (`Patient/id`; where nobody is told, the own name)."""
    digest = hashlib.blake2b(subject.encode(), digest_size=8).digest()
    return str(int.from_bytes(digest) % parts)
