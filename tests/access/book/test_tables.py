"""The decision tables of both versions: for every age and every relation, what is open and which rule says so."""

from datetime import date
from typing import Any

import pytest

from access.book.pairs import ADULT, CHILD, adult, at, bond, child, parent_pair, turned
from innsyn.access.audience import Audience
from innsyn.access.book.facts import Pair, Span, Standing, Tie
from innsyn.access.book.rule import Book
from innsyn.access.book.rules import may_give, may_receive, permits_of, why_not
from innsyn.access.book.versions import HELSAMI, HELSENORGE, HELSENORGE_RESIDENT, VERSIONS, version
from innsyn.access.capability import EVERYTHING, Capability
from innsyn.records.kinds import Kind

BORN = date(2013, 3, 2)
AGES = range(90)
_DO = Capability.SEE | Capability.MESSAGE | Capability.BOOK | Capability.FORMS
SOME = ("medications", "vaccinations")
# (rule, audience, capabilities, kinds) of each that opens something; all other rules open nothing.
OPENS = {
    "self": (Audience.SELF, EVERYTHING, None),
    "own.youth": (Audience.YOUTH, Capability.SEE | Capability.FORMS, SOME),
    "parent.child": (Audience.PARENT_OF_CHILD, _DO, None),
    "parent.youth": (Audience.PARENT_OF_YOUTH, Capability.SEE | Capability.FORMS, SOME),
    "parent.youth_whole": (Audience.PARENT_OF_YOUTH, _DO, None),
    "relative.certificate": (Audience.HELPER, _DO, None),
}
Bands = list[tuple[range, str]]


def expected(bands: Bands) -> list[str]:
    """The rule for each age."""
    return [next(rule for ages, rule in bands if age in ages) for age in AGES]


def decided(pair: Pair, book: Book) -> list[str]:
    """The rule for each age, asked at noon of the day after the birthday."""
    rows = permits_of(pair, book)
    assert pair.subject.born is not None
    found = []
    for age in AGES:
        noon = at(turned(pair.subject.born, age), 12)
        [row] = [row for row in rows if row.valid_from <= noon < row.valid_until]
        opens = OPENS.get(row.rule, (Audience(0), Capability(0), ()))
        assert (Audience(row.audience), Capability(row.capabilities), row.kinds) == opens, row.rule
        assert why_not(rows, noon) == ("" if row.rule in OPENS else row.rule)
        found.append(row.rule)
    return found


YOUNG, TEEN, ALL = range(12), range(12, 16), range(200)
OWN_LOGIN = range(13)


@pytest.mark.parametrize(
    ("book", "bands"),
    [
        (HELSENORGE, [(YOUNG, "parent.child"), (TEEN, "parent.youth"), (ALL, "parent.from_sixteen")]),
        (HELSAMI, [(YOUNG, "parent.child"), (TEEN, "parent.youth_whole"), (ALL, "parent.from_sixteen")]),
    ],
)
def test_a_parent(book: Book, bands: Bands) -> None:
    assert decided(parent_pair(child(BORN)), book) == expected(bands)


@pytest.mark.parametrize("book", VERSIONS)
@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        ({"responsibility": False}, "parent.no_responsibility"),
        ({"at_home": False, "own_home": False}, "parent.other_address"),
        ({"responsibility": False, "at_home": False, "own_home": False}, "parent.no_responsibility"),
    ],
)
def test_a_parent_without_what_the_law_asks_for(book: Book, facts: dict[str, bool], rule: str) -> None:
    bands = [(range(16), rule), (ALL, "parent.from_sixteen")]
    assert decided(parent_pair(child(BORN), **facts), book) == expected(bands)


def test_the_switch_of_the_address() -> None:
    elsewhere = parent_pair(child(BORN), own_home=False)
    opened = [(YOUNG, "parent.child"), (TEEN, "parent.youth"), (ALL, "parent.from_sixteen")]
    closed = [(range(16), "parent.other_address"), (ALL, "parent.from_sixteen")]
    assert decided(elsewhere, HELSENORGE) == expected(opened)
    assert decided(elsewhere, HELSENORGE_RESIDENT) == expected(closed)
    assert decided(parent_pair(child(BORN)), HELSENORGE_RESIDENT) == expected(opened)


@pytest.mark.parametrize(
    ("book", "consents", "bands"),
    [
        (HELSENORGE, (), [(OWN_LOGIN, "own.child"), (range(13, 16), "own.no_consent"), (ALL, "self")]),
        (HELSENORGE, (Span(),), [(OWN_LOGIN, "own.child"), (range(13, 16), "own.youth"), (ALL, "self")]),
        (HELSAMI, (), [(range(16), "own.minor"), (ALL, "self")]),
        (HELSAMI, (Span(),), [(range(16), "own.minor"), (ALL, "self")]),
    ],
)
def test_the_own_record(book: Book, consents: tuple[Span, ...], bands: Bands) -> None:
    own = Pair(subject=child(BORN), actor=child(BORN), consents=consents)
    assert decided(own, book) == expected(bands)


@pytest.mark.parametrize("book", VERSIONS)
def test_a_guardian_gets_nothing_at_any_age(book: Book) -> None:
    pair = Pair(subject=child(BORN), actor=adult(), bonds=(bond(Tie.GUARDIAN),))
    assert decided(pair, book) == expected([(ALL, "guardian")])


