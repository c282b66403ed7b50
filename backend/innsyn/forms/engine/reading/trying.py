"""A form is tried before it is published: what takes too long with somebody waiting is refused, and not met by them."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from innsyn.forms.engine.filling import cost_of
from innsyn.forms.engine.instances import Tree, has_value
from innsyn.forms.engine.model import Form, Item, Type
from innsyn.forms.engine.options import units_of
from innsyn.forms.engine.places import answer_with
from innsyn.forms.engine.reading.findings import Findings
from innsyn.forms.engine.reading.limits import STEPS
from innsyn.forms.engine.starting import started
from innsyn.forms.engine.state import Context
from innsyn.forms.engine.values import Answer, Answers, Quantity

_DAY: Final = "2026-05-17"
_CONTEXT: Final = Context(now=datetime(2026, 5, 17, 12, tzinfo=UTC))
_ANSWERS: Final = {
    Type.BOOLEAN: Answer(value_boolean=True),
    Type.INTEGER: Answer(value_integer=1),
    Type.DECIMAL: Answer(value_decimal=Decimal(1)),
    Type.DATE: Answer(value_date=_DAY),
    Type.DATE_TIME: Answer(value_date_time=f"{_DAY}T12:00:00+02:00"),
    Type.TIME: Answer(value_time="12:00:00"),
    Type.STRING: Answer(value_string="a"),
    Type.TEXT: Answer(value_string="a"),
    Type.OPEN_CHOICE: Answer(value_string="a"),
}


def must_be_quick(form: Form, findings: Findings) -> None:
    """Refuse a form whose expressions take too many steps, with nothing answered or with everything."""
    if not _has_expressions(form):
        return
    steps = max(cost_of(form, answers, _CONTEXT) for answers in (started(form), _answered(form)))
    if steps > STEPS:
        findings.refuse("too_slow", steps=steps, most=STEPS)


def _has_expressions(form: Form) -> bool:
    return bool(form.constraints) or any(
        each.calculated
        or each.copied
        or each.enable_expression
        or each.options_expression
        or each.text_expression
        or each.min_expression
        or each.max_expression
        or each.constraints
        for each in form.by_number
    )


def _answered(form: Form) -> Answers:
    tree = Tree(form, started(form))
    for place in tree:
        answer = _answer(place.item)
        if answer is not None and not any(map(has_value, place.answers)):
            place.answers = [answer]
    return tree.answers()


def _answer(item: Item) -> Answer | None:
    if item.options and item.asks:
        return answer_with(item.options[0].value)
    if item.type is Type.QUANTITY:
        unit = next(iter(units_of(item)), None)
        quantity = Quantity(value=Decimal(1))
        if unit is not None:
            quantity = Quantity(value=Decimal(1), unit=unit.display, system=unit.system, code=unit.code)
        return Answer(value_quantity=quantity)
    return _ANSWERS.get(item.type)
