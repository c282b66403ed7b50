"""What a question is answered with from the beginning."""

from typing import Any

from innsyn.forms.engine.model import Type
from innsyn.forms.engine.reading.context import Reading
from innsyn.forms.engine.reading.source import Initial, SourceItem
from innsyn.forms.engine.reading.values import ANSWERED_WITH, is_well_formed, kind_of, value_of
from innsyn.forms.engine.values import Value


def initial_of(item: SourceItem, kind: Type, reading: Reading) -> tuple[Value, ...]:
    """Its initial answers, each of a type that the question is answered with."""
    found = [_initial(each, item, kind, reading) for each in item.initial if not _is_only_unit(each)]
    return tuple(value for value in found if value is not None)


def _is_only_unit(each: Initial) -> bool:
    return each.value_quantity is not None and each.value_quantity.value is None


def _initial(each: Initial, item: SourceItem, kind: Type, reading: Reading) -> Value | None:
    found = kind_of(each)
    expected = ANSWERED_WITH[kind]
    if not found:
        reading.findings.warn("not_understood", item.link_id, what="An initial answer without a value")
        return None
    value: Any = getattr(each, f"value_{found}")
    number = value.value if found == "quantity" else value
    if found not in expected or not is_well_formed(found, number):
        reading.findings.refuse(
            "wrong_initial_type", item.link_id, found=found, expected=" or ".join(expected)
        )
        return None
    wanted = found if kind in {Type.CHOICE, Type.OPEN_CHOICE} else expected[0]
    return value_of(each, found, wanted if found in {"integer", "string"} else found)
