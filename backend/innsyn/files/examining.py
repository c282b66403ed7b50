"""A file on its way in: scanned as it came, looked into, and what is kept of it."""

import msgspec

from innsyn.files.checking import Checked, Refused
from innsyn.files.looking import looked_into
from innsyn.files.rules import MOST_BYTES
from innsyn.files.scanning import Scanner


class Examined(msgspec.Struct, frozen=True):
    """What is kept, and whether the scanner has said that it is clean: until then nobody is shown or sent it."""

    found: Checked
    is_clean: bool


async def examined(scanner: Scanner, body: bytes, most: int = MOST_BYTES) -> Examined | Refused:
    """What is kept of these bytes, at most `most` of them.

    The scanner sees them as they came: what it knows meets none of the libraries that read files.
    """
    said = await scanner.scan(body) if body else "clean"
    if said == "infected":
        return Refused("infected")
    found = await looked_into(body, most)
    return found if isinstance(found, Refused) else Examined(found, said == "clean")
