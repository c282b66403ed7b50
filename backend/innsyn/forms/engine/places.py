"""Names in a page and places of the answers, each from the other.

A name is the item's number and, for each repeating group around it (itself last, if it is one), which instance: `12`,
`12.0`, `12.0.3`. A repeating group has at least one instance to write in, also where the answers have none yet. Items
below a question stand in its first answer; where that has no value, it is an Answer with items alone.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from innsyn.forms.engine.instances import Place, Tree
from innsyn.forms.engine.model import Form, Item
from innsyn.forms.engine.values import VALUE_FIELDS, Answer, Answers, Value

# How many instances a group may have where the form says nothing or more: nobody writes a hundred by hand.
MOST_INSTANCES: Final = 100
# How many answers a question that repeats may have.
MOST_ANSWERS: Final = 100

# Nine digits hold every number that can be a place, and nobody makes us read a number of a million digits.
_NAME: Final = re.compile(r"(?:0|[1-9][0-9]{0,8})(?:\.(?:0|[1-9][0-9]{0,8})){0,20}")


def name_of(item: Item, instances: Sequence[int] = ()) -> str:
    """The name of an item in these instances of the groups around it (and of itself)."""
    return ".".join(map(str, (item.number, *instances)))


def is_name(text: str) -> bool:
    """Is it written as a name is? (There may be no such place.)"""
    return _NAME.fullmatch(text) is not None


def place_of(tree: Tree, name: str) -> Place | None:
    """The place that a name says, None where there is none: no such item, or no such instance (yet, or any more)."""
    if not _NAME.fullmatch(name):
        return None
    number, *instances = map(int, name.split("."))
    if number >= len(tree.by_number):
        return None
    wanted = tuple(instances)
    for place in tree.by_number[number]:
        if tuple(index for _, index in place.path) == wanted:
            return place
    return None


def places_of(tree: Tree, names: Iterable[str]) -> list[Place]:
    """The places of these names, in document order; names of nothing are left out."""
    wanted = set(names)
    numbers = {int(name.split(".")[0]) for name in wanted if _NAME.fullmatch(name)}
    if not numbers:
        return []
    return [place for place in tree if place.item.number in numbers and place.name in wanted]


def answers_at(form: Form, answers: Answers, name: str) -> tuple[Answer, ...]:
    """What is answered (or typed) at one place; nothing where there is no such place."""
    place = place_of(Tree(form, answers), name)
    return tuple(place.answers) if place else ()


def put(form: Form, answers: Answers, changes: Mapping[str, Sequence[Answer]]) -> Answers:
    """The answers with these instead, by name. What stands below a question goes on standing below its first answer."""
    tree = Tree(form, answers)
    for place in places_of(tree, changes):
        place.answers = list(changes[place.name])
    return tree.answers()


def is_repeating_group(item: Item) -> bool:
    """Has it a place for each instance? (A question that repeats has one place for all its answers.)"""
    return item.repeats and not item.asks


def most_instances(item: Item) -> int:
    """How many there may be: the form's own limit, and never more than MOST_INSTANCES."""
    return min(item.max_occurs or MOST_INSTANCES, MOST_INSTANCES)


def is_asked(item: Item) -> bool:
    """May somebody write the answer? Not what is hidden, read-only, only on paper, or worked out here."""
    worked_out = item.calculated or item.copied or item.score in {"section", "total"}
    return item.asks and not (worked_out or item.read_only or item.hidden or item.shown_in == "pdf")


def value_of(answer: Value) -> Value:
    """The value alone: without what was typed and what stands below."""
    return Value(**{name: getattr(answer, name) for name in VALUE_FIELDS})


def answer_with(value: Value) -> Answer:
    """A value as an answer with nothing below."""
    return Answer(**{name: getattr(value, name) for name in VALUE_FIELDS})
