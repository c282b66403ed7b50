"""How much there is room for."""

from typing import Final

from innsyn.files.rules import has_room

# Files of one message, and all that somebody has added to drafts in one record.
MOST_FILES: Final = 10
MOST_UNSENT: Final = 100 * 1024 * 1024


def fits(size: int, kept: int, files: int, unsent: int) -> bool:
    """May a file of so many bytes come to a draft with these, and to all that is not sent?"""
    return files < MOST_FILES and has_room(size, kept, files) and unsent + size <= MOST_UNSENT
