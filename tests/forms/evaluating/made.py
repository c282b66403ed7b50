"""Forms made by hand, for tests of what is worked out."""

from datetime import UTC, datetime
from typing import Any, cast

import msgspec

from innsyn.forms.engine.model import Condition, Form, Item, Text, Type
from innsyn.forms.engine.state import Context, Filled
from innsyn.forms.engine.values import Answer, Answers, Coding, Node, Value

YES, NO = Answer(value_boolean=True), Answer(value_boolean=False)
NOW = Context(now=datetime(2026, 11, 23, 12, 30, tzinfo=UTC))


def item(link_id: str, kind: Type = Type.STRING, *below: Item, **other: Any) -> Item:  # noqa: ANN401 - fields of Item
    """An item; `form_of` numbers it."""
    return Item(number=-1, link_id=link_id, type=kind, text=Text(link_id), items=below, **other)


def form_of(*items: Item, **other: Any) -> Form:  # noqa: ANN401 - fields of Form
    """A form of these items, numbered in document order. Conditions tell their question by linkId until here."""
    numbers: dict[str, int] = {}
    for each in (below for top in items for below in top.all()):
        numbers[each.link_id] = len(numbers)
    return Form(
        url="urn:x", version="1", title="x", items=tuple(_numbered(each, numbers) for each in items), **other
    )


def when(question: str, operator: str, value: Value) -> Condition:
    """A condition on a question by its linkId."""
    return Condition(cast("int", question), operator, value)


def integer(value: int) -> Answer:
    """A whole number."""
    return Answer(value_integer=value)


def string(value: str) -> Answer:
    """A text."""
    return Answer(value_string=value)


def coding(code: str, system: str = "urn:s") -> Answer:
    """Something chosen."""
    return Answer(value_coding=Coding(system=system, code=code))


def node(link_id: str, *answers: Answer, below: Answers | None = None) -> Node:
    """An item of the answers."""
    return Node(link_id, list(answers), below or [])


def enabled(filled: Filled) -> set[str]:
    """The names of the fields that are asked, as linkId and instances."""
    return {named(field.name, filled.form) for field in filled.all() if field.enabled}


def named(name: str, form: Form) -> str:
    """A field's name with the linkId for the number."""
    number, *instances = name.split(".")
    return ".".join([form.by_number[int(number)].link_id, *instances])


def shown(filled: Filled) -> dict[str, Any]:
    """The one value of each field that has one, by linkId and instances."""
    found = {}
    for field in filled.all():
        for answer in field.answers:
            values = [getattr(answer, name) for name in Value.__struct_fields__]
            found[named(field.name, filled.form)] = next((each for each in values if each is not None), None)
    return found


def of(link_id: str) -> str:
    """A Norwegian expression for an answer."""
    return f"QuestionnaireResponse.descendants().where(linkId='{link_id}').answer.value"


def _numbered(each: Item, numbers: dict[str, int]) -> Item:
    conditions = tuple(
        msgspec.structs.replace(condition, question=numbers[str(condition.question)])
        for condition in each.enable_when
    )
    below = tuple(_numbered(below, numbers) for below in each.items)
    return msgspec.structs.replace(each, number=numbers[each.link_id], enable_when=conditions, items=below)
