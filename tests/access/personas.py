"""Who may be in front of the screen: each with what the feed says of them, and the rule that is to decide."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from access.family import (
    ELLA,
    MARTE,
    OLAV,
    PER,
    certificate,
    citizen,
    guardian,
    nearest,
    parent,
    youth_access,
)
from innsyn.access.book.versions import HELSENORGE
from innsyn.access.capability import Capability
from innsyn.access.fullmakt.levels import LEVELS, Level
from world import Resource

TODAY = date.today()  # noqa: DTZ011 - the age of somebody today, whenever the tests are run


def born(years: int) -> str:
    """The birth date of somebody who turned this old a week ago."""
    week = TODAY - timedelta(days=7)
    return week.replace(year=week.year - years, day=min(week.day, 28)).isoformat()


@dataclass(frozen=True)
class Persona:
    """`actor` reads the record of `subject`. `rule` decides ('': nothing to do with each other); `level`: a fullmakt.

    `own`: it is the own record. `session`: expired or none.
    """

    name: str
    actor: str = ""
    subject: str = ELLA
    feed: Callable[[], Sequence[Resource]] = tuple
    rule: str = ""
    level: Level | None = None
    ended: bool = False
    own: bool = False
    session: str = "open"

    def kinds(self) -> frozenset[str] | None:
        """What the rule book lets this person see: None for all, empty for nothing."""
        if self.level:
            kinds = LEVELS[self.level].kinds
            return frozenset() if self.ended else None if kinds is None else frozenset(kinds)
        if not self.rule:
            return frozenset()
        rule = HELSENORGE.rule(self.rule)
        return frozenset() if rule.denies else None if rule.kinds is None else frozenset(rule.kinds)

    @property
    def only_forms(self) -> bool:
        """Is it a task grant: one form, and no journal?"""
        return self.level is Level.FORM and not self.ended

    @property
    def opens(self) -> bool:
        """Is there a page at all under the address of this record?"""
        if self.session != "open" or self.ended:
            return False
        return self.level is not None or (bool(self.rule) and not HELSENORGE.rule(self.rule).denies)

    @property
    def has_messages(self) -> bool:
        """May they read and write messages?"""
        if not self.opens:
            return False
        given = LEVELS[self.level].everywhere if self.level else HELSENORGE.rule(self.rule).capabilities
        return Capability.MESSAGE in given


def child(years: int, *more: Resource) -> Callable[[], Sequence[Resource]]:
    """Ella at this age, with these around her."""
    return lambda: [citizen(ELLA, birthDate=born(years)), citizen(MARTE), citizen(PER), *more]


_MOTHER = parent(ELLA, MARTE)
PERSONAS = (
    Persona("self", ELLA, feed=child(40), rule="self", own=True),
    Persona("other citizen", OLAV, feed=child(40)),
    Persona("parent of 9", MARTE, feed=child(9, _MOTHER), rule="parent.child"),
    Persona("parent of 13", MARTE, feed=child(13, _MOTHER), rule="parent.youth"),
    Persona("parent of 16", MARTE, feed=child(16, _MOTHER), rule="parent.from_sixteen"),
    Persona(
        "non-resident parents",
        PER,
        feed=child(9, parent(ELLA, MARTE, residence="other"), parent(ELLA, PER, "far", residence="other")),
        rule="parent.other_address",
    ),
    Persona(
        "parent without responsibility",
        PER,
        feed=child(9, parent(ELLA, PER, "far", "mor")),
        rule="parent.no_responsibility",
    ),
    Persona(
        "child with a secret address",
        MARTE,
        feed=lambda: [citizen(ELLA, secret="6", birthDate=born(9)), citizen(MARTE), _MOTHER],
        rule="secret_address",
    ),
    Persona(
        "parent with a secret address",
        MARTE,
        feed=lambda: [citizen(ELLA, birthDate=born(9)), citizen(MARTE, secret="7"), _MOTHER],
        rule="secret_address",
    ),
    Persona("guardian", PER, feed=child(40, guardian(ELLA, PER)), rule="guardian"),
    Persona(
        "nearest relative with a certificate",
        PER,
        feed=child(40, nearest(ELLA, PER), certificate(ELLA, PER, born(1))),
        rule="relative.certificate",
    ),
    Persona(
        "nearest relative without", PER, feed=child(40, nearest(ELLA, PER)), rule="relative.no_certificate"
    ),
    *(Persona(f"helper: {level}", OLAV, feed=child(40), level=level) for level in Level),
    Persona("ex-helper", OLAV, feed=child(40), level=Level.FULL, ended=True),
    Persona("child of 9", ELLA, feed=child(9), rule="own.child", own=True),
    Persona("youth of 13 without consent", ELLA, feed=child(13), rule="own.no_consent", own=True),
    Persona(
        "youth of 13 with consent",
        ELLA,
        feed=child(13, youth_access(ELLA, born(1))),
        rule="own.youth",
        own=True,
    ),
    Persona("anonymous", feed=child(9, _MOTHER), session="none"),
    Persona("expired parent", MARTE, feed=child(9, _MOTHER), rule="parent.child", session="expired"),
)
