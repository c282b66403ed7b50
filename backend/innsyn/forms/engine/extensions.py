"""Every extension of a form that is known here, and what becomes of it: the public page is made of this."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

import msgspec

from innsyn.forms.engine.catalogue import hl7, norwegian, others, sdc


class Use(StrEnum):
    """What becomes of an extension."""

    # Done as its own definition says.
    USED = "used"
    # For others than whoever answers: authors, the care service, those who take data out of the answers.
    HARMLESS = "harmless"
    # Would help whoever answers, and is not done: the form works without; a warning says so.
    NOT_DONE = "not_done"
    # Would change what is asked or what an answer means, and is not done: the form is refused.
    REFUSED = "refused"


class Known(msgspec.Struct, frozen=True):
    """An extension: what it is for, and what becomes of it, in bokmål and in English."""

    url: str
    use: Use
    nb: str
    en: str


class Family(msgspec.Struct, frozen=True):
    """Extensions of one origin. `key` is of the page's texts."""

    key: str
    known: tuple[Known, ...]


_MARKS: Final = {"+": Use.USED, "=": Use.HARMLESS, "-": Use.NOT_DONE, "!": Use.REFUSED}


def _family(key: str, base: str, rows: Sequence[tuple[str, str, str, str]]) -> Family:
    return Family(
        key, tuple(Known(_address(base, name), _MARKS[mark], nb, en) for mark, name, nb, en in rows)
    )


def _address(base: str, name: str) -> str:
    return name if name.startswith("http") else base + name


FAMILIES: Final = (
    _family("hl7", hl7.BASE, hl7.ROWS),
    _family("sdc", sdc.BASE, sdc.ROWS),
    _family("ehelse", norwegian.EHELSE, norwegian.EHELSE_ROWS),
    _family("helsenorge", norwegian.HELSENORGE, norwegian.HELSENORGE_ROWS),
    _family("others", "", others.ROWS),
)
CATALOGUE: Final = {known.url: known for family in FAMILIES for known in family.known}
