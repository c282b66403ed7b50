"""Every day from birth to 18, in every version: one row in force each day, and bands that meet at midnight."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access.book.pairs import ADULT, CHILD, OSLO, adult, at, bond, child, parent_pair, turned
from innsyn.access.book.ages import birthday
from innsyn.access.book.facts import Pair, Permit, Span, Standing, Tie
from innsyn.access.book.rule import Book
from innsyn.access.book.rules import permits_of
from innsyn.access.book.versions import HELSAMI, HELSENORGE, VERSIONS
from innsyn.access.release import NEVER

# A day like another, leap days, the days on which the clocks change, the edges of a year, and the day before and after.
BORN = [
    date(2013, 3, 2), date(2012, 2, 29), date(2008, 2, 29), date(2012, 2, 28), date(2012, 3, 1),
    date(2013, 2, 28), date(2010, 3, 28), date(2010, 10, 31), date(2016, 3, 27), date(2017, 10, 29),
    date(2009, 12, 31), date(2010, 1, 1), date(2000, 2, 29), date(1980, 4, 6), date(1996, 2, 29),
]  # fmt: skip


def meets(rows: list[Permit], born: date) -> None:
    """One row at every moment: they begin at birth, each where the one before ends, and the last never ends."""
    assert rows[0].valid_from == at(born)
    assert [before.valid_until for before, _ in pairwise(rows)] == [row.valid_from for row in rows[1:]]
    assert rows[-1].valid_until == NEVER
    assert all(row.valid_from < row.valid_until for row in rows)
    for before, after in pairwise(rows):
        assert (before.rule, before.origin_id) != (after.rule, after.origin_id)


def days(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


@pytest.mark.parametrize("born", BORN, ids=str)
@pytest.mark.parametrize("book", [HELSENORGE, HELSAMI], ids=lambda book: book.key)
def test_every_day_from_birth_to_eighteen(book: Book, born: date) -> None:
    parent = permits_of(parent_pair(child(born)), book)
    own = permits_of(Pair(subject=child(born), actor=child(born), consents=(Span(),)), book)
    meets(parent, born)
    meets(own, born)
    middle = "parent.youth" if book is HELSENORGE else "parent.youth_whole"
    twelve, thirteen, sixteen, eighteen = (turned(born, age) for age in (12, 13, 16, 18))
    for day in days(born, eighteen):
        theirs = "parent.child" if day < twelve else middle if day < sixteen else "parent.from_sixteen"
        if book is HELSENORGE:
            mine = "own.child" if day < thirteen else "own.youth" if day < sixteen else "self"
        else:
            mine = "own.minor" if day < sixteen else "self"
        for moment in (datetime.combine(day, time(), OSLO), datetime.combine(day, time(23, 59, 59), OSLO)):
            assert [row.rule for row in parent if row.valid_from <= moment < row.valid_until] == [theirs]
            assert [row.rule for row in own if row.valid_from <= moment < row.valid_until] == [mine]


@pytest.mark.parametrize(
    ("born", "years", "day"),
    [
        (date(2012, 2, 29), 12, date(2024, 2, 29)),
        (date(2012, 2, 29), 13, date(2025, 3, 1)),
        (date(2008, 2, 29), 18, date(2026, 3, 1)),
        (date(1896, 2, 29), 4, date(1900, 3, 1)),
        (date(1996, 2, 29), 4, date(2000, 2, 29)),
        (date(2013, 2, 28), 16, date(2029, 2, 28)),
    ],
)
def test_a_leap_day(born: date, years: int, day: date) -> None:
    assert birthday(born, years) == day


_MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2080, 1, 1)).map(lambda one: one.replace(tzinfo=UTC))  # noqa: DTZ001
_SPANS = st.one_of(
    st.just(Span()),
    st.tuples(_MOMENTS, _MOMENTS).filter(lambda two: two[0] < two[1]).map(lambda two: Span(*two)),
)
_FEW = st.lists(_SPANS, max_size=3).map(tuple)
_BIRTHS = st.dates(date(1950, 1, 1), date(2030, 1, 1))


def _standing(person_id: object) -> st.SearchStrategy[Standing]:
    return st.builds(
        Standing, person_id=st.just(person_id), born=_BIRTHS, secret=st.booleans(), deceased=st.booleans()
    )


_BONDS = st.lists(
    st.builds(
        bond, tie=st.sampled_from(Tie), span=_SPANS, responsibility=st.booleans(), lives_with=st.booleans()
    ),
    min_size=1,
    max_size=4,
).map(tuple)
_PAIRS = st.builds(
    Pair,
    subject=_standing(CHILD),
    actor=_standing(ADULT),
    bonds=_BONDS,
    at_home=_FEW,
    certificates=_FEW,
    consents=_FEW,
)


@given(pair=_PAIRS, book=st.sampled_from(VERSIONS))
def test_whatever_the_facts_there_is_one_row_at_every_moment(pair: Pair, book: Book) -> None:
    assert pair.subject.born is not None
    rows = permits_of(pair, book)
    meets(rows, pair.subject.born)
    if pair.subject.secret or pair.actor.secret:
        assert [(row.rule, row.audience) for row in rows] == [("secret_address", 0)]
    # Nobody but a relative with a certificate has access to somebody over 16.
    grown = at(turned(pair.subject.born, 16))
    open_then = {row.rule for row in rows if row.audience and row.valid_until > grown}
    assert open_then <= {"relative.certificate"}


@given(pair=_PAIRS, book=st.sampled_from(VERSIONS))
def test_in_which_order_the_facts_come_makes_no_difference(pair: Pair, book: Book) -> None:
    turned_round = Pair(
        subject=pair.subject,
        actor=pair.actor,
        bonds=pair.bonds[::-1],
        at_home=pair.at_home[::-1],
        certificates=pair.certificates[::-1],
        consents=pair.consents[::-1],
    )
    assert permits_of(pair, book) == permits_of(turned_round, book)


def test_a_wide_gap_in_the_clock_makes_none_in_the_bands() -> None:
    """In 1940 the clocks in Norway went forward at 23:00, in 1945 back at 3:00."""
    for born in (date(1928, 8, 10), date(1929, 10, 1), date(1924, 8, 11)):
        meets(
            permits_of(Pair(subject=child(born), actor=adult(), bonds=(bond(Tie.GUARDIAN),)), HELSENORGE),
            born,
        )
