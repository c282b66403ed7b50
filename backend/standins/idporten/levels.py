"""Levels of assurance, and ID-porten's form for a login without a page."""

import re
from dataclasses import dataclass
from typing import Final

LEVELS: Final = ("idporten-loa-low", "idporten-loa-substantial", "idporten-loa-high")
HIGHEST: Final = LEVELS[-1]

_TEST_HINT = re.compile(r"testid:([0-9]{11})_(idporten-loa-(?:low|substantial|high))")


@dataclass(frozen=True, slots=True)
class Login:
    """Who says to be here, and at which level."""

    pid: str
    level: str


def from_hint(hint: str) -> Login | None:
    """Read `testid:<pid>_<level>`; any other hint is for the page to use or not."""
    found = _TEST_HINT.fullmatch(hint)
    return Login(found[1], found[2]) if found else None


def reaches(level: str, acr_values: str) -> bool:
    """Whether a session at `level` answers a request for `acr_values` (the lowest of them is enough)."""
    asked = [LEVELS.index(value) for value in acr_values.split() if value in LEVELS]
    return not asked or LEVELS.index(level) >= min(asked)
