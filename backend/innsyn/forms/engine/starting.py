"""The answers a form begins with: http://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.initial_x_."""

from innsyn.forms.engine.converting import NotAnAnswer, answers_of, as_answer
from innsyn.forms.engine.fhirpath import ExpressionFailed
from innsyn.forms.engine.instances import Tree
from innsyn.forms.engine.model import Form, Item, Type
from innsyn.forms.engine.surroundings import Surroundings
from innsyn.forms.engine.values import VALUE_FIELDS, Answer, Answers, Node


def started(form: Form) -> Answers:
    """Initial values, options that are chosen from the beginning, and as many instances as there must be."""
    return _nodes(form.items)


def first_answers(item: Item) -> list[Answer]:
    """What this question begins with; one value only where it takes one."""
    values = [option.value for option in item.options if option.chosen] or list(item.initial)
    return [as_answer(value) for value in (values if item.repeats else values[:1])]


def prefilled(tree: Tree, surroundings: Surroundings) -> None:
    """What initialExpression gives, where nothing else has been filled in. What fails or does not fit is left out."""
    filled = False
    for item in tree.form.by_number:
        if not item.initial_expression:
            continue
        for place in tree.by_number[item.number]:
            if any(not _is_empty(answer) for answer in place.answers):
                continue
            try:
                given = answers_of(surroundings.ask(item.initial_expression, place), item)
            except (ExpressionFailed, NotAnAnswer):
                continue
            place.answers = given
            filled = filled or bool(given)
    if filled:
        surroundings.refresh()


def _nodes(items: tuple[Item, ...]) -> Answers:
    return [node for item in items for node in _nodes_of(item)]


def _nodes_of(item: Item) -> list[Node]:
    if item.type is Type.DISPLAY:
        return []
    below = _nodes(item.items)
    if not item.asks:
        many = max(item.min_occurs, 1) if item.repeats else 1
        # One instance is shown anyway: it only has to be there when something stands in it.
        return [Node(item.link_id, item=below) for _ in range(many)] if below or many > 1 else []
    answers = first_answers(item)
    if below:
        first = answers[0] if answers else Answer()
        values = {name: getattr(first, name) for name in VALUE_FIELDS}
        answers[:1] = [Answer(**values, item=below)]
    return [Node(item.link_id, answers)] if answers else []


def _is_empty(answer: Answer) -> bool:
    return all(getattr(answer, name) is None for name in VALUE_FIELDS)
