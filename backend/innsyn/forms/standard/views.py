"""What can be in a form, from the catalogue that reading stands on: it can not say anything else than what is done."""

from itertools import groupby
from typing import Final

import msgspec

from innsyn.access.views import Who
from innsyn.forms.engine.catalogue import hl7, norwegian, sdc
from innsyn.forms.engine.extensions import FAMILIES, Family, Known, Use
from innsyn.forms.engine.model import Control, Type
from innsyn.forms.engine.reading import limits
from innsyn.forms.engine.reading.words import REFUSALS

_BASES: Final = {
    "hl7": hl7.BASE,
    "sdc": sdc.BASE,
    "ehelse": norwegian.EHELSE,
    "helsenorge": norwegian.HELSENORGE,
    "others": "",
}
_ORDER: Final = {use: place for place, use in enumerate(Use)}
_MEGABYTE: Final = 1024 * 1024


class ExtensionView(msgspec.Struct, frozen=True):
    """An extension: what stands after the base of its family, and what it is for."""

    name: str
    words: str


class UseView(msgspec.Struct, frozen=True):
    """Extensions of one family that the same becomes of. `use` is of the texts."""

    use: str
    extensions: list[ExtensionView]


class FamilyView(msgspec.Struct, frozen=True):
    """A family of extensions. `base` is what their addresses begin with, '' where they differ."""

    key: str
    base: str
    uses: list[UseView]


class StandardPage(msgspec.Struct, frozen=True, kw_only=True):
    """Template forms/standard.html. `reader` None: nobody is logged in. `words`: the language of the catalogue's words.

    `limits` are (text key, number); `refusals` (key, English words with {places} for what was found).
    """

    reader: Who | None
    words: str
    types: list[str]
    controls: list[str]
    families: list[FamilyView]
    limits: list[tuple[str, int]]
    refusals: list[tuple[str, str]]


def standard_page(locale: str, reader: Who | None) -> StandardPage:
    """The page in one language; the catalogue's own words are bokmål or English."""
    words = "en" if locale == "en" else "nb"
    return StandardPage(
        reader=reader,
        words=words,
        types=[str(each) for each in Type],
        controls=[str(each) for each in Control if each],
        families=[_family(each, words) for each in FAMILIES],
        limits=[
            ("megabytes", limits.BYTES // _MEGABYTE),
            ("items", limits.ITEMS),
            ("depth", limits.DEPTH),
            ("options", limits.OPTIONS_OF_ONE),
            ("expression", limits.TOKENS_OF_ONE),
        ],
        refusals=list(REFUSALS.items()),
    )


def _family(family: Family, words: str) -> FamilyView:
    base = _BASES[family.key]
    ordered = sorted(family.known, key=lambda known: (_ORDER[known.use], known.url))
    uses = [
        UseView(str(use), [_extension(known, base, words) for known in group])
        for use, group in groupby(ordered, key=lambda known: known.use)
    ]
    return FamilyView(family.key, base, uses)


def _extension(known: Known, base: str, words: str) -> ExtensionView:
    said = known.en if words == "en" else known.nb
    return ExtensionView(known.url.removeprefix(base) if base else known.url, said)
