"""What a question is answered with from the beginning."""

from collections.abc import Sequence
from typing import Any

from innsyn.forms.engine.model import Option, Type
from innsyn.forms.engine.reading.context import Reading
from innsyn.forms.engine.reading.source import Initial, SourceItem
from innsyn.forms.engine.reading.values import ANSWERED_WITH, is_well_formed, kind_of, value_of
from innsyn.forms.engine.values import Value


def initial_of(
    item: SourceItem, kind: Type, options: Sequence[Option], reading: Reading, *, repeats: bool
) -> tuple[Value, ...]:
    """Its initial answers: of a type that the question is answered with, and among `options` if it has any."""
    found = [_initial(each, item, kind, reading) for each in item.initial if not _is_only_unit(each)]
    values = [value for value in found if value is not None]
    if kind is Type.CHOICE and options:
        values = [value for value in values if _is_offered(value, options, item, reading)]
    if len(values) > 1 and not repeats:
        reading.findings.warn("several_initial", item.link_id)
        values = values[:1]
    return tuple(values)


def _is_offered(value: Value, options: Sequence[Option], item: SourceItem, reading: Reading) -> bool:
    if any(_same(value, option.value) for option in options):
        return True
    coding = value.value_coding
    answer = coding.display or coding.code if coding else value.value_string or ""
    reading.findings.warn("initial_not_offered", item.link_id, answer=answer)
    return False


def _same(one: Value, other: Value) -> bool:
    if one.value_coding is None or other.value_coding is None:
        return one == other
    return (one.value_coding.system, one.value_coding.code) == (
        other.value_coding.system,
        other.value_coding.code,
    )


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
