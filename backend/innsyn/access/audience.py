"""Who an entry may ever be shown to: a set of audiences on each row, one of which the reader belongs to today."""

from enum import IntFlag
from typing import Final


class Audience(IntFlag):
    """One bit per group of readers. An entry carries the groups it is for, a Reader the groups it is in."""

    SELF = 1
    YOUTH = 2
    PARENT_OF_CHILD = 4
    PARENT_OF_YOUTH = 8
    HELPER = 16


# For whomever the rule book admits: which kinds, and when, stands in the permit and not on the row.
EVERYBODY: Final = (
    Audience.SELF | Audience.YOUTH | Audience.PARENT_OF_CHILD | Audience.PARENT_OF_YOUTH | Audience.HELPER
)
