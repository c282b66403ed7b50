"""How a form stands with its answers: the one way from a Form and Answers to what a page shows.

`begin` makes the first answers, `fill` works everything out. Both are pure: the same form, answers and context give
the same, and `fill` of its own answers changes nothing.
"""

from innsyn.forms.engine.enabling import enable
from innsyn.forms.engine.instances import Place, Tree
from innsyn.forms.engine.model import Form
from innsyn.forms.engine.starting import started
from innsyn.forms.engine.state import Context, Field, Filled
from innsyn.forms.engine.values import Answers


def begin(form: Form, context: Context) -> Answers:  # noqa: ARG001 - for initialExpression
    """The answers of a form that nobody has touched: initial values, chosen options, the fewest instances."""
    return started(form)


def fill(form: Form, answers: Answers, context: Context) -> Filled:  # noqa: ARG001 - for expressions
    """Everything worked out: which fields are asked, what is calculated, what may be added and removed.

    The answers of disabled items stay in `answers`: they are the citizen's, and come back when the item does.
    """
    tree = Tree(form, answers)
    enable(tree, lambda _: None)
    return Filled(form=form, answers=tree.answers(), fields=tuple(_field(place) for place in tree.top))


def _field(place: Place) -> Field:
    item = place.item
    calculated = bool(item.calculated or item.copied or item.score in {"section", "total"})
    many = item.repeats and not item.asks
    most, fewest = item.max_occurs, max(item.min_occurs, 1)
    return Field(
        name=place.name,
        item=item,
        text=item.text,
        enabled=place.enabled,
        answers=tuple(place.answers),
        options=place.options,
        required=item.required,
        read_only=item.read_only or calculated,
        calculated=calculated,
        is_first=not many or place.path[-1][1] == 0,
        can_add=many and not item.read_only and (most is None or place.siblings < most),
        can_remove=many and not item.read_only and place.siblings > fewest,
        fields=tuple(_field(below) for below in place.below),
    )
