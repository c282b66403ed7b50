"""What changes, and when: told from the permits of today and of later, from both sides."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec

from innsyn.access.book.rule import Book, Rule
from innsyn.access.release import NEVER
from innsyn.access.views import Who
from innsyn.journal.fhir.reading import OSLO

_WHOLE, _OWN_CONSENT = "self", "own.no_consent"


class Ahead(msgspec.Struct, frozen=True, kw_only=True):
    """A permit in force now or later. `theirs`: the record of `other_id`; else the own, for them or (`own`) oneself."""

    theirs: bool
    own: bool
    other_id: UUID
    name: str
    given_name: str
    audience: int
    capabilities: int
    kinds: tuple[str, ...] | None
    valid_from: datetime
    valid_until: datetime
    rule: str


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What one pair's access is from `day` on. `what` is begins | ends | more | less | whole | needs_consent.

    `side` is me | mine | theirs: the own login, somebody in my record, me in somebody's. `kinds` None are all.
    """

    what: str
    side: str
    name: str
    before: list[str] | None
    after: list[str] | None
    rule: str


class Day(msgspec.Struct, frozen=True, kw_only=True):
    """All that changes for one person on one day. `age` is what that person turns, where that is why (0 otherwise)."""

    day: date
    side: str
    name: str
    age: int
    changes: list[Change]

    @property
    def iso(self) -> str:
        """The day as the filters for days want it."""
        return self.day.isoformat()


class ChangesPage(msgspec.Struct, frozen=True, kw_only=True):
    """`mine` is what changes in the own record, `theirs` in those of others. `talk`: somebody is soon to be sixteen."""

    reader: Who
    mine: list[Day]
    theirs: list[Day]
    talk: bool


class _Open(msgspec.Struct, frozen=True):
    """What all permits of a pair in force at one moment open together."""

    kinds: frozenset[str] | None
    capabilities: int
    rule: str

    @property
    def nothing(self) -> bool:
        return self.kinds is not None and not self.kinds


def changes_page(reader: Who, permits: Sequence[Ahead], book: Book) -> ChangesPage:
    """Every change that is known of, in order."""
    days: dict[tuple[bool, date, UUID | None], list[tuple[Change, int]]] = defaultdict(list)
    names: dict[tuple[bool, date, UUID | None], str] = {}
    for pair in _pairs(permits):
        for at, change, age in _changes(pair, reader.now, book):
            theirs = change.side == "theirs"
            key = (theirs, at.astimezone(OSLO).date(), pair[0].other_id if theirs else None)
            days[key].append((change, age))
            names[key] = change.name if theirs else ""
    found = [
        Day(
            day=key[1],
            side="theirs" if key[0] else "mine",
            name=names[key],
            age=max(age for _, age in told),
            changes=sorted((change for change, _ in told), key=lambda each: (each.side != "me", each.name)),
        )
        for key, told in sorted(days.items(), key=lambda item: (item[0][1], names[item[0]]))
    ]
    return ChangesPage(
        reader=reader,
        mine=[day for day in found if day.side == "mine"],
        theirs=[day for day in found if day.side == "theirs"],
        talk=any(day.age == book.rule(_WHOLE).from_age for day in found),
    )


def _pairs(permits: Iterable[Ahead]) -> Iterable[list[Ahead]]:
    pairs: dict[tuple[bool, bool, UUID], list[Ahead]] = defaultdict(list)
    for each in permits:
        pairs[not each.own, each.theirs, each.other_id].append(each)
    return (pairs[key] for key in sorted(pairs))


def _changes(pair: list[Ahead], now: datetime, book: Book) -> Iterable[tuple[datetime, Change, int]]:
    side = "me" if pair[0].own else "theirs" if pair[0].theirs else "mine"
    cuts = {at for each in pair for at in (each.valid_from, each.valid_until) if now < at < NEVER}
    before = _opened(pair, now)
    for at in sorted(cuts):
        after = _opened(pair, at)
        what = _what(before, after, side)
        if what:
            change = Change(
                what=what,
                side=side,
                name=pair[0].given_name or pair[0].name,
                before=_listed(before),
                after=_listed(after),
                rule=after.rule or before.rule,
            )
            yield at, change, _age(before, after, book)
        before = after


def _opened(pair: Iterable[Ahead], at: datetime) -> _Open:
    in_force = [each for each in pair if each.valid_from <= at < each.valid_until]
    opening = [each for each in in_force if each.audience]
    rule = next((each.rule for each in [*opening, *in_force]), "")
    capabilities = 0
    kinds: set[str] = set()
    for each in opening:
        capabilities |= each.capabilities
        kinds |= set(each.kinds or ())
    whole = any(each.kinds is None for each in opening)
    return _Open(None if whole else frozenset(kinds), capabilities, rule)


def _what(before: _Open, after: _Open, side: str) -> str:
    if side == "me" and after.rule == _WHOLE and before.rule != _WHOLE:
        return "whole"
    if before.nothing and after.nothing:
        return "needs_consent" if after.rule == _OWN_CONSENT and before.rule != _OWN_CONSENT else ""
    if before.nothing or after.nothing:
        return "begins" if before.nothing else "ends"
    if (before.kinds, before.capabilities) == (after.kinds, after.capabilities):
        return ""
    return "less" if _covers(before, after) else "more"


def _covers(one: _Open, other: _Open) -> bool:
    """Does the one open all that the other does?"""
    if other.capabilities & ~one.capabilities:
        return False
    return one.kinds is None or (other.kinds is not None and other.kinds <= one.kinds)


def _listed(opened: _Open) -> list[str] | None:
    return None if opened.kinds is None else sorted(opened.kinds)


def _age(before: _Open, after: _Open, book: Book) -> int:
    """What the person turns, where one band ends and the next begins."""
    rules: dict[str, Rule] = {rule.key: rule for rule in book.rules}
    ended, begun = rules.get(before.rule), rules.get(after.rule)
    if ended is None or begun is None or ended.until_age is None:
        return 0
    return ended.until_age if ended.until_age == begun.from_age else 0
