"""What a file is called, and whether there is room for it."""

import unicodedata
from typing import Final

# One file, as it is kept.
MOST_BYTES: Final = 5 * 1024 * 1024
# All files of a draft, and how many: http://helsenorge.no has 25 MiB as well.
MOST_OF_A_DRAFT: Final = 25 * 1024 * 1024
MOST_FILES: Final = 30
_LONGEST: Final = 80
_ENDINGS: Final = {"image/jpeg": ".jpg", "image/png": ".png", "application/pdf": ".pdf"}
# An ending that a person would take for the kind of the file.
_LONGEST_ENDING: Final = 6


def name_of(said: str, media_type: str) -> str:
    """A name to show and to save under: one word for what it is, letters that can be seen, the ending of what it is.

    Nothing of a path, nothing that turns the direction of what stands around it, and never empty.
    """
    stem = _seen(said)
    before, dot, after = stem.rpartition(".")
    if dot and before.strip(". ") and len(after) <= _LONGEST_ENDING:
        stem = before.strip(". ")
    return (stem[:_LONGEST].rstrip(". ") or "fil") + _ENDINGS[media_type]


def title_of(said: str) -> str:
    """A name to show of a file that nobody has looked into: its ending is what the sender says it is."""
    return _seen(said)[:_LONGEST].rstrip(". ") or "fil"


def _seen(said: str) -> str:
    last = said.replace("\\", "/").rpartition("/")[2]
    seen = "".join(_visible(letter) for letter in unicodedata.normalize("NFC", last))
    return " ".join(seen.split()).strip(". ")


def _visible(letter: str) -> str:
    if letter in '<>:"|?*%':
        return "_"
    # Control, format (bidi, zero width), half characters, private use, not assigned.
    return "" if unicodedata.category(letter).startswith("C") else letter


def has_room(size: int, kept: int, files: int) -> bool:
    """May a file of so many bytes come to these?"""
    return kept + size <= MOST_OF_A_DRAFT and files < MOST_FILES


def is_wanted(media_type: str, wanted: tuple[str, ...]) -> bool:
    """Does the form take this type? (http://hl7.org/fhir/StructureDefinition/mimeType; () takes all of ours)"""
    return not wanted or any(
        each in {media_type, "*/*"} or (each.endswith("/*") and media_type.startswith(each[:-1]))
        for each in (one.strip().lower() for one in wanted)
    )
