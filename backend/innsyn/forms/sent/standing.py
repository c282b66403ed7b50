"""What was sent, as it left: nothing is worked out anew, since what it was worked out of is not what it was.

What calculated it (the age of a person, the day) is another thing today, and whoever receives it has read the answers
that were sent.
"""

from collections.abc import Iterator
from typing import Final

import msgspec

from innsyn.forms.engine.enabling import enable
from innsyn.forms.engine.instances import Place, Tree, has_value
from innsyn.forms.engine.model import Form, Text
from innsyn.forms.engine.responding import answers_in
from innsyn.forms.engine.scores import is_calculated
from innsyn.forms.engine.state import Field, Filled


class _Item(msgspec.Struct, rename="camel"):
    link_id: str = ""
    text: str = ""
    answer: "list[_Answer]" = []
    item: "list[_Item]" = []


class _Answer(msgspec.Struct):
    item: list[_Item] = []


class _Response(msgspec.Struct):
    item: list[_Item] = []


_read: Final = msgspec.json.Decoder(_Response).decode


def as_sent(form: Form, response: bytes) -> Filled:
    """The form with the answers and the texts of this QuestionnaireResponse. Raises ValueError.

    Everything answered was asked. What is not answered was asked where its conditions say so of the answers that were
    sent; where an expression decides it, nobody can tell any more, and it is left out.
    """
    answers = answers_in(response)
    tree = Tree(form, answers)
    answered = {id(place) for place in tree if any(has_value(answer) for answer in place.answers)}
    for place in reversed(list(tree)):
        if id(place) in answered and place.parent is not None:
            answered.add(id(place.parent))
    enable(tree, lambda place: id(place) in answered)
    for place in tree:
        place.enabled = place.enabled or id(place) in answered
    said = _texts(_read(response).item)
    return Filled(form=form, answers=answers, fields=tuple(_field(place, said) for place in tree.top))


def _field(place: Place, said: dict[str, Iterator[str]]) -> Field:
    item = place.item
    # Of each place that has an item in the response, in the order of the form, as it was written.
    words = next(said.get(item.link_id, iter(())), "") if place.node is not None else ""
    return Field(
        name=place.name,
        item=item,
        text=item.text if words in {"", item.text.plain} else Text(words),
        enabled=place.enabled,
        answers=tuple(place.answers),
        options=item.options,
        required=item.required,
        read_only=item.read_only or is_calculated(item),
        calculated=is_calculated(item),
        is_first=item.asks or not item.repeats or place.path[-1][1] == 0,
        fields=tuple(_field(below, said) for below in place.below),
    )


def _texts(items: list[_Item]) -> dict[str, Iterator[str]]:
    found: dict[str, list[str]] = {}
    left = list(reversed(items))
    while left:
        item = left.pop()
        found.setdefault(item.link_id, []).append(item.text)
        below = [*item.item, *(each for answer in item.answer for each in answer.item)]
        left.extend(reversed(below))
    return {link_id: iter(texts) for link_id, texts in found.items()}
