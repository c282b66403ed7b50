"""What holds of every form and all answers to it."""

from collections.abc import Callable
from random import Random
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.evaluating.answering import answered
from forms.evaluating.made import NOW, form_of, integer, item, node, when
from innsyn.forms.engine.filling import begin, fill
from innsyn.forms.engine.model import Condition, Form, Item, Type
from innsyn.forms.engine.scores import is_calculated
from innsyn.forms.engine.state import Filled
from innsyn.forms.engine.values import VALUE_FIELDS, Answer, Answers, Value

_KINDS = (Type.BOOLEAN, Type.INTEGER, Type.STRING, Type.DATE, Type.DECIMAL)
_OPERATORS = ("exists", "=", "!=", ">", "<", ">=", "<=")


@st.composite
def forms(draw: Callable[..., Any]) -> Form:
    """Groups in groups, repeating ones too, conditions on anything (rings as well), and expressions."""
    count = draw(st.integers(2, 14))
    links = [f"i{n}" for n in range(count)]
    conditions = st.builds(
        when, st.sampled_from(links), st.sampled_from(_OPERATORS), st.sampled_from(_values())
    )
    below: list[Item] = []
    for link_id in reversed(links):
        inside: list[Item] = []
        if below and draw(st.booleans()):
            inside, below = below[:2], below[2:]
        kind = Type.GROUP if inside and draw(st.booleans()) else draw(st.sampled_from(_KINDS))
        # fmt: off
        below.insert(0, item(
            link_id, kind, *inside,
            repeats=draw(st.booleans()),
            enable_all=draw(st.booleans()),
            enable_when=tuple(draw(st.lists(conditions, max_size=2))),
            calculated=draw(_expressions(links)) if kind is Type.INTEGER else "",
            enable_expression=draw(_asked(links)) if draw(st.integers(0, 5)) == 0 else "",
        ))
        # fmt: on
    return form_of(*below)


def chance_of(seed: int) -> Random:
    """The same answers for the same number."""
    return Random(seed)  # noqa: S311 - made-up answers


def _values() -> list[Value]:
    dates, numbers = Value(value_date="1950-05-05"), [Value(value_integer=n) for n in (0, 50, 100)]
    return [Value(value_boolean=True), Value(value_boolean=False), Value(value_string="x7"), dates, *numbers]


def _expressions(links: list[str]) -> st.SearchStrategy[str]:
    one = st.sampled_from(links).map(
        lambda link: f"%resource.descendants().where(linkId='{link}').answer.value"
    )
    sums = st.lists(one, min_size=1, max_size=2).map(" + ".join)
    return st.one_of(st.just(""), st.just(""), sums, one.map(lambda each: f"{each}.count()"))


def _asked(links: list[str]) -> st.SearchStrategy[str]:
    return st.sampled_from(links).map(lambda link: f"%resource.repeat(item).where(linkId='{link}').exists()")


@settings(max_examples=100, deadline=None)
@given(forms(), st.integers(0, 1000))
def test_working_out_what_is_worked_out_changes_nothing(form: Form, seed: int) -> None:
    filled = fill(form, answered(form, chance_of(seed), share=0.7), NOW)
    again = fill(form, filled.answers, NOW)
    assert again == filled


@settings(max_examples=100, deadline=None)
@given(forms(), st.integers(0, 1000), st.randoms(use_true_random=False))
def test_the_order_of_conditions_does_not_matter(form: Form, seed: int, chance: Random) -> None:
    answers = answered(form, chance_of(seed), share=0.7)
    shuffled = msgspec.structs.replace(form, items=tuple(_shuffled(each, chance) for each in form.items))
    asked, also = (fill(each, answers, NOW) for each in (form, shuffled))
    assert [f.enabled for f in asked.all()] == [f.enabled for f in also.all()]


@settings(max_examples=100, deadline=None)
@given(forms(), st.integers(0, 1000))
def test_nothing_that_somebody_answered_disappears(form: Form, seed: int) -> None:
    answers = answered(form, chance_of(seed), share=0.7)
    assert _own(form, fill(form, answers, NOW).answers) == _own(form, answers)
    assert _own(form, fill(form, begin(form, NOW), NOW).answers) == _own(form, begin(form, NOW))


@settings(max_examples=100, deadline=None)
@given(forms(), st.integers(0, 1000))
def test_a_field_stands_below_its_group_and_is_asked_only_if_that_is(form: Form, seed: int) -> None:
    filled = fill(form, answered(form, chance_of(seed), share=0.7), NOW)
    names = [field.name for field in filled.all()]
    assert len(names) == len(set(names))
    for field in filled.all():
        assert field.enabled or not any(below.enabled for below in field.all())
    assert {field.item.number for field in filled.all()} == set(range(len(form.by_number)))


def test_what_is_disabled_counts_for_nobody_whatever_it_says() -> None:
    yes = Value(value_boolean=True)
    form = form_of(
        item("q", Type.BOOLEAN),
        item("n", Type.INTEGER, enable_when=(when("q", "=", yes),)),
        item("sum", Type.INTEGER, calculated="%resource.descendants().where(linkId='n').answer.value + 1"),
        item("more", enable_when=(when("n", "exists", yes),)),
    )

    @settings(max_examples=50, deadline=None)
    @given(st.integers(-1000, 1000))
    def says(number: int) -> None:
        filled = fill(form, [node("n", integer(number))], NOW)
        assert _seen(filled) == _seen(fill(form, [], NOW))

    says()


def _seen(filled: Filled) -> list[tuple[str, bool, tuple[Answer, ...]]]:
    return [(f.name, f.enabled, f.answers if f.enabled else ()) for f in filled.all()]


def _shuffled(each: Item, chance: Random) -> Item:
    conditions: list[Condition] = [*each.enable_when]
    chance.shuffle(conditions)
    below = tuple(_shuffled(one, chance) for one in each.items)
    return msgspec.structs.replace(each, enable_when=tuple(conditions), items=below)


def _own(form: Form, answers: Answers, above: tuple[str, ...] = ()) -> list[object]:
    """What somebody has answered, and where: not what is calculated, nor what is empty."""
    found: list[object] = []
    for each_node in answers:
        where = (*above, each_node.link_id)
        if not is_calculated(form.by_link[each_node.link_id]):
            values = [_value(answer) for answer in each_node.answer]
            found += [(where, each) for each in values if any(one is not None for one in each)]
        for answer in each_node.answer:
            found += _own(form, answer.item, where)
        found += _own(form, each_node.item, where)
    return found


def _value(answer: Answer) -> tuple[object, ...]:
    return tuple(getattr(answer, name) for name in VALUE_FIELDS)
