"""What a rule is made of. The rules themselves are data: innsyn.access.book.versions."""

from enum import StrEnum

import msgspec

from innsyn.access.audience import Audience
from innsyn.access.capability import Capability

NOBODY = Audience(0)
NOTHING = Capability(0)


class Who(StrEnum):
    """Whom a rule is about, seen from the person whose record it is."""

    SELF = "self"
    # Everybody but the person: what is said of them comes before every relation.
    OTHERS = "others"
    PARENT = "parent"
    GUARDIAN = "guardian"
    RELATIVE = "relative"
    # Who gives a fullmakt, and who gets one.
    GIVER = "giver"
    RECEIVER = "receiver"


class When(StrEnum):
    """What has to be so for a rule to hold, beyond the ages."""

    SECRET_ADDRESS = "secret_address"  # noqa: S105 - of a person, and no password
    DECEASED = "deceased"
    BIRTH_DATE_UNKNOWN = "birth_date_unknown"
    RESPONSIBILITY = "responsibility"
    NO_RESPONSIBILITY = "no_responsibility"
    SHARED_ADDRESS = "shared_address"
    NO_SHARED_ADDRESS = "no_shared_address"
    CERTIFICATE = "certificate"
    NO_CERTIFICATE = "no_certificate"
    ADULT = "adult"
    NOT_ADULT = "not_adult"
    CONSENT = "consent"
    NO_CONSENT = "no_consent"


class Address(StrEnum):
    """Which parent has to live at the child's registered address: Helsenorge's own pages say both."""

    ANY_PARENT = "any_parent"
    THIS_PARENT = "this_parent"


class Source(msgspec.Struct, frozen=True):
    """Where a rule is from: a law, a page. `name` as it is cited, `url` '' for a law that has no one address."""

    name: str
    url: str = ""


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """For `who`, while the person is at least `from_age` and not yet `until_age` (None: for ever), if all of `when`.

    `audience` NOBODY is a denial. `kinds` None are all kinds of entries. `longest` are the years a certificate counts.
    """

    key: str
    who: Who
    from_age: int = 0
    until_age: int | None = None
    when: tuple[When, ...] = ()
    audience: Audience = NOBODY
    capabilities: Capability = NOTHING
    kinds: tuple[str, ...] | None = ()
    longest: int | None = None
    sources: tuple[Source, ...] = ()

    @property
    def denies(self) -> bool:
        """Does it say no?"""
        return self.audience == NOBODY


class Book(msgspec.Struct, frozen=True, kw_only=True):
    """A version of the rule book. The rules are asked in order, and the first that holds decides."""

    key: str
    address: Address
    # From which age a relative counts as one, and somebody may be given a fullmakt.
    adult: int
    rules: tuple[Rule, ...]
    sources: tuple[Source, ...]

    def rule(self, key: str) -> Rule:
        """The rule of this name. Raises KeyError."""
        for rule in self.rules:
            if rule.key == key:
                return rule
        raise KeyError(key)
