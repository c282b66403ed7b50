"""From the facts about two persons to dated rows. Pure: the same facts give the same rows, whenever they are asked.

A life is cut where something changes (a birthday that a rule names, the beginning or end of a relation, a certificate,
a consent). Between two cuts nothing changes, so the first rule that holds there holds for the whole piece: bands meet
at the very moment, there is never a gap, and every piece without access names the rule that says no.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import pairwise

import msgspec

from innsyn.access.book.ages import birthday, midnight, turning
from innsyn.access.book.conditions import Here, counting, holds
from innsyn.access.book.facts import Bond, Pair, Permit, Span, Standing, Tie
from innsyn.access.book.rule import Book, Rule, Who
from innsyn.access.book.versions import HELSENORGE
from innsyn.access.release import NEVER, OPEN

_TIES = {Who.PARENT: Tie.PARENT, Who.GUARDIAN: Tie.GUARDIAN, Who.RELATIVE: Tie.RELATIVE}
_NO_BASIS = "no_basis"


def permits_of(pair: Pair, book: Book) -> list[Permit]:
    """The rows for this pair from birth on, one in force at every moment, in order.

    Two who have nothing to do with each other have none.
    """
    if not pair.own and not pair.bonds:
        return []
    pair = msgspec.structs.replace(pair, bonds=tuple(sorted(pair.bonds, key=_origin)))
    first = midnight(pair.subject.born) if pair.subject.born else OPEN
    cuts = sorted({cut for cut in _cuts(pair, book) if first < cut < NEVER})
    rows: list[Permit] = []
    for since, until in pairwise([first, *cuts, NEVER]):
        row = _row(pair, book, Span(since, until))
        if rows and (rows[-1].rule, rows[-1].origin_id) == (row.rule, row.origin_id):
            rows[-1] = msgspec.structs.replace(rows[-1], valid_until=until)
        else:
            rows.append(row)
    return rows


def why_not(rows: Iterable[Permit], at: datetime) -> str:
    """The rule that says no at this moment; '' where one says yes. Of rows of one pair, whatever gave them."""
    in_force = [row for row in rows if row.valid_from <= at < row.valid_until]
    if any(row.audience for row in in_force):
        return ""
    return in_force[0].rule if in_force else _NO_BASIS


def may_give(facts: Standing, today: date, book: Book = HELSENORGE) -> str | None:
    """None where this person may give somebody a fullmakt, else the rule that says no."""
    rule = book.rule("fullmakt.giver")
    return _said_of(facts) or _too_young(facts, rule.until_age or 0, today, rule)


def may_receive(facts: Standing, today: date, book: Book = HELSENORGE) -> str | None:
    """None where this person may be given a fullmakt, else the rule that says no."""
    return _said_of(facts) or _too_young(facts, book.adult, today, book.rule("fullmakt.receiver"))


def _said_of(facts: Standing) -> str | None:
    if facts.secret:
        return "secret_address"
    return "deceased" if facts.deceased else None


def _too_young(facts: Standing, age: int, today: date, rule: Rule) -> str | None:
    if facts.born is None:
        return "birth_date_unknown"
    return rule.key if today < birthday(facts.born, age) else None


def _cuts(pair: Pair, book: Book) -> Iterator[datetime]:
    for rule in book.rules:
        for age in (rule.from_age, rule.until_age):
            if age and pair.subject.born:
                yield turning(pair.subject.born, age)
        if rule.longest:
            yield from (span.until for span in counting(pair.certificates, rule.longest))
    if pair.actor.born:
        yield turning(pair.actor.born, book.adult)
    bonds = (bond.span for bond in pair.bonds)
    for span in (*bonds, *pair.at_home, *pair.certificates, *pair.consents):
        yield span.since
        yield span.until


def _row(pair: Pair, book: Book, piece: Span) -> Permit:
    rule, bond = _deciding(pair, book, piece.since)
    return Permit(
        subject_id=pair.subject.person_id,
        actor_id=pair.actor.person_id,
        audience=int(rule.audience),
        capabilities=int(rule.capabilities),
        kinds=rule.kinds,
        valid_from=piece.since,
        valid_until=piece.until,
        rule=rule.key,
        book=book.key,
        origin_id=bond.origin if bond else pair.subject.person_id,
    )


def _deciding(pair: Pair, book: Book, at: datetime) -> tuple[Rule, Bond | None]:
    """The first rule that holds, and the relation it holds for."""
    for rule in book.rules:
        if not _in_band(rule, pair.subject, at):
            continue
        for bond in _concerned(rule, pair, at):
            here = Here(rule, book, pair, bond, at)
            if all(holds(when, here) for when in rule.when):
                return rule, bond
    raise ValueError(f"{book.key} says nothing of {at}: its last rules have to hold for everybody")


def _in_band(rule: Rule, subject: Standing, at: datetime) -> bool:
    if subject.born is None:
        # Only what asks for no age can be said.
        return rule.from_age == 0 and rule.until_age is None
    return (not rule.from_age or turning(subject.born, rule.from_age) <= at) and (
        rule.until_age is None or at < turning(subject.born, rule.until_age)
    )


def _concerned(rule: Rule, pair: Pair, at: datetime) -> Sequence[Bond | None]:
    """The relations that a rule of this kind is about; None stands for oneself."""
    if pair.own:
        return [None] if rule.who is Who.SELF else []
    if rule.who is Who.OTHERS:
        return pair.bonds[:1]
    tie = _TIES.get(rule.who)
    return [bond for bond in pair.bonds if bond.tie is tie and bond.span.covers(at)]


def _origin(bond: Bond) -> int:
    return bond.origin.int
