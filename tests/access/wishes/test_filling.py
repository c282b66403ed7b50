"""KanUtforesAv 1-7: who may fill in a form, as a table."""

from itertools import combinations

import pytest

from innsyn.access.filling import Filler, Relation, may_fill, why_not

SELF, PARENT, ASSIGNED, FULLMAKT = Relation.SELF, Relation.PARENT, Relation.ASSIGNED, Relation.FULLMAKT


@pytest.mark.parametrize(
    ("codes", "relation", "age", "rule"),
    [
        # Without a code: the standard.
        ("", SELF, 16, ""),
        ("", SELF, 15, "form.too_young"),
        ("", PARENT, 0, ""),
        ("", PARENT, 11, ""),
        ("", PARENT, 12, ""),
        ("", PARENT, 15, ""),
        ("", PARENT, 16, "form.not_this_relation"),
        ("", ASSIGNED, 80, ""),
        ("", FULLMAKT, 80, ""),
        # 1: the citizen alone, whatever stands beside it.
        ("1", SELF, 40, ""),
        ("1", PARENT, 5, "form.only_citizen"),
        ("12345", PARENT, 5, "form.only_citizen"),
        ("12345", FULLMAKT, 80, "form.only_citizen"),
        # 2 and 3: parents, by the age of the child.
        ("2", PARENT, 11, ""),
        ("2", PARENT, 12, "form.not_this_relation"),
        ("3", PARENT, 11, "form.not_this_relation"),
        ("3", PARENT, 12, ""),
        ("3", PARENT, 15, ""),
        ("23", PARENT, 16, "form.not_this_relation"),
        # 4 and 5: the two kinds of representative.
        ("4", ASSIGNED, 80, ""),
        ("4", FULLMAKT, 80, "form.not_this_relation"),
        ("5", FULLMAKT, 80, ""),
        ("5", ASSIGNED, 80, "form.not_this_relation"),
        # 6 opens nothing for others.
        ("6", SELF, 40, ""),
        ("6", PARENT, 5, "form.not_this_relation"),
        # 7: the young themselves, from 13.
        ("7", SELF, 12, "form.too_young"),
        ("7", SELF, 13, ""),
        ("17", SELF, 15, ""),
        ("2345", SELF, 15, "form.too_young"),
        ("7", PARENT, 14, "form.not_this_relation"),
        # A code that nobody knows opens nothing.
        ("9", SELF, 40, ""),
        ("9", FULLMAKT, 80, "form.not_this_relation"),
    ],
)
def test_the_table(codes: str, relation: Relation, age: int, rule: str) -> None:
    assert why_not(codes, Filler(relation=relation, age=age)) == rule


@pytest.mark.parametrize("relation", [PARENT, ASSIGNED, FULLMAKT])
def test_a_blocked_address_beats_every_code(relation: Relation) -> None:
    every = [set(codes) for number in range(8) for codes in combinations("1234567", number)]
    assert not any(
        may_fill(codes, Filler(relation=relation, age=age, secret=True)) for codes in every for age in (5, 80)
    )
    assert all(may_fill(codes, Filler(relation=SELF, age=40, secret=True)) for codes in every)
