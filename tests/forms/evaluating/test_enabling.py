from decimal import Decimal

import pytest

from forms.evaluating.made import (
    NO,
    NOW,
    YES,
    coding,
    enabled,
    form_of,
    integer,
    item,
    named,
    node,
    string,
    when,
)
from innsyn.forms.engine.filling import begin, fill
from innsyn.forms.engine.model import Option, Type
from innsyn.forms.engine.values import Answer, Answers, Coding, Quantity, Value


@pytest.mark.parametrize(
    ("operator", "value", "answers", "holds"),
    [
        ("exists", Value(value_boolean=True), [], False),
        ("exists", Value(value_boolean=True), [integer(0)], True),
        ("exists", Value(value_boolean=False), [], True),
        ("exists", Value(value_boolean=False), [integer(0)], False),
        ("exists", Value(value_boolean=True), [Answer(typed="abc")], False),
        ("=", Value(value_integer=3), [integer(3)], True),
        ("=", Value(value_decimal=Decimal("3.0")), [integer(3)], True),
        ("=", Value(value_integer=3), [integer(1), integer(3)], True),
        ("=", Value(value_integer=3), [], False),
        ("=", Value(value_boolean=False), [integer(0)], False),
        ("=", Value(value_coding=Coding(code="a")), [coding("a")], True),
        ("=", Value(value_coding=Coding(system="urn:other", code="a")), [coding("a")], False),
        ("!=", Value(value_integer=3), [integer(3)], False),
        ("!=", Value(value_integer=3), [integer(4)], True),
        ("!=", Value(value_integer=3), [], True),
        (">", Value(value_integer=3), [integer(4)], True),
        (">", Value(value_integer=3), [integer(3)], False),
        ("<", Value(value_integer=3), [integer(2)], True),
        (">=", Value(value_integer=3), [integer(3)], True),
        ("<=", Value(value_integer=3), [integer(4)], False),
        (">", Value(value_integer=3), [], False),
        (">", Value(value_date="2020-01-31"), [Answer(value_date="2020-02-01")], True),
        (">", Value(value_date="2020-05"), [Answer(value_date="2020")], False),
        ("<=", Value(value_time="12:00:00"), [Answer(value_time="08:00:00")], True),
        (">", _kilos := Value(value_quantity=Quantity(value=Decimal(80), code="kg")), [Answer(
            value_quantity=Quantity(value=Decimal("80.5"), code="kg"))], True),
        (">", _kilos, [Answer(value_quantity=Quantity(value=Decimal(90), code="g"))], False),
    ],
)  # fmt: skip
def test_every_operator(operator: str, value: Value, answers: list[Answer], holds: bool) -> None:
    form = form_of(item("q", repeats=True), item("then", enable_when=(when("q", operator, value),)))
    filled = fill(form, [node("q", *answers)], NOW)
    assert ("then" in enabled(filled)) == holds


@pytest.mark.parametrize(("every", "asked"), [(False, True), (True, False)])
def test_several_conditions_are_any_or_all(every: bool, asked: bool) -> None:
    conditions = (when("q", "=", Value(value_integer=1)), when("r", "=", Value(value_integer=1)))
    form = form_of(item("then", enable_when=conditions, enable_all=every), item("q"), item("r"))
    filled = fill(form, [node("q", integer(1)), node("r", integer(2))], NOW)
    assert ("then" in enabled(filled)) is asked


def test_a_condition_looks_at_its_own_instance_of_a_repeating_group() -> None:
    form = form_of(
        item("smokes", Type.BOOLEAN),
        item(
            "child",
            Type.GROUP,
            item("ill", Type.BOOLEAN),
            item("what", enable_when=(when("ill", "=", Value(value_boolean=True)),)),
            item("smoke", enable_when=(when("smokes", "=", Value(value_boolean=True)),)),
            repeats=True,
        ),
        item("any-ill", enable_when=(when("ill", "=", Value(value_boolean=True)),)),
    )
    answers: Answers = [
        node("smokes", YES),
        node("child", below=[node("ill", NO)]),
        node("child", below=[node("ill", YES)]),
    ]
    everything = {
        *("smokes", "child.0", "ill.0", "smoke.0", "child.1", "ill.1", "what.1", "smoke.1", "any-ill"),
    }
    assert enabled(fill(form, answers, NOW)) == everything


