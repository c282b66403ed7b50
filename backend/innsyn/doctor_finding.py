"""What the doctor found."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One part. `advice` is empty when nothing is wrong."""

    part: str
    seen: str
    advice: str = ""
