"""Circles in what depends on what."""

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

Thing = TypeVar("Thing", bound=Hashable)


def circle_in(depends: Mapping[Thing, Sequence[Thing]]) -> list[Thing] | None:
    """The first circle, its first thing again at the end; None if there is none."""
    done: set[Thing] = set()
    for start in depends:
        if start not in done and (circle := _turn(start, depends, done)) is not None:
            return circle
    return None


def _turn(start: Thing, depends: Mapping[Thing, Sequence[Thing]], done: set[Thing]) -> list[Thing] | None:
    path, on_path = [start], {start}
    turns = [iter(depends.get(start, ()))]
    while turns:
        following = next(turns[-1], None)
        if following is None:
            turns.pop()
            done.add(path[-1])
            on_path.discard(path.pop())
        elif following in on_path:
            return [*path[path.index(following) :], following]
        elif following not in done:
            path.append(following)
            on_path.add(following)
            turns.append(iter(depends.get(following, ())))
    return None
