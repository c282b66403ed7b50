"""Two people, tabs or devices that changed one draft: what both did, place by place.

Only one side changed a place: its answer. Both the same: it. Both differently: a Conflict, and the citizen chooses.
Instances of a repeating group are paired by what stands in them first, for their numbers move when one is removed.
Whatever either side typed is in the result or in a conflict.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import msgspec

from innsyn.forms.engine.instances import MOST_FIELDS, Tree
from innsyn.forms.engine.model import Form, Item
from innsyn.forms.engine.places import is_asked, is_repeating_group, name_of
from innsyn.forms.engine.taking import TooManyFields
from innsyn.forms.engine.values import Answer, Answers, Node


class Conflict(msgspec.Struct, frozen=True, kw_only=True):
    """A field that was answered in two ways: `name` as it is in the result, which has `theirs` in it."""

    name: str
    mine: tuple[Answer, ...]
    theirs: tuple[Answer, ...]


class Three(NamedTuple):
    """The same part of the answers: as both had it, and as each has it."""

    base: Sequence[Node]
    mine: Sequence[Node]
    theirs: Sequence[Node]


def merge(form: Form, base: Answers, mine: Answers, theirs: Answers) -> tuple[Answers, list[Conflict]]:
    """The answers of a draft that was `base` when `mine` was begun and is `theirs` by now. All three are of `form`.

    Raises TooManyFields where both together have added more instances than a draft may hold.
    """
    conflicts: list[Conflict] = []
    merged = _merged(form.items, Three(base, mine, theirs), (), conflicts)
    size = Tree(form, merged).size
    if size > MOST_FIELDS and size > Tree(form, theirs).size:
        raise TooManyFields
    return merged, conflicts


def _merged(
    items: Sequence[Item], three: Three, path: tuple[int, ...], conflicts: list[Conflict]
) -> list[Node]:
    nodes: list[Node] = []
    for item in items:
        part = Three(*([node for node in side if node.link_id == item.link_id] for side in three))
        if is_repeating_group(item):
            nodes += _instances(item, part, path, conflicts)
        elif any(part):
            nodes += _one(item, part, path, conflicts)
    return [*nodes, *_unknown(items, three)]


def _unknown(items: Sequence[Item], three: Three) -> Iterator[Node]:
    known = {item.link_id for item in items}
    yield from (node for node in three.theirs if node.link_id not in known)
    yield from (node for node in three.mine if node.link_id not in known and node not in three.theirs)


def _one(item: Item, three: Three, path: tuple[int, ...], conflicts: list[Conflict]) -> list[Node]:
    # More than one node of what does not repeat is nothing that we write: the first is the one that counts.
    below = _merged(item.items, Three(*(_below(item, side[:1]) for side in three)), path, conflicts)
    if not item.asks:
        return [Node(item.link_id, item=below)] if below else []
    spare = _spare(
        *(sum(answer == Answer() for node in side[:1] for answer in node.answer) for side in three)
    )
    base, mine, theirs = (_bare(side[:1]) for side in three)
    chosen = mine if theirs == base else theirs
    if is_asked(item) and mine not in (base, theirs) and theirs != base:
        conflicts.append(Conflict(name=name_of(item, path), mine=mine, theirs=theirs))
    answers = list(chosen)
    if below:
        answers[:1] = [msgspec.structs.replace(answers[0] if answers else Answer(), item=below)]
    answers += [Answer()] * spare
    return [Node(item.link_id, answers)] if answers else []


def _spare(base: int, mine: int, theirs: int) -> int:
    """How many inputs are to stand empty after the others: whoever has asked for one more (taking.add) gets it."""
    if base in (mine, theirs):
        return theirs if mine == base else mine
    return max(mine, theirs)


def _below(item: Item, nodes: Sequence[Node]) -> list[Node]:
    if not nodes:
        return []
    if not item.asks:
        return nodes[0].item
    return nodes[0].answer[0].item if nodes[0].answer else []


def _bare(nodes: Sequence[Node]) -> tuple[Answer, ...]:
    answers = nodes[0].answer if nodes else []
    bare = (msgspec.structs.replace(answer, item=[]) if answer.item else answer for answer in answers)
    # An input with nothing in it is no answer; it only carries what stands below.
    return tuple(answer for answer in bare if answer != Answer())


def _instances(item: Item, three: Three, path: tuple[int, ...], conflicts: list[Conflict]) -> list[Node]:
    empty = [Node(item.link_id)]
    base, mine, theirs = (list(side) or empty for side in three)
    made: list[Node] = []
    for part in _lined_up(base, mine, theirs):
        if (found := _instance(item, part, (*path, len(made)), conflicts)) is not None:
            made.append(found)
    # One instance with nothing in it is there without being written.
    return made if any(three) and made != empty else []


def _instance(item: Item, part: Three, path: tuple[int, ...], conflicts: list[Conflict]) -> Node | None:
    if part.base and not (part.mine and part.theirs):
        left = part.mine or part.theirs
        # Removed by one, and not touched by the other. What the other has changed stays: it was typed after.
        return None if not left or left[0] == part.base[0] else left[0]
    inside = Three(*(_below(item, side) for side in part))
    return Node(item.link_id, item=_merged(item.items, inside, path, conflicts))


def _lined_up(base: list[Node], mine: list[Node], theirs: list[Node]) -> Iterator[Three]:
    weighed = _weighed(base)
    of_mine, of_theirs = _paired(weighed, _weighed(mine)), _paired(weighed, _weighed(theirs))
    for index, node in enumerate(base):
        yield Three([node], _at(mine, of_mine.get(index)), _at(theirs, of_theirs.get(index)))
    # What is new stands last (taking.add), and what both added alike is one.
    taken_mine, taken_theirs = set(of_mine.values()), set(of_theirs.values())
    new = [node for index, node in enumerate(theirs) if index not in taken_theirs]
    yield from (Three([], [], [node]) for node in new)
    for index, node in enumerate(mine):
        if index in taken_mine:
            continue
        if node in new:
            new.remove(node)
        else:
            yield Three([], [node], [])


def _at(nodes: list[Node], index: int | None) -> list[Node]:
    return [] if index is None else [nodes[index]]


_EQUAL: Final = 1_000_000


class _Weighed(NamedTuple):
    """An instance and what stands in it: each is compared with a hundred others."""

    node: Node
    leaves: set[bytes]


def _weighed(nodes: Sequence[Node]) -> list[_Weighed]:
    return [_Weighed(node, _leaves(node)) for node in nodes]


def _paired(old: list[_Weighed], new: list[_Weighed]) -> dict[int, int]:
    """Which of `new` each of `old` has become, in order: as many alike as can be, then as many as can be."""
    if len(old) == len(new) and all(_alike(before, after) for before, after in zip(old, new, strict=True)):
        return {index: index for index in range(len(old))}
    best = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    worth = _worth(old, new)
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], best[i + 1][j + 1] + worth[i][j])
    pairs, i, j = {}, 0, 0
    while i < len(old) and j < len(new):
        if best[i][j] == best[i + 1][j + 1] + worth[i][j]:
            pairs[i] = j
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _worth(old: list[_Weighed], new: list[_Weighed]) -> list[list[int]]:
    having: dict[bytes, list[int]] = {}
    for index, after in enumerate(new):
        for leaf in after.leaves:
            having.setdefault(leaf, []).append(index)
    # Nothing is like nothing: an empty one is the first that it can be, or what is left when others were removed.
    empty = 1 + (len(new) < len(old))
    worth = []
    for before in old:
        row = [1] * len(new)
        for leaf in before.leaves:
            for index in having.get(leaf, ()):
                row[index] += 10
        same = 1 + 10 * len(before.leaves)
        for index, after in enumerate(new):
            if row[index] == same and before.node == after.node:
                row[index] = _EQUAL if before.leaves else empty
        worth.append(row)
    return worth


def _alike(before: _Weighed, after: _Weighed) -> bool:
    return before.node == after.node or not before.leaves or not before.leaves.isdisjoint(after.leaves)


def _leaves(node: Node) -> set[bytes]:
    found: set[bytes] = set()
    stack = [node]
    while stack:
        each = stack.pop()
        found.update(_encoded([each.link_id, answer]) for answer in _bare([each]))
        stack += each.item
        for answer in each.answer:
            stack += answer.item
    return found


_encoded: Final = msgspec.json.Encoder(order="deterministic").encode
