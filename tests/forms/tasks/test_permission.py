"""Who may fill in a form, as the form says: every relation, age and code at once."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

import pytest

from innsyn.forms.permission import MayNotFill, age_of, must_fill, refused_by

_ONE, _OTHER = UUID(int=1), UUID(int=2)
TODAY = date(2026, 11, 23)


class Here(NamedTuple):
    actor_id: UUID
    subject_id: UUID
    rule: str


SELF = Here(_ONE, _ONE, "self")
YOUTH = Here(_ONE, _ONE, "own.youth")
PREVIEW = Here(_ONE, _ONE, "preview")
PARENT = Here(_OTHER, _ONE, "parent.child")
RELATIVE = Here(_OTHER, _ONE, "relative.certificate")
HELPER = Here(_OTHER, _ONE, "fullmakt")
STRANGER = Here(_OTHER, _ONE, "made_up")
OWN_BY_ANOTHER = Here(_OTHER, _ONE, "self")


def _born(age: int) -> date:
    return date(TODAY.year - age, 11, 23)


@pytest.mark.parametrize(
    ("here", "codes", "age", "rule"),
    [
        (SELF, (), 40, ""),
        (SELF, ("1",), 40, ""),
        (SELF, ("6",), 40, ""),
        (YOUTH, (), 14, "form.too_young"),
        (YOUTH, ("7",), 14, ""),
        (YOUTH, ("7",), 12, "form.too_young"),
        (PREVIEW, (), 40, "form.preview"),
        (PARENT, (), 9, ""),
        (PARENT, ("2",), 9, ""),
        (PARENT, ("3",), 9, "form.not_this_relation"),
        (PARENT, ("3",), 13, ""),
        (PARENT, ("2",), 12, "form.not_this_relation"),
        (PARENT, (), 16, "form.not_this_relation"),
        (PARENT, ("1", "2"), 9, "form.only_citizen"),
        (RELATIVE, (), 80, ""),
        (RELATIVE, ("4",), 80, ""),
        (RELATIVE, ("5",), 80, "form.not_this_relation"),
        (HELPER, (), 40, ""),
        (HELPER, ("5",), 40, ""),
        (HELPER, ("4",), 40, "form.not_this_relation"),
        (HELPER, ("1",), 40, "form.only_citizen"),
        (STRANGER, (), 40, "form.not_this_relation"),
        (OWN_BY_ANOTHER, (), 40, "form.not_this_relation"),
    ],
)
def test_who_may(here: Here, codes: tuple[str, ...], age: int, rule: str) -> None:
    assert refused_by(here, codes, _born(age), TODAY) == rule


def test_a_birthday_counts_from_the_day_itself() -> None:
    assert [age_of(date(2010, 11, day), TODAY) for day in (22, 23, 24)] == [16, 16, 15]
    assert (age_of(date(2008, 2, 29), date(2024, 2, 28)), age_of(date(2008, 2, 29), date(2025, 2, 28))) == (
        15,
        16,
    )


def test_whoever_may_not_is_told_by_which_rule() -> None:
    must_fill(SELF, ("1",), _born(40), TODAY)
    with pytest.raises(MayNotFill) as refused:
        must_fill(HELPER, ("1",), _born(40), TODAY)
    assert (refused.value.status_code, refused.value.rule) == (403, "form.only_citizen")
