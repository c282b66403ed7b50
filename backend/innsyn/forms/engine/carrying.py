"""Answers of one version of a form, in another: found by linkId, and taken along where the type can hold them.

Whatever somebody has written and the new version has no place for is Lost, to be shown to whoever wrote it.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

import msgspec

from innsyn.forms.engine.instances import MOST_FIELDS, Place, Tree
from innsyn.forms.engine.model import Form, Item
from innsyn.forms.engine.places import is_asked, is_repeating_group
from innsyn.forms.engine.starting import first_answers
from innsyn.forms.engine.turning import turned
from innsyn.forms.engine.values import Answer, Answers, Node

_Where = tuple[int, tuple[int, ...]]
_EMPTY: Final = Answer()


class Lost(msgspec.Struct, frozen=True, kw_only=True):
    """What a question of the old version was answered with, and the new one cannot hold: `item` is the old question."""

    item: Item
    answers: tuple[Answer, ...]

    @property
    def text(self) -> str:
        """The question."""
        return self.item.text.plain


def carry(old: Form, answers: Answers, new: Form) -> tuple[Answers, list[Lost]]:
    """The answers as the new version has them, and what is lost. Questions that are new begin as in a new draft.

    Where its groups have grown so that a draft may not hold as many as there are, the last are lost, and told.
    """
    tree = Tree(old, answers)
    moved: dict[_Where, list[Answer]] = defaultdict(list)
    lost: list[Lost] = []
    for place in tree:
        given = [_bare(answer) for answer in place.answers]
        left = _move(place, [each for each in given if each != _EMPTY], new, moved)
        # What is worked out here, or hidden, nobody has written: it is worked out anew.
        if left and is_asked(place.item):
            lost.append(Lost(item=place.item, answers=tuple(left)))
    carried = _nodes(new, new.items, (), moved, _counts(tree, new, moved))
    made = _with_new_questions(new, [*carried, *_kept(tree)], old)
    beyond = _cut(made)
    return made.answers(), [*lost, *beyond]


def _bare(answer: Answer) -> Answer:
    return msgspec.structs.replace(answer, item=[]) if answer.item else answer


def _move(place: Place, given: list[Answer], new: Form, moved: dict[_Where, list[Answer]]) -> list[Answer]:
    item = new.by_link.get(place.item.link_id)
    if item is None or not item.asks or (is_asked(place.item) and not is_asked(item)):
        return given
    held = moved[item.number, _instances_in(place, item, new)]
    left = []
    for answer in given:
        made = turned(answer, place.item, item)
        if made is None or (held and not item.repeats):
            left.append(answer)
        else:
            held.append(made)
    return left


def _instances_in(place: Place, item: Item, new: Form) -> tuple[int, ...]:
    """Which instance of each repeating group around `item`: as it was, and the first of groups that are new."""
    before = {_links(place)[at]: index for at, (_, index) in enumerate(place.path)}
    return tuple(before.get(group.link_id, 0) for group in _groups_around(new, item))


def _links(place: Place) -> list[str]:
    above: list[str] = []
    each: Place | None = place
    while each is not None:
        if is_repeating_group(each.item):
            above.append(each.item.link_id)
        each = each.parent
    return above[::-1]


def _groups_around(form: Form, item: Item) -> list[Item]:
    around = []
    each: Item | None = item
    while each is not None:
        if is_repeating_group(each):
            around.append(each)
        each = form.parents.get(each.number)
    return around[::-1]


def _counts(tree: Tree, new: Form, moved: dict[_Where, list[Answer]]) -> dict[_Where, int]:
    """How many instances each repeating group has, by its number and the instances around it."""
    counts: dict[_Where, int] = defaultdict(int)
    for number, instances in moved:
        groups = _groups_around(new, new.by_number[number])
        for depth, group in enumerate(groups):
            where = (group.number, instances[:depth])
            counts[where] = max(counts[where], instances[depth] + 1)
    # Instances that nothing is written in were added by somebody too.
    for place in tree:
        item = new.by_link.get(place.item.link_id)
        if (
            item is not None
            and place.node is not None
            and is_repeating_group(place.item)
            and is_repeating_group(item)
        ):
            *around, index = _instances_in(place, item, new)
            where = (item.number, tuple(around))
            counts[where] = max(counts[where], index + 1)
    return counts


def _nodes(
    form: Form,
    items: tuple[Item, ...],
    path: tuple[int, ...],
    moved: dict[_Where, list[Answer]],
    counts: dict[_Where, int],
) -> list[Node]:
    nodes = []
    for item in items:
        if is_repeating_group(item):
            paths = [(*path, index) for index in range(counts.get((item.number, path), 0))]
            nodes += [
                Node(item.link_id, item=_nodes(form, item.items, each, moved, counts)) for each in paths
            ]
            continue
        below = _nodes(form, item.items, path, moved, counts)
        answers = list(moved.get((item.number, path), ()))
        if item.asks and below:
            answers[:1] = [msgspec.structs.replace(answers[0] if answers else _EMPTY, item=below)]
        if answers or (below and not item.asks):
            nodes.append(Node(item.link_id, answers, [] if item.asks else below))
    return nodes


def _kept(tree: Tree) -> Iterator[Node]:
    yield from tree.kept
    for place in tree:
        yield from place.kept


def _with_new_questions(new: Form, answers: Answers, old: Form) -> Tree:
    tree = Tree(new, answers)
    for place in tree:
        if place.item.asks and place.item.link_id not in old.by_link:
            place.answers = place.answers or first_answers(place.item)
    return tree


def _cut(tree: Tree) -> list[Lost]:
    """Takes out the last instances until the rest has room; what was written in them, in the order of the form."""
    lost: list[Lost] = []
    over = tree.size - MOST_FIELDS
    for place in reversed(list(tree)):
        if over <= 0:
            break
        if not is_repeating_group(place.item) or place.path[-1][1] < max(place.item.min_occurs, 1):
            continue
        inside = list(place.all())
        (place.parent.below if place.parent else tree.top).remove(place)
        over -= len(inside)
        lost[:0] = [
            Lost(item=each.item, answers=tuple(written))
            for each in inside
            if is_asked(each.item)
            and (written := [_bare(answer) for answer in each.answers if _bare(answer) != _EMPTY])
        ]
    return lost
