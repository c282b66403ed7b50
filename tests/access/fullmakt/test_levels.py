"""The decision table of the levels: HelsaMi's four, and the tasks."""

import pytest

from innsyn.access.capability import EVERYTHING, Capability
from innsyn.access.fullmakt.levels import (
    EVERY_KIND,
    LEVELS,
    Level,
    MoreThanOneHas,
    NothingLeft,
    WhichForm,
    given,
    must_be_theirs,
    widens,
)
from innsyn.access.visibility import PAST_APPOINTMENTS
from innsyn.records.kinds import Kind

TASK = "0b5b2c1e-2f50-4f0e-9d28-0f5d2a3f7c11"
SEE, MESSAGE, BOOK, FORMS = Capability.SEE, Capability.MESSAGE, Capability.BOOK, Capability.FORMS
TODAY = {
    *("lab_results", "measurements", "imaging", "medications", "allergies", "diagnoses"),
    *("vaccinations", "encounters", "referrals", "care_plans", "care_team"),
}
# level, capabilities, kinds (None: all), in the whole record
TABLE = [
    (Level.STANDARD, SEE | MESSAGE | BOOK, TODAY, SEE | MESSAGE | BOOK),
    (Level.READ, SEE, TODAY, SEE),
    (Level.COMMUNICATE, SEE | MESSAGE | BOOK, {"encounters"}, SEE | MESSAGE | BOOK),
    (Level.FULL, SEE | MESSAGE | BOOK | FORMS, None, SEE | MESSAGE | BOOK | FORMS),
    (Level.APPOINTMENTS, SEE | BOOK, {"encounters"}, SEE | BOOK),
    (Level.MESSAGES, MESSAGE, set(), Capability(0)),
    (Level.FORM, FORMS, {f"form:{TASK}"}, Capability.ONE_FORM),
]


@pytest.mark.parametrize(
    ("level", "capabilities", "kinds", "everywhere"), TABLE, ids=[row[0] for row in TABLE]
)
def test_what_a_level_gives(
    level: Level, capabilities: Capability, kinds: set[str] | None, everywhere: Capability
) -> None:
    preset = given(level, task=TASK if level is Level.FORM else "")
    found = None if preset.kinds is None else set(preset.kinds)
    assert (preset.capabilities, found, preset.everywhere) == (capabilities, kinds, everywhere)


def test_the_table_has_every_level() -> None:
    assert [row[0] for row in TABLE] == list(Level) == list(LEVELS)


def test_the_kinds_are_those_there_are() -> None:
    assert {*EVERY_KIND} == {*Kind, PAST_APPOINTMENTS}


def test_nobody_can_give_on_what_they_have_been_given() -> None:
    assert not [level for level in Level if Capability.MANAGE in LEVELS[level].capabilities]


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("kind", EVERY_KIND)
def test_what_is_taken_away_is_gone_and_nothing_else_comes(level: Level, kind: str) -> None:
    task = TASK if level is Level.FORM else ""
    before = given(level, task=task)
    try:
        after = given(level, [kind], task)
    except NothingLeft:
        assert before.kinds == (kind,)
        return
    if not before.task:
        gone = {kind, PAST_APPOINTMENTS} if kind == "encounters" else {kind}
        assert set(after.kinds or ()) == set(before.kinds or EVERY_KIND) - gone
    assert after.capabilities == before.capabilities
    assert not widens(before, after)


def test_a_form_is_one_form() -> None:
    one, other = given(Level.FORM, task=TASK), given(Level.FORM, task=TASK.replace("0b", "0c"))
    assert (one.task, one.kinds) == (TASK, (f"form:{TASK}",))
    assert widens(one, other)
    assert widens(other, one)
    assert not widens(one, one)
    # Neither is more than the whole, nor is the whole a form.
    assert widens(one, given(Level.MESSAGES))
    assert widens(one, given(Level.READ))


@pytest.mark.parametrize("task", ["", "form", "Questionnaire/1", "*", f"{TASK},lab_results", f"form:{TASK}"])
def test_no_form_is_given_without_saying_which(task: str) -> None:
    with pytest.raises(WhichForm):
        given(Level.FORM, task=task)


WIDER = [
    (Level.READ, Level.STANDARD, True),
    (Level.STANDARD, Level.READ, False),
    (Level.STANDARD, Level.COMMUNICATE, False),
    (Level.COMMUNICATE, Level.STANDARD, True),
    (Level.COMMUNICATE, Level.READ, True),
    (Level.FULL, Level.STANDARD, False),
    (Level.STANDARD, Level.FULL, True),
    (Level.READ, Level.APPOINTMENTS, True),
    (Level.COMMUNICATE, Level.APPOINTMENTS, False),
    (Level.FULL, Level.MESSAGES, True),
]


@pytest.mark.parametrize(("before", "after", "wider"), WIDER)
def test_more_is_told_from_less(before: Level, after: Level, wider: bool) -> None:
    assert widens(given(before), given(after)) is wider


def test_never_more_than_the_giver_has() -> None:
    must_be_theirs(given(Level.FULL), EVERYTHING, None)
    must_be_theirs(given(Level.COMMUNICATE), EVERYTHING, ["encounters"])
    for level, capabilities, kinds in (
        (Level.FULL, EVERYTHING & ~FORMS, None),
        (Level.FULL, EVERYTHING, list(EVERY_KIND)),
        (Level.READ, EVERYTHING, ["lab_results"]),
        (Level.MESSAGES, SEE, None),
    ):
        with pytest.raises(MoreThanOneHas):
            must_be_theirs(given(level), capabilities, kinds)
