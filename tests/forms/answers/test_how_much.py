"""What one draft can cost: as large as it may be, it is worked out and merged while somebody waits."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from forms.answers.forms_of import form_of, item
from innsyn.forms.engine.carrying import carry
from innsyn.forms.engine.filling import begin, fill
from innsyn.forms.engine.instances import MOST_FIELDS, Tree
from innsyn.forms.engine.merging import merge
from innsyn.forms.engine.model import Condition, Form
from innsyn.forms.engine.state import Context
from innsyn.forms.engine.taking import TooManyFields, add
from innsyn.forms.engine.values import Answer, Node, Value

CONTEXT = Context(now=datetime(2026, 11, 23, tzinfo=UTC))


def seconds(of: Callable[[], object]) -> float:
    """CPU time: others on the machine do not count."""
    started = time.process_time()
    of()
    return time.process_time() - started


def one_in_another() -> Form:
    yes = (Condition(2, "=", Value(value_boolean=True)),)
    inner = item("inner", "group", item("a", "boolean"), item("b", "string", enable_when=yes), repeats=True)
    return form_of(item("outer", "group", inner, repeats=True))


def test_conditions_in_instances_cost_no_more_for_each_when_there_are_many() -> None:
    form = one_in_another()
    inner = [Node("inner", item=[Node("a", [Answer(value_boolean=True)])]), Node("inner")]
    answers = [Node("outer", item=inner * 35) for _ in range(70)]
    # Looking through all places for each condition takes more than ten.
    assert seconds(lambda: fill(form, answers, CONTEXT)) < 3


def test_a_condition_is_about_its_own_instance() -> None:
    form = one_in_another()
    inner = [Node("inner", item=[Node("a", [Answer(value_boolean=each)])]) for each in (True, False)]
    filled = fill(form, [Node("outer", item=inner), Node("outer", item=inner[::-1])], CONTEXT)
    asked = [field.name for field in filled.all() if field.item.link_id == "b" and field.enabled]
    assert asked == ["3.0.0", "3.1.1"]


def test_a_hundred_instances_that_all_were_changed_are_merged_in_no_time() -> None:
    form = form_of(item("g", "group", *(item(f"q{n}", "string") for n in range(50)), repeats=True))

    def written(by: str) -> list[Node]:
        return [
            Node("g", item=[Node(f"q{n}", [Answer(value_string=f"{by}{k}-{n}")]) for n in range(50)])
            for k in range(100)
        ]

    base, mine, theirs = written("a"), written("b"), written("c")
    # Encoding every answer anew for each pair takes five.
    assert seconds(lambda: merge(form, base, mine, theirs)) < 2


def test_no_more_is_added_than_a_draft_may_hold_and_the_page_offers_none() -> None:
    form = form_of(item("g", "group", *(item(f"q{n}", "string") for n in range(99)), repeats=True))
    answers = begin(form, CONTEXT)
    for _ in range(48):
        answers = add(form, answers, "0.0")
    assert {field.can_add for field in fill(form, answers, CONTEXT).fields} == {True}
    full = add(form, answers, "0.0")
    assert Tree(form, full).size == MOST_FIELDS
    assert {field.can_add for field in fill(form, full, CONTEXT).fields} == {False}
    assert add(form, full, "0.0") == full


def test_two_pages_together_add_no_more_than_a_draft_may_hold() -> None:
    form = form_of(item("g", "group", *(item(f"q{n}", "string") for n in range(99)), repeats=True))

    def written(by: str, count: int) -> list[Node]:
        return [Node("g", item=[Node("q0", [Answer(value_string=f"{by}{n}")])]) for n in range(count)]

    base = written("a", 10)
    merged, conflicts = merge(form, base, base + written("b", 20), base + written("c", 20))
    assert (len(merged), conflicts) == (50, [])
    with pytest.raises(TooManyFields):
        merge(form, base, base + written("b", 21), base + written("c", 20))


def test_a_version_with_larger_groups_keeps_what_there_is_room_for_and_tells_the_rest() -> None:
    def written(count: int) -> list[Node]:
        return [Node("g", item=[Node("q0", [Answer(value_string=str(n))])]) for n in range(count)]

    small = form_of(item("g", "group", item("q0", "string"), repeats=True))
    large = form_of(item("g", "group", *(item(f"q{n}", "string") for n in range(99)), repeats=True))
    carried, lost = carry(small, written(60), large)
    assert (carried, Tree(large, carried).size) == (written(50), MOST_FIELDS)
    assert [each.answers for each in lost] == [(Answer(value_string=str(n)),) for n in range(50, 60)]
