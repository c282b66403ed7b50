"""Answers to any form, made by chance: what somebody who fills in all of it might write."""

from decimal import Decimal
from random import Random

import msgspec

from innsyn.forms.engine.converting import as_answer
from innsyn.forms.engine.model import Form, Item, Type
from innsyn.forms.engine.scores import is_calculated
from innsyn.forms.engine.values import Answer, Answers, Coding, Node, Quantity, Reference, Value


def answered(form: Form, chance: Random, *, share: float = 0.9, instances: int = 2) -> Answers:
    """An answer to this share of the questions, and so many instances of what repeats."""
    return _nodes(form.items, chance, share, instances)


def _nodes(items: tuple[Item, ...], chance: Random, share: float, instances: int) -> Answers:
    nodes = []
    for item in items:
        if item.type is Type.DISPLAY:
            continue
        if item.asks:
            below = _nodes(item.items, chance, share, instances)
            answers = [_answer(item, chance)] if chance.random() < share and not is_calculated(item) else []
            if below:
                first = answers[0] if answers else Answer()
                answers = [msgspec.structs.replace(first, item=below)]
            if answers:
                nodes.append(Node(item.link_id, answers))
            continue
        many = range(instances if item.repeats else 1)
        nodes += [Node(item.link_id, item=_nodes(item.items, chance, share, instances)) for _ in many]
    return [node for node in nodes if node.answer or node.item]


def _answer(item: Item, chance: Random) -> Answer:
    if item.options:
        return as_answer(chance.choice(item.options).value)
    number = chance.randrange(1, 200)
    unit = item.unit or Coding(code="kg")
    values = {
        Type.BOOLEAN: Value(value_boolean=chance.random() < 0.7),
        Type.INTEGER: Value(value_integer=number),
        Type.DECIMAL: Value(value_decimal=Decimal(number) / 4),
        Type.QUANTITY: Value(
            value_quantity=Quantity(value=Decimal(number), unit=unit.display, code=unit.code)
        ),
        Type.DATE: Value(value_date=f"19{number % 100:02}-0{number % 9 + 1}-11"),
        Type.DATE_TIME: Value(value_date_time=f"20{number % 30:02}-03-11T08:30:00+01:00"),
        Type.TIME: Value(value_time=f"{number % 24:02}:30:00"),
        Type.CHOICE: Value(value_coding=Coding(system="urn:s", code=f"c{number}", display="x")),
        Type.OPEN_CHOICE: Value(value_string=f"x{number}"),
        Type.REFERENCE: Value(value_reference=Reference(display="x")),
    }
    return as_answer(values.get(item.type, Value(value_string=f"x{number}")))
