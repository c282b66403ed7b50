"""Who may fill in a form, as the form itself says.

Source: the codes of `meta.security` with the system below, as Helsenorge's form builder has them (helsenorge/structor,
MetadataHelper.ts). A form without any has the standard: the citizen, parents of both ages, and both kinds of fullmakt.
The capability to answer forms (capability.FORMS) is asked for beside this.
"""

from collections.abc import Collection
from enum import StrEnum
from typing import Final

import msgspec

SYSTEM: Final = "http://helsenorge.no/fhir/KanUtforesAv"
ONLY_CITIZEN, PARENT_OF_CHILD, PARENT_OF_YOUTH, ASSIGNED, FULLMAKT, BLOCKED_ADDRESS, YOUTH = "1234567"
# The ages that the codes speak of, in whole years.
_TWELVE, _THIRTEEN, _SIXTEEN = 12, 13, 16
STANDARD: Final = frozenset({PARENT_OF_CHILD, PARENT_OF_YOUTH, ASSIGNED, FULLMAKT})


class Relation(StrEnum):
    """What whoever fills in is to whom the form is about.

    ASSIGNED is access that was given for a person who cannot give it (a certificate, the nearest relative); FULLMAKT is
    what the person has given.
    """

    SELF = "self"
    PARENT = "parent"
    ASSIGNED = "assigned"
    FULLMAKT = "fullmakt"


class Filler(msgspec.Struct, frozen=True, kw_only=True):
    """`age` is that of whom the form is about, in whole years; `secret`: one of the two has a blocked address."""

    relation: Relation
    age: int
    secret: bool = False


def may_fill(codes: Collection[str], filler: Filler) -> bool:
    """May they fill in a form with these codes of SYSTEM?"""
    return not why_not(codes, filler)


def why_not(codes: Collection[str], filler: Filler) -> str:
    """'' where they may, else the name of the rule that says no.

    Code 6 opens nothing for others: somebody with a blocked address neither represents nor is represented, and fills in
    the own forms as everybody does. Code 1 closes what the others would open.
    """
    allowed = frozenset(codes) or STANDARD
    if filler.relation is Relation.SELF:
        return _own(allowed, filler.age)
    if filler.secret:
        return "secret_address"
    if ONLY_CITIZEN in allowed:
        return "form.only_citizen"
    wanted = _wanted(filler)
    return "" if wanted in allowed else "form.not_this_relation"


def _own(allowed: frozenset[str], age: int) -> str:
    if age >= _SIXTEEN:
        return ""
    return "" if age >= _THIRTEEN and YOUTH in allowed else "form.too_young"


def _wanted(filler: Filler) -> str:
    if filler.relation is not Relation.PARENT:
        return ASSIGNED if filler.relation is Relation.ASSIGNED else FULLMAKT
    if filler.age < _TWELVE:
        return PARENT_OF_CHILD
    return PARENT_OF_YOUTH if filler.age < _SIXTEEN else ""
