"""Numbers under today's rule and under the rule of 2032."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innsyn.identity.national_identity import (
    REAL,
    SYNTHETIC,
    NationalIdentity,
    NoNumberLeft,
    identity_of,
    synthetic_number,
)

EVERY = (*REAL, *SYNTHETIC)
LABELLED = Path(__file__).parents[3] / "shared" / "data" / "fodselsnummer" / "fnr-cases.json"


def backwards(number: str) -> str:
    """What could be somebody's stands backwards here, so that no such number is written in the repository."""
    return number[::-1]


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (backwards("61200961131"), ("fnr", "none")),
        (backwards("56500567051"), ("fnr", "none")),
        (backwards("83100668002"), ("fnr", "none")),
        (backwards("79999231020"), ("fnr", "none")),
        (backwards("60899231020"), ("fnr", "none")),
        (backwards("02999280103"), ("fnr", "none")),
        # A first remainder of 1, 2 or 3: allowed for numbers given from 2032.
        (backwards("30999231020"), ("fnr", "none")),
        (backwards("93999280103"), ("fnr", "none")),
        (backwards("61084279035"), ("dnr", "none")),
        ("28816196088", ("fnr", "tenor")),
        ("05895894984", ("fnr", "tenor")),
        ("28876895937", ("fnr", "tenor")),
        ("47906701517", ("dnr", "tenor")),
        ("45840375084", ("dnr", "tenor")),
        ("19779998080", ("fnr", "nhn")),
        ("13527248013", ("fnr", "nav")),
    ],
)
def test_a_number_is_told_by_its_kind_and_origin(number: str, expected: tuple[str, str]) -> None:
    found = identity_of(number, EVERY)
    assert found is not None
    assert (found.number, found.kind, found.origin) == (number, *expected)


@pytest.mark.parametrize(
    "number",
    [
        "30108299938",  # the second control digit has no other rule in 2032
        "00000000000",  # right digits, no such day
        backwards("05844475031"),  # the example of the no-basis-Patient profile
        "1311690021",
        f"{backwards('61200961131')}0",
        "1311690021A",
        f"{backwards('61200961131')[:10]}٦",  # a digit, but not one of ours
        f" {backwards('61200961131')}",
        "",
    ],
)
def test_what_is_no_number_is_none(number: str) -> None:
    assert identity_of(number, EVERY) is None


def test_production_takes_real_numbers_alone_and_everything_else_synthetic_ones_alone() -> None:
    real, tenor, aid = backwards("61200961131"), "28816196088", backwards("89000000008")
    assert [identity_of(number, REAL) is not None for number in (real, tenor, aid)] == [True, False, True]
    assert [identity_of(number, SYNTHETIC) is not None for number in (real, tenor, aid)] == [
        False,
        True,
        False,
    ]


def test_a_common_aid_number_has_no_date_and_keeps_the_old_rule() -> None:
    assert identity_of(backwards("89000000008")) == NationalIdentity(backwards("89000000008"), "fhn", "none")
    # First remainder 2, second 0: the rule of 2032, which is the Folkeregister's and not this number's.
    assert identity_of("80000000004") is None


def test_a_number_is_never_shown_by_its_representation() -> None:
    assert repr(identity_of(backwards("61200961131"))) == "NationalIdentity(kind='fnr', origin='none')"


@given(st.dates(date(1900, 1, 1), date(2039, 12, 31)), st.text(max_size=20))
def test_a_synthetic_number_is_valid_says_so_and_carries_its_birth_date(born: date, seed: str) -> None:
    number = synthetic_number(born, seed)
    found = identity_of(number, SYNTHETIC)
    assert found == NationalIdentity(number, "fnr", "tenor")
    assert number == synthetic_number(born, seed)
    assert number[:6] == f"{born.day:02}{born.month + 80:02}{born.year % 100:02}"


@given(st.dates(date(1900, 1, 1), date(2039, 12, 31)), st.integers(0, 10), st.integers(0, 9))
def test_a_wrong_digit_is_always_noticed(born: date, place: int, digit: int) -> None:
    number = synthetic_number(born, "somebody")
    changed = number[:place] + str(digit) + number[place + 1 :]
    # One wrong digit always changes the second remainder, which has to be 0 under both rules.
    assert (identity_of(changed, EVERY) is None) == (changed != number)


@given(st.text())
def test_any_text_can_be_asked_about(text: str) -> None:
    found = identity_of(text, EVERY)
    assert found is None or found.number == text


def test_people_born_on_one_day_get_a_number_each_until_there_are_none() -> None:
    born, taken = date(1966, 3, 14), set[str]()
    while number := next_number(born, taken):
        assert number not in taken
        taken.add(number)
    assert 800 < len(taken) < 850
    assert all(identity_of(number, SYNTHETIC) for number in taken)
    with pytest.raises(NoNumberLeft, match="1966-03-14"):
        synthetic_number(born, "another seed", taken)


def next_number(born: date, taken: set[str]) -> str:
    try:
        return synthetic_number(born, "the same seed", taken)
    except NoNumberLeft:
        return ""


@pytest.mark.skipif(not LABELLED.exists(), reason="the labelled numbers are not on this machine")
def test_numbers_that_others_have_labelled_are_judged_alike() -> None:
    labelled = json.loads(LABELLED.read_text())
    cases: list[dict[str, Any]] = labelled["cases"]
    assert {case["number"]: identity_of(case["number"], EVERY) is not None for case in cases} == {
        case["number"]: case["status"] == "valid" for case in cases
    }
    for published in labelled["published_test_numbers"]:
        assert identity_of(published["number"], EVERY) is not None, published["note"]
