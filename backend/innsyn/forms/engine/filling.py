"""How a form stands with its answers: the one way from a Form and Answers to what a page shows.

`begin` makes the first answers, `fill` works everything out. Both are pure: the same form, answers and context give
the same, and `fill` of its own answers changes nothing.
"""

import re
from collections.abc import Iterator
from typing import Final

import msgspec

from innsyn.forms.engine.calculating import Work
from innsyn.forms.engine.fhirpath import ExpressionFailed
from innsyn.forms.engine.instances import Place, Tree
from innsyn.forms.engine.model import Constraint, Form, Item, Text
from innsyn.forms.engine.places import most_instances
from innsyn.forms.engine.scores import is_calculated
from innsyn.forms.engine.starting import prefilled, started
from innsyn.forms.engine.state import Broken, Context, Field, Filled
from innsyn.forms.engine.surroundings import Surroundings
from innsyn.forms.engine.values import Answers

# Norwegian form builders write `this.value` of the question that a constraint stands on.
_THIS: Final = re.compile(r"(?<![\w.%$'`])this(?=\.value)")


def begin(form: Form, context: Context) -> Answers:
    """The answers of a form that nobody has touched: initial values, chosen options, the fewest instances, prefill.

    An initial expression that fails fills in nothing: whoever answers can write it.
    """
    tree = Tree(form, started(form))
    prefilled(tree, Surroundings(tree, context))
    return tree.answers()


def fill(form: Form, answers: Answers, context: Context) -> Filled:
    """Everything worked out: which fields are asked, what is calculated, what may be added and removed.

    The answers of disabled items stay in `answers`: they are the citizen's, and come back when the item does.
    """
    return _filled(form, answers, context)[0]


def cost_of(form: Form, answers: Answers, context: Context) -> int:
    """The steps that `fill` takes, at most all there are: the same on any machine."""
    return _filled(form, answers, context)[1].cost


def _filled(form: Form, answers: Answers, context: Context) -> tuple[Filled, Surroundings]:
    tree = Tree(form, answers)
    surroundings = Surroundings(tree, context)
    work = Work(tree, surroundings)
    work.run()
    work.offer()
    settled = tree.answers()
    fields = tuple(_field(place, work, tree) for place in tree.top)
    broken = tuple(_broken(tree, surroundings, work))
    filled = Filled(
        form=form,
        answers=settled,
        fields=fields,
        failed=tuple(form.by_number[number].link_id for number in sorted(work.failed)),
        broken=broken,
    )
    return filled, surroundings


def _field(place: Place, work: Work, tree: Tree) -> Field:
    item = _limited(place, work)
    calculated = is_calculated(item)
    many = item.repeats and not item.asks
    fewest = max(item.min_occurs, 1)
    has_room = place.siblings < most_instances(item) and tree.has_room(place.item)
    return Field(
        name=place.name,
        item=item,
        text=_text(place, work),
        enabled=place.enabled,
        answers=tuple(place.answers),
        options=place.options,
        required=item.required,
        read_only=item.read_only or calculated,
        calculated=calculated,
        is_first=not many or place.path[-1][1] == 0,
        can_add=many and not item.read_only and has_room,
        can_remove=many and not item.read_only and place.siblings > fewest,
        fields=tuple(_field(below, work, tree) for below in place.below),
    )


def _limited(place: Place, work: Work) -> Item:
    item = place.item
    if not place.enabled or not (item.min_expression or item.max_expression):
        return item
    least, greatest = work.limits(place)
    return msgspec.structs.replace(item, min_value=least, max_value=greatest)


def _text(place: Place, work: Work) -> Text:
    words = work.words(place) if place.enabled else None
    return place.item.text if words is None else Text(words)


def _broken(tree: Tree, surroundings: Surroundings, work: Work) -> Iterator[Broken]:
    """The constraints that are not true. One that gives nothing (a question is not answered yet) is not broken."""
    for constraint in tree.form.constraints:
        if _is_broken(constraint, None, surroundings, work):
            yield Broken("", constraint)
    for item in tree.form.by_number:
        for constraint in item.constraints:
            for place in tree.by_number[item.number]:
                if place.enabled and _is_broken(constraint, place, surroundings, work):
                    yield Broken(place.name, constraint)


def _is_broken(constraint: Constraint, place: Place | None, surroundings: Surroundings, work: Work) -> bool:
    try:
        return surroundings.ask(_THIS.sub("answer", constraint.expression), place) == [False]
    except ExpressionFailed:
        if place is not None:
            work.failed.add(place.item.number)
        return False
