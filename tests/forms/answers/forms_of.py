"""Small forms for the tests of answers, without a Questionnaire behind them."""

from collections.abc import Sequence
from typing import Any

import msgspec

from innsyn.forms.engine.model import Form, Item, Option, Text, Type
from innsyn.forms.engine.values import Coding, Value

COLOURS = tuple(
    Option(value=Value(value_coding=Coding(system="urn:colours", code=code, display=text)), text=text)
    for code, text in [("r", "Rød"), ("g", "Grønn"), ("b", "Blå")]
)


def item(link_id: str, kind: Type | str, *items: Item, **more: Any) -> Item:  # noqa: ANN401
    """An item whose number `form_of` gives it."""
    asked = Text(plain=more.pop("text", link_id.capitalize()))
    return Item(number=0, link_id=link_id, type=Type(kind), text=asked, items=items, **more)


def form_of(*items: Item, **more: Any) -> Form:  # noqa: ANN401
    """A form of these items, numbered in document order."""
    count = iter(range(10_000))

    def numbered(each: Item) -> Item:
        number = next(count)
        return msgspec.structs.replace(each, number=number, items=_all(each.items))

    def _all(those: Sequence[Item]) -> tuple[Item, ...]:
        return tuple(numbered(each) for each in those)

    return Form(url="https://form.example/one", version="1", title="Ett skjema", items=_all(items), **more)
