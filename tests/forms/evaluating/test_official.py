import re
from functools import cache
from typing import Final

import pytest

from forms.evaluating.gaps import GAPS
from forms.evaluating.official import WHERE, Case, cases, passes

pytestmark = pytest.mark.skipif(not WHERE.exists(), reason="the official suite is not here")

# The functions that the expressions of real forms call (Norwegian, Australian, American, HL7's own).
RELIED_ON: Final = frozenset(
    "aggregate all allTrue anyTrue as children coalesce combine contains count descendants distinct empty endsWith "
    "exclude exists exp extension first floor hasValue iif indexOf intersect is join last length ln lower matches not "
    "now ofType power repeat replace round select single skip startsWith substring sum tail take toDecimal toInteger "
    "toString today upper where".split()
)
_CALLED: Final = re.compile(r"([A-Za-z]+)\(")


@cache
def results() -> dict[str, bool]:
    """Whether each passes, by name."""
    return {case.name: passes(case) for case in cases()}


def relies(case: Case) -> bool:
    """Does it use only what forms use?"""
    return set(_CALLED.findall(case.expression)) <= RELIED_ON


def test_the_gaps_are_those_that_are_known() -> None:
    failed = {name for name, passed in results().items() if not passed}
    assert sorted(failed - GAPS) == [], "these passed before"
    assert sorted(GAPS - failed) == [], "these pass now: take them off the list"


def test_how_much_of_the_suite_passes() -> None:
    relied = [results()[case.name] for case in cases() if relies(case)]
    assert (sum(results().values()), len(results())) == (564, 673)
    assert (sum(relied), len(relied)) == (438, 472)
