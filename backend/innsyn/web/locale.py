"""Words in the citizen's language: catalogues of texts, and which language to use.

A text is named by a key ("home.title"); `pwa/locale/<locale>.po` and the files in `pwa/locale/<locale>/` hold them, as
gettext catalogues so that translators can use their own tools. A missing key is an error in us, never a blank on the
screen.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, Literal, cast, get_args, overload

from babel.messages.pofile import read_po

Locale = Literal["nb", "nn", "en"]
LOCALES: Final = get_args(Locale)
DEFAULT: Final = "nb"
FOLDER: Final = Path(__file__).resolve().parents[3] / "pwa" / "locale"

# What browsers say, and the language we have for it: "no" is what an older phone calls bokmål.
_SPOKEN: Final = {"nb": "nb", "no": "nb", "nn": "nn", "en": "en"}
_RANGE: Final = re.compile(r"\s*([A-Za-z]{1,8})(?:-[A-Za-z0-9]{1,8})*\s*(?:;\s*q=([01](?:\.\d{0,3})?))?\s*")


class Catalogue:
    """The texts of one language, looked up by key."""

    __slots__ = ("_texts", "locale")

    def __init__(self, locale: str, texts: Mapping[str, tuple[str, ...]]) -> None:
        self.locale = locale
        self._texts = texts

    @overload
    def text(self, key: str, /) -> str: ...
    @overload
    def text(self, key: str, /, **values: object) -> str: ...
    def text(self, key: str, /, **values: object) -> str:
        """The text of a key with its {names} filled in; `n` also chooses between one and many.

        Raises KeyError for a key that no catalogue has: that is a bug, and a test finds it.
        """
        forms = self._texts[key]
        form = forms[0] if len(forms) == 1 or values.get("n") == 1 else forms[1]
        return form.format_map(values) if values else form

    def text_or(self, key: str, default: str) -> str:
        """The text of a key made from the journal's own code, or `default` for a code we have no word for."""
        forms = self._texts.get(key)
        return forms[0] if forms else default

    def known(self) -> frozenset[str]:
        """Every key this language has a text for."""
        return frozenset(self._texts)

    def forms(self, key: str) -> tuple[str, ...]:
        """The text of a key as it stands in the catalogue: one form, or one and many."""
        return self._texts[key]


@cache
def catalogue(locale: str) -> Catalogue:
    """The catalogue of one of LOCALES, read once."""
    if locale not in LOCALES:
        raise ValueError(f"no catalogue for the language {locale!r}")
    texts: dict[str, tuple[str, ...]] = {}
    for file in files_of(locale):
        with file.open("rb") as opened:
            entries = read_po(opened, locale=locale, abort_invalid=True)
        own = {_key(entry.id): _forms(entry.string) for entry in entries if entry.id}
        if twice := own.keys() & texts:
            raise ValueError(f"{file.name}: {sorted(twice)} stand in another file as well")
        texts |= own
    return Catalogue(locale, texts)


def files_of(locale: str) -> list[Path]:
    """The catalogue files of a language: the common one first, then one for each part of the product."""
    return [FOLDER / f"{locale}.po", *sorted((FOLDER / locale).glob("*.po"))]


def _key(identity: object) -> str:
    return cast("str", identity[0] if isinstance(identity, list | tuple) else identity)


def _forms(string: object) -> tuple[str, ...]:
    return tuple(string) if isinstance(string, list | tuple) else (cast("str", string),)


def negotiate(setting: str | None, cookie: str | None, accept_language: str | None) -> str:
    """The language to answer in: the citizen's setting, the cookie, the browser's wish, then bokmål.

    Each may be absent; a value we do not have is passed over.
    """
    for chosen in (setting, cookie):
        if chosen and chosen in LOCALES:
            return chosen
    wishes = [_wish(part) for part in (accept_language or "").split(",")[:16]]
    known = [
        (quality, -place, locale) for place, (locale, quality) in enumerate(wishes) if locale and quality
    ]
    return max(known)[2] if known else DEFAULT


def _wish(part: str) -> tuple[str, float]:
    match = _RANGE.fullmatch(part)
    if not match:
        return "", 0.0
    return _SPOKEN.get(match[1].lower(), ""), float(match[2] or 1)
