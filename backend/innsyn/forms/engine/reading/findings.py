"""What is found about a form while it is read: refusals and warnings, each a stable key with plain words."""

from collections.abc import Iterable
from typing import Final

from innsyn.forms.engine.model import Finding
from innsyn.forms.engine.reading.words import REFUSALS, WARNINGS

# A hostile form has a thousand faults; whoever mends it starts with the first ones.
_MOST: Final = 100
_LONGEST_VALUE: Final = 160


class Refused(Exception):
    """There is no way on: what comes after could not be read."""


class Findings:
    """Collects; the same finding at the same place is said once."""

    def __init__(self) -> None:
        self._refusals: dict[Finding, None] = {}
        self._warnings: dict[Finding, None] = {}

    def refuse(self, key: str, where: str = "", **values: object) -> None:
        """The form can not be used. `key` is one of words.REFUSALS, `where` a linkId."""
        _add(self._refusals, Finding(key, _short(where), _filled(REFUSALS[key], values)))

    def warn(self, key: str, where: str = "", **values: object) -> None:
        """The form can be used, and whoever publishes it should know. `key` is one of words.WARNINGS."""
        _add(self._warnings, Finding(key, _short(where), _filled(WARNINGS[key], values)))

    def stop(self, key: str, where: str = "", **values: object) -> Refused:
        """To be raised: refuse, and read no further."""
        self.refuse(key, where, **values)
        return Refused(key)

    @property
    def refusals(self) -> tuple[Finding, ...]:
        """In the order they were found."""
        return tuple(self._refusals)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """In the order they were found."""
        return tuple(self._warnings)


def _add(to: dict[Finding, None], finding: Finding) -> None:
    if len(to) < _MOST:
        to[finding] = None


def _filled(words: str, values: dict[str, object]) -> str:
    return words.format(**{name: _short(_text(value)) for name, value in values.items()})


def _text(value: object) -> str:
    if isinstance(value, str) or not isinstance(value, Iterable):
        return str(value)
    return ", ".join(str(each) for each in value)


def _short(text: str) -> str:
    # It is shown in a terminal and a log: one line, nothing that steers them.
    text = "".join(sign if sign.isprintable() else " " for sign in text[: 4 * _LONGEST_VALUE])
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"
