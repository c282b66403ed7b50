"""Which items are asked: enableWhen, as http://hl7.org/fhir/R4/questionnaire-definitions.html has it.

A condition looks at the question in the innermost instance that has both in it. Answers of a disabled question do not
count, and what stands below something disabled is disabled.
"""

from collections.abc import Callable

from innsyn.forms.engine.comparing import order, same
from innsyn.forms.engine.instances import Place, Tree
from innsyn.forms.engine.model import Condition, Form, Item
from innsyn.forms.engine.values import Answer

# What an expression says of a place: None where it has none (or where it failed: then nothing is hidden).
Said = Callable[[Place], bool | None]


def enable(tree: Tree, said: Said) -> bool:
    """Decide `enabled` of every place, in an order where each question is decided before whom it decides for.

    True when something has changed.
    """
    before = [place.enabled for places in tree.by_number for place in places]
    for places in tree.by_number:
        for place in places:
            place.enabled = False
    for number in order_of(tree.form):
        for place in tree.by_number[number]:
            place.enabled = _is_enabled(tree, place, said)
    return before != [place.enabled for places in tree.by_number for place in places]


def order_of(form: Form) -> tuple[int, ...]:
    """The numbers of all items, each after what it stands in and what its conditions ask about.

    In a ring of conditions (reading refuses those) the first one met finds the others disabled: it ends all the same.
    """
    kept: tuple[int, ...] | None = form.__dict__.get("enabling_order")
    if kept is None:
        kept = form.__dict__["enabling_order"] = _sorted(form)
    return kept


def holds(tree: Tree, place: Place, condition: Condition) -> bool:
    """Is this condition true where the place stands?"""
    answers = [answer for each in tree.near(place, condition.question) for answer in each.counts]
    return _holds(condition, answers)


def _is_enabled(tree: Tree, place: Place, said: Said) -> bool:
    if place.parent is not None and not place.parent.enabled:
        return False
    item = place.item
    if item.enable_when:
        every = all if item.enable_all else any
        if not every(holds(tree, place, condition) for condition in item.enable_when):
            return False
    return not item.enable_expression or said(place) is not False


def _holds(condition: Condition, answers: list[Answer]) -> bool:
    value = condition.value
    match condition.operator:
        case "exists":
            return bool(answers) == (value.value_boolean is not False)
        case "=":
            return any(same(answer, value) for answer in answers)
        case "!=":
            return not any(same(answer, value) for answer in answers)
        case ">":
            return any(order(answer, value) == 1 for answer in answers)
        case "<":
            return any(order(answer, value) == -1 for answer in answers)
        case ">=":
            return any(order(answer, value) in {0, 1} for answer in answers)
        case "<=":
            return any(order(answer, value) in {-1, 0} for answer in answers)
    return False


def _sorted(form: Form) -> tuple[int, ...]:
    needs = {item.number: _needs(form, item) for item in form.by_number}
    done: dict[int, None] = {}
    begun: set[int] = set()
    for start in needs:
        stack = [start]
        while stack:
            number = stack[-1]
            waiting = [each for each in needs[number] if each not in done and each not in begun]
            begun.add(number)
            if waiting:
                stack.extend(reversed(waiting))
                continue
            stack.pop()
            done[number] = None
    return tuple(done)


def _needs(form: Form, item: Item) -> list[int]:
    parent = form.parents.get(item.number)
    above = [parent.number] if parent else []
    # In order of number: in a ring, too, it does not matter which condition stands first.
    return above + sorted({condition.question for condition in item.enable_when})
