"""What is known of a person and of two persons: all that the rules look at."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from innsyn.access.release import NEVER, OPEN


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """One person as the population register has it. The birth date is its own fact, never read out of a number."""

    person_id: UUID
    born: date | None = None
    secret: bool = False
    deceased: bool = False


class Span(msgspec.Struct, frozen=True):
    """From the one moment and before the other."""

    since: datetime = OPEN
    until: datetime = NEVER

    def covers(self, at: datetime) -> bool:
        """Does the moment lie in it?"""
        return self.since <= at < self.until


class Tie(StrEnum):
    """What somebody is to somebody."""

    PARENT = "parent"
    GUARDIAN = "guardian"
    RELATIVE = "relative"


class Bond(msgspec.Struct, frozen=True, kw_only=True):
    """One relation of the actor to the person: `origin` is the row it stands in.

    `responsibility` is parental responsibility in law, `lives_with`: registered at the person's address.
    """

    tie: Tie
    origin: UUID
    span: Span = Span()
    responsibility: bool = False
    lives_with: bool = False


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    """The person whose record it is, and the one who wants to see it (the same: the own record).

    `bonds` are the actor's; `at_home` when a parent, whichever, was registered at the person's address. `certificates`
    name this actor as the nearest relative of somebody who lacks competence; `consents` are a parent's, to the youth's
    own login.
    """

    subject: Standing
    actor: Standing
    bonds: tuple[Bond, ...] = ()
    at_home: tuple[Span, ...] = ()
    certificates: tuple[Span, ...] = ()
    consents: tuple[Span, ...] = ()

    @property
    def own(self) -> bool:
        """Is it the own record?"""
        return self.subject.person_id == self.actor.person_id


class Permit(msgspec.Struct, frozen=True, kw_only=True):
    """A row of what follows: who may do what in whose record, when, by which rule. `audience` 0 is a denial."""

    subject_id: UUID
    actor_id: UUID
    audience: int
    capabilities: int
    kinds: tuple[str, ...] | None
    valid_from: datetime
    valid_until: datetime
    rule: str
    book: str
    origin_id: UUID