def test_what_is_disabled_keeps_its_answers_which_count_for_nobody() -> None:
    yes = Value(value_boolean=True)
    form = form_of(
        item("deep", enable_when=(when("below", "=", yes),)),
        item("q", Type.BOOLEAN),
        item("group", Type.GROUP, item("below", Type.BOOLEAN), enable_when=(when("q", "=", yes),)),
    )
    answers: Answers = [
        node("deep", string("kept")),
        node("q", NO),
        node("group", below=[node("below", YES)]),
    ]
    filled = fill(form, answers, NOW)
    assert enabled(filled) == {"q"}
    assert filled.answers == answers


def test_a_ring_of_conditions_ends() -> None:
    yes = Value(value_boolean=True)
    form = form_of(
        item("a", Type.BOOLEAN, enable_when=(when("b", "=", yes),)),
        item("b", Type.BOOLEAN, enable_when=(when("a", "=", yes),)),
    )
    filled = fill(form, [node("a", YES), node("b", YES)], NOW)
    assert enabled(filled) == set()


def test_a_chain_of_thousands_of_conditions_ends() -> None:
    chain = [item("0", Type.BOOLEAN)]
    chain += [
        item(str(i), Type.BOOLEAN, enable_when=(when(str(i - 1), "=", Value(value_boolean=True)),))
        for i in range(1, 5000)
    ]
    form = form_of(*reversed(chain))
    answers = [node(str(i), YES) for i in range(5000)]
    assert len(enabled(fill(form, answers, NOW))) == 5000


def test_a_form_begins_with_its_initial_values_chosen_options_and_fewest_instances() -> None:
    options = (
        Option(value=Value(value_coding=Coding(code="a")), text="A"),
        Option(value=Value(value_coding=Coding(code="b")), text="B", chosen=True),
    )
    form = form_of(
        item("name", initial=(Value(value_string="Kari"),)),
        item("pick", Type.CHOICE, options=options),
        item("people", Type.GROUP, item("who", initial=(Value(value_string="x"),)), item("age"), repeats=True,
             min_occurs=2),
        item("asked", Type.BOOLEAN, item("why", initial=(Value(value_string="y"),))),
    )  # fmt: skip
    person = node("people", below=[node("who", string("x"))])
    assert begin(form, NOW) == [
        node("name", string("Kari")),
        node("pick", Answer(value_coding=Coding(code="b"))),
        person,
        person,
        node("asked", Answer(item=[node("why", string("y"))])),
    ]


def test_a_repeating_group_can_grow_and_shrink_within_its_limits() -> None:
    form = form_of(item("g", Type.GROUP, item("q"), repeats=True, min_occurs=1, max_occurs=2))
    nobody = fill(form, [], NOW)
    assert [(field.name, field.can_add, field.can_remove) for field in nobody.fields] == [
        ("0.0", True, False)
    ]
    two = fill(form, [node("g"), node("g", below=[node("q", string("x"))])], NOW)
    assert [(named(f.name, form), f.is_first, f.can_add, f.can_remove) for f in two.fields] == [
        ("g.0", True, False, True),
        ("g.1", False, False, True),
    ]
    assert [named(f.name, form) for f in two.all()] == ["g.0", "q.0", "g.1", "q.1"]


def test_answers_that_the_form_knows_nothing_of_are_kept() -> None:
    form = form_of(item("q", Type.STRING, item("below")))
    answers = [
        node("q", Answer(value_string="x", item=[node("gone", string("y"))])),
        node("away", string("z")),
    ]
    assert fill(form, answers, NOW).answers == answers
