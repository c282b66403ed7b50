"""A form and its answers as one tree of places: what the evaluating modules of the engine read and write.

A place is an item at one spot: an instance of a repeating group, or a question with all its answers. Items below a
question belong to its first answer; where there is none yet, an answer without a value carries them.
"""

from collections.abc import Iterator
from typing import Final

from innsyn.forms.engine.model import Form, Item, Option
from innsyn.forms.engine.values import VALUE_FIELDS, Answer, Answers, Node

# In a whole draft, every instance counted: as many as a form may have items.
MOST_FIELDS: Final = 5_000

# (number of a repeating group, which instance), outermost first.
Path = tuple[tuple[int, int], ...]


class Place:
    """An item at one spot. `path` says in which instances.

    `answers` may be replaced while a form is worked out. `kept` are nodes below that the form knows nothing of: they
    are somebody's answers, so they are written back as they came.
    """

    __slots__ = (
        "answers",
        "below",
        "enabled",
        "item",
        "kept",
        "node",
        "options",
        "parent",
        "path",
        "siblings",
    )

    def __init__(
        self, item: Item, parent: "Place | None", node: Node | None, index: int, siblings: int
    ) -> None:
        above = parent.path if parent else ()
        self.item, self.parent, self.node, self.siblings = item, parent, node, siblings
        self.path: Path = (*above, (item.number, index)) if _many(item) else above
        self.answers: list[Answer] = list(node.answer) if node else []
        self.below: list[Place] = []
        self.kept: list[Node] = []
        self.enabled = True
        self.options: tuple[Option, ...] = item.options

    @property
    def name(self) -> str:
        """Its name in a page: `12`, `12.0`, `12.0.3`."""
        return ".".join([str(self.item.number), *(str(index) for _, index in self.path)])

    @property
    def counts(self) -> list[Answer]:
        """The answers that others may use: none of what is disabled, and only what has a value."""
        return [answer for answer in self.answers if has_value(answer)] if self.enabled else []

    def all(self) -> "Iterator[Place]":
        """Itself and everything below, in document order."""
        stack = [self]
        while stack:
            place = stack.pop()
            yield place
            stack.extend(reversed(place.below))


class Tree:
    """All places of a form, `size` of them. `by_number[n]` are those of that item, in document order."""

    def __init__(self, form: Form, answers: Answers) -> None:
        self.form = form
        self.by_number: list[list[Place]] = [[] for _ in form.by_number]
        self.kept: list[Node] = []
        self.top = _grow(form.items, answers, None, self.kept)
        self._within: dict[tuple[int, int], dict[Path, list[Place]]] = {}
        for place in self:
            self.by_number[place.item.number].append(place)
        self.size = sum(map(len, self.by_number))

    def __iter__(self) -> Iterator[Place]:
        for top in self.top:
            yield from top.all()

    def near(self, place: Place, number: int) -> list[Place]:
        """The places of the item `number` in the innermost instance that has both it and `place` in it."""
        wanted = self.by_number[number]
        if not place.path or len(wanted) == 1:
            return wanted
        shared = 0
        theirs = wanted[0].path
        while shared < min(len(place.path), len(theirs)) and place.path[shared][0] == theirs[shared][0]:
            shared += 1
        return self._by_path(number, shared).get(place.path[:shared], [])

    def _by_path(self, number: int, shared: int) -> "dict[Path, list[Place]]":
        # Every place asks, of the same few pairs: looked through once for all of them.
        if (known := self._within.get((number, shared))) is None:
            known = self._within[number, shared] = {}
            for each in self.by_number[number]:
                known.setdefault(each.path[:shared], []).append(each)
        return known

    def has_room(self, item: Item) -> bool:
        """May there be one more instance of it? All of a draft is worked out at each save."""
        return self.size + item.fewest <= MOST_FIELDS

    def answers(self) -> Answers:
        """The answers as they now are, in the order of the form; nothing that came in is left out."""
        return _nodes(self.top) + self.kept


def has_value(answer: Answer) -> bool:
    """Is a value there (and not only what was typed, or items below)?"""
    return any(getattr(answer, name) is not None for name in VALUE_FIELDS)


def _grow(items: tuple[Item, ...], nodes: list[Node], parent: Place | None, kept: list[Node]) -> list[Place]:
    by_link: dict[str, list[Node]] = {}
    for given in nodes:
        by_link.setdefault(given.link_id, []).append(given)
    places = []
    for item in items:
        mine: list[Node | None] = [*by_link.pop(item.link_id, ())]
        if not _many(item):
            kept.extend(each for each in mine[1:] if each is not None)
            del mine[1:]
        mine = mine or [None]
        for index, node in enumerate(mine):
            place = Place(item, parent, node, index, len(mine))
            place.below = _grow(item.items, _below(item, node), place, place.kept)
            places.append(place)
    for left in by_link.values():
        kept.extend(left)
    return places


def _below(item: Item, node: Node | None) -> list[Node]:
    if node is None:
        return []
    if item.asks:
        return node.answer[0].item if node.answer else []
    return node.item


def _nodes(places: list[Place]) -> list[Node]:
    nodes = []
    for place in places:
        below = _nodes(place.below) + place.kept
        if place.item.asks:
            # Also what stands below may have been worked out: the place then carries it as it now is.
            place.answers = answers = _carrying(place.answers, below)
            odd = place.node.item if place.node is not None else []
            if answers or odd:
                nodes.append(Node(place.item.link_id, answers, odd))
        elif below or (place.node is not None and _many(place.item)):
            nodes.append(Node(place.item.link_id, place.answers, below))
    return nodes


def _carrying(answers: list[Answer], below: list[Node]) -> list[Answer]:
    if not answers:
        return [Answer(item=below)] if below else []
    if answers[0].item == below:
        return answers
    values = {name: getattr(answers[0], name) for name in VALUE_FIELDS}
    return [Answer(**values, typed=answers[0].typed, item=below), *answers[1:]]


def _many(item: Item) -> bool:
    return item.repeats and not item.asks
