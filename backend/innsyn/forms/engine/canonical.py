"""Which of several value sets (or other canonicals) of one address is meant.

http://hl7.org/fhir/R4/references.html#canonical: `url|version` is that version and no other; `url` alone is the newest.
How versions are put in order R4 leaves open. Here, as R5 says of resources without a versionAlgorithm, by numbers where
there are numbers: 2.9 is before 2.10, 2026-02-01 after 2026-01-15, and as in SemVer 2.0-beta before 2.0.
"""

import re
from collections.abc import Iterable
from typing import Final, Protocol, TypeVar

_PARTS: Final = re.compile(r"[0-9]+|[^0-9.\-+_ ]+")

_Part = tuple[bool, int, str]
_Order = tuple[list[_Part], bool, list[_Part]]


class Versioned(Protocol):
    """One of those that an address may mean."""

    @property
    def version(self) -> str: ...
    @property
    def status(self) -> str: ...


_V = TypeVar("_V", bound=Versioned)


def address_of(canonical: str) -> tuple[str, str]:
    """The url, and the version that is asked for ('' any)."""
    url, _, version = canonical.partition("|")
    return url, version


def newest(versions: Iterable[_V]) -> _V | None:
    """What is meant when no version is asked for: those in use (active) first, then the highest version.

    Of equal ones it is the last that is given. None of none.
    """
    found: _V | None = None
    for each in versions:
        if found is None or _rank(each) >= _rank(found):
            found = each
    return found


def _rank(each: Versioned) -> tuple[bool, _Order]:
    return each.status == "active", order_of(each.version)


def order_of(version: str) -> _Order:
    """What versions are put in order by; one without a version is the lowest."""
    number, beta, rest = version.partition("+")[0].strip().lower().removeprefix("v").partition("-")
    return _parts(number), not beta, _parts(rest)


def _parts(text: str) -> list[_Part]:
    # A word is before a number, and a number without its leading zeros is larger the longer it is.
    return [
        (part[0] in "0123456789", len(part) if part[0] in "0123456789" else 0, part)
        for part in (part.lstrip("0") or part[-1:] for part in _PARTS.findall(text))
    ]
