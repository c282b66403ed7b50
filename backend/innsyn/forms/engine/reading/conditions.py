"""enableWhen: what it points at is there, and is answered with what it compares with."""

from typing import Any, Final

from innsyn.forms.engine.model import Condition, Type
from innsyn.forms.engine.reading.context import Reading
from innsyn.forms.engine.reading.source import EnableWhen, SourceItem
from innsyn.forms.engine.reading.values import ANSWERED_WITH, is_well_formed, kind_of, value_of

_OPERATORS: Final = frozenset({"exists", "=", "!=", ">", "<", ">=", "<="})


def conditions_of(item: SourceItem, reading: Reading) -> dict[str, Any]:
    """Fields of Item: `enable_when`, `enable_all`."""
    findings, where = reading.findings, item.link_id
    if item.enable_behavior not in {"", "all", "any"}:
        findings.refuse("unknown_enable_behavior", where, what=item.enable_behavior)
    if len(item.enable_when) > 1 and not item.enable_behavior:
        findings.refuse("no_enable_behavior", where)
    found = [_condition(each, item, reading) for each in item.enable_when]
    return {
        "enable_when": tuple(each for each in found if each is not None),
        "enable_all": item.enable_behavior == "all",
    }


def _condition(said: EnableWhen, item: SourceItem, reading: Reading) -> Condition | None:
    findings, where = reading.findings, item.link_id
    if said.operator not in _OPERATORS:
        findings.refuse("unknown_operator", where, operator=said.operator)
        return None
    if said.question == where:
        findings.refuse("condition_on_itself", where)
        return None
    target = reading.by_link.get(said.question)
    if target is None:
        findings.refuse("condition_on_nothing", where, question=said.question)
        return None
    if target.type not in ANSWERED_WITH or said.question not in reading.numbers:
        findings.refuse("condition_on_no_question", where, question=said.question)
        return None
    return _compared(said, Type(target.type), item, reading)


def _compared(said: EnableWhen, kind: Type, item: SourceItem, reading: Reading) -> Condition | None:
    found = kind_of(said)
    expected = ("boolean",) if said.operator == "exists" else _compares_with(kind, said.question, reading)
    if not found:
        reading.findings.refuse("no_answer_to_compare", item.link_id)
        return None
    value: Any = getattr(said, f"answer_{found}")
    number = value.value if found == "quantity" and value.value is not None else value
    if found not in expected or not is_well_formed(found, number):
        reading.findings.refuse(
            "wrong_answer_type",
            item.link_id,
            found=found,
            question=said.question,
            expected=" or ".join(expected),
        )
        return None
    wanted = "decimal" if found == "integer" and kind is Type.DECIMAL else found
    if kind is Type.URL and found == "string":
        wanted = "uri"
    return Condition(reading.numbers[said.question], said.operator, value_of(said, found, wanted))


def _compares_with(kind: Type, question: str, reading: Reading) -> tuple[str, ...]:
    expected = ANSWERED_WITH[kind]
    if reading.by_link[question].answer_option and kind in {Type.STRING, Type.TEXT}:
        return (*expected, "coding")
    # A whole number is asked about as one where only decimals are answered, and the other way round.
    return (*expected, "decimal") if kind is Type.INTEGER else expected