@pytest.mark.parametrize("book", VERSIONS)
def test_the_nearest_relative(book: Book) -> None:
    relative = (bond(Tie.RELATIVE),)
    # The certificate is given on the tenth birthday, and counts for five years although it says ten.
    given = (Span(at(turned(BORN, 10)), at(turned(BORN, 20))),)
    pair = Pair(subject=child(BORN), actor=adult(), bonds=relative, certificates=given)
    bands = [
        (YOUNG, "relative.child"),
        (range(12, 15), "relative.certificate"),
        (ALL, "relative.no_certificate"),
    ]
    assert decided(pair, book) == expected(bands)
    without = Pair(subject=child(BORN), actor=adult(), bonds=relative)
    assert decided(without, book) == expected([(YOUNG, "relative.child"), (ALL, "relative.no_certificate")])
    # A sister of the same day turns 18 with the person.
    sister = Pair(subject=child(BORN), actor=adult(BORN), bonds=relative, certificates=(Span(at(BORN)),))
    assert decided(sister, book) == expected(
        [(range(18), "relative.minor"), (ALL, "relative.no_certificate")]
    )
    # Nobody knows how old this one is.
    unknown = Pair(subject=child(BORN), actor=adult(None), bonds=relative, certificates=given)
    assert decided(unknown, book) == expected([(ALL, "relative.minor")])


@pytest.mark.parametrize("book", VERSIONS)
def test_a_parent_who_is_nearest_relative_too_sees_more_from_twelve_on(book: Book) -> None:
    both = (bond(Tie.PARENT, responsibility=True, lives_with=True), bond(Tie.RELATIVE), bond(Tie.GUARDIAN))
    renewed = tuple(Span(at(turned(BORN, age)), at(turned(BORN, age + 4))) for age in range(12, 28, 4))
    pair = Pair(subject=child(BORN), actor=adult(), bonds=both, at_home=(Span(),), certificates=renewed)
    bands = [(YOUNG, "parent.child"), (range(12, 28), "relative.certificate"), (ALL, "parent.from_sixteen")]
    assert decided(pair, book) == expected(bands)


@pytest.mark.parametrize("book", VERSIONS)
@pytest.mark.parametrize("tie", Tie)
@pytest.mark.parametrize(
    ("facts", "rule"),
    [({"secret": True}, "secret_address"), ({"deceased": True}, "deceased"),
     ({"secret": True, "deceased": True}, "secret_address")],
)  # fmt: skip
@pytest.mark.parametrize("whose", [CHILD, ADULT])
def test_what_comes_before_every_relation(
    book: Book, tie: Tie, facts: dict[str, Any], rule: str, whose: object
) -> None:
    subject = child(BORN, **facts) if whose == CHILD else child(BORN)
    actor = adult(**facts) if whose == ADULT else adult()
    ties = (bond(tie, responsibility=True, lives_with=True),)
    pair = Pair(subject=subject, actor=actor, bonds=ties, at_home=(Span(),), certificates=(Span(at(BORN)),))
    assert decided(pair, book) == expected([(ALL, rule)])


@pytest.mark.parametrize("book", VERSIONS)
def test_a_secret_address_takes_nothing_from_the_own_record(book: Book) -> None:
    shown, hidden = child(BORN), child(BORN, secret=True)
    assert decided(Pair(subject=hidden, actor=hidden), book) == decided(
        Pair(subject=shown, actor=shown), book
    )


@pytest.mark.parametrize("book", VERSIONS)
def test_without_a_birth_date_nothing_is_open(book: Book) -> None:
    nobody_knows = Standing(person_id=CHILD)
    for tie in Tie:
        ties = (bond(tie, responsibility=True, lives_with=True),)
        pair = Pair(subject=nobody_knows, actor=adult(), bonds=ties, at_home=(Span(),))
        assert [(row.rule, row.audience) for row in permits_of(pair, book)] == [("birth_date_unknown", 0)]


@pytest.mark.parametrize("book", VERSIONS)
def test_two_who_have_nothing_to_do_with_each_other_have_no_rows(book: Book) -> None:
    rows = permits_of(Pair(subject=child(BORN), actor=adult()), book)
    assert (rows, why_not(rows, at(BORN))) == ([], "no_basis")


def test_a_relation_that_ends_says_so() -> None:
    year = bond(Tie.PARENT, responsibility=True, span=Span(at(turned(BORN, 2)), at(turned(BORN, 5))))
    rows = permits_of(Pair(subject=child(BORN), actor=adult(), bonds=(year,), at_home=(Span(),)), HELSENORGE)
    assert [(row.rule, row.valid_from) for row in rows] == [
        ("no_basis", at(BORN)),
        ("parent.child", at(turned(BORN, 2))),
        ("no_basis", at(turned(BORN, 5))),
    ]


@pytest.mark.parametrize(
    ("age", "gives", "receives"),
    [(15, "fullmakt.giver", "fullmakt.receiver"), (16, None, "fullmakt.receiver"),
     (17, None, "fullmakt.receiver"), (18, None, None), (90, None, None)],
)  # fmt: skip
def test_fullmakt(age: int, gives: str | None, receives: str | None) -> None:
    today = turned(BORN, age)
    assert (may_give(child(BORN), today), may_receive(child(BORN), today)) == (gives, receives)


@pytest.mark.parametrize("ask", [may_give, may_receive])
def test_fullmakt_and_what_comes_before(ask: object) -> None:
    assert callable(ask)
    today = date(2026, 11, 23)
    told = [adult(secret=True), adult(deceased=True), adult(None), adult()]
    assert [ask(one, today) for one in told] == ["secret_address", "deceased", "birth_date_unknown", None]


def test_every_version_is_found_by_its_name_and_every_kind_is_one() -> None:
    assert [version(book.key) for book in VERSIONS] == list(VERSIONS)
    known = {kind.value for kind in Kind} | {"encounters.past"}
    for book in VERSIONS:
        assert len({rule.key for rule in book.rules}) == len(book.rules)
        for rule in book.rules:
            assert set(rule.kinds or ()) <= known
            assert rule.sources, rule.key
            assert rule.denies == (rule.key not in {*OPENS, "fullmakt"})
