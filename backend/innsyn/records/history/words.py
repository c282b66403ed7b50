"""Two texts, word for word: what was taken out, and what is new.

Myers' difference (An O(ND) Difference Algorithm and Its Variations, Algorithmica 1, 1986) with a bound on the work: two
texts that have nothing in common must not keep anybody waiting to learn that.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby, takewhile
from typing import Final

import msgspec

_TOKENS: Final = re.compile(r"\n|[^\S\n]+|\w+|[^\w\s]")
_MOST_STEPS: Final = 100_000
_MOST_LETTERS: Final = 500_000
# Letters of what did not change that stand around what did, and letters of one side in all.
_AROUND: Final = 200
_MOST_SHOWN: Final = 20_000


class Piece(msgspec.Struct, frozen=True):
    """A run of text: `what` is same, gone, new, or left_out (the same in both, and too much to repeat)."""

    what: str
    text: str = ""


class Compared(msgspec.Struct, frozen=True):
    """The two sides. `coarse`: too much has changed to be told word for word. `cut`: there is more than is shown."""

    old: tuple[Piece, ...]
    new: tuple[Piece, ...]
    coarse: bool = False
    cut: bool = False


def compared(old: str, new: str) -> Compared:
    """What has changed from `old` to `new`, in time that does not grow with how much it is."""
    first, second = _TOKENS.findall(old[:_MOST_LETTERS]), _TOKENS.findall(new[:_MOST_LETTERS])
    begins = _shared(first, second)
    ends = _shared(reversed(first[begins:]), reversed(second[begins:]))
    before, after = first[begins : len(first) - ends], second[begins : len(second) - ends]
    changes = _changes(before, after)
    told = changes if changes is not None else [*_each("gone", before), *_each("new", after)]
    pieces = _joined([*_each("same", first[:begins]), *told, *_each("same", first[len(first) - ends :])])
    (left, left_cut), (right, right_cut) = _side(pieces, "new"), _side(pieces, "gone")
    too_long = max(len(old), len(new)) > _MOST_LETTERS
    return Compared(left, right, coarse=changes is None, cut=left_cut or right_cut or too_long)


def _shared(first: Iterable[str], second: Iterable[str]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False)))


def _each(what: str, tokens: Iterable[str]) -> list[Piece]:
    return [Piece(what, token) for token in tokens]


def _changes(old: Sequence[str], new: Sequence[str]) -> list[Piece] | None:
    """The shortest way from one to the other; None where it is longer than anybody would read."""
    trace = _trace(old, new)
    if trace is None:
        return None
    pieces = []
    x, y = len(old), len(new)
    for d in reversed(range(len(trace))):
        reach = trace[d]
        k = _from(reach, x - y, d)
        from_x, from_y = reach[k], reach[k] - k
        while x > from_x and y > from_y:
            x, y = x - 1, y - 1
            pieces.append(Piece("same", old[x]))
        if d and x == from_x:
            pieces.append(Piece("new", new[from_y]))
        elif d:
            pieces.append(Piece("gone", old[from_x]))
        x, y = from_x, from_y
    return pieces[::-1]


def _trace(old: Sequence[str], new: Sequence[str]) -> list[dict[int, int]] | None:
    """For each number of changes: how far along each diagonal one fewer has come."""
    reach = {1: 0}
    trace = []
    steps = 0
    for d in range(len(old) + len(new) + 1):
        trace.append(dict(reach))
        for k in range(-d, d + 1, 2):
            came_from = _from(reach, k, d)
            x = start = reach[came_from] + (came_from < k)
            y = x - k
            while x < len(old) and y < len(new) and old[x] == new[y]:
                x, y = x + 1, y + 1
            reach[k] = x
            steps += 1 + x - start
            if x >= len(old) and y >= len(new):
                return trace
        if steps > _MOST_STEPS:
            return None
    return trace


def _from(reach: dict[int, int], k: int, d: int) -> int:
    return k + 1 if k == -d or (k != d and reach[k - 1] < reach[k + 1]) else k - 1


def _joined(pieces: Iterable[Piece]) -> list[Piece]:
    """Runs instead of words: changes with only a space between them are one change."""
    runs: list[Piece] = []
    for what, group in groupby(pieces, lambda piece: piece.what):
        runs.append(Piece(what, "".join(piece.text for piece in group)))
    joined: list[Piece] = []
    gone = new = ""
    for place, run in enumerate(runs):
        if run.what == "gone":
            gone += run.text
        elif run.what == "new":
            new += run.text
        elif (gone or new) and place + 1 < len(runs) and not run.text.strip(" "):
            gone, new = gone + run.text, new + run.text
        else:
            joined += [Piece(what, text) for what, text in (("gone", gone), ("new", new)) if text]
            joined.append(run)
            gone = new = ""
    return joined + [Piece(what, text) for what, text in (("gone", gone), ("new", new)) if text]


def _side(pieces: Sequence[Piece], without: str) -> tuple[tuple[Piece, ...], bool]:
    side: list[Piece] = []
    room = _MOST_SHOWN
    for place, piece in enumerate(pieces):
        if piece.what == without:
            continue
        shown = _around(piece, first=place == 0, last=place == len(pieces) - 1)
        for each in shown:
            if len(each.text) > room:
                return (*side, Piece(each.what, each.text[:room])), True
            side.append(each)
            room -= len(each.text)
    return tuple(side), False


def _around(piece: Piece, *, first: bool, last: bool) -> list[Piece]:
    """Of a long text that is the same in both: what stands next to a change."""
    text = piece.text
    if piece.what != "same" or len(text) <= 4 * _AROUND:
        return [piece]
    begins = "" if first else text[:_AROUND].rpartition(" ")[0]
    ends = "" if last else text[-_AROUND:].partition(" ")[2]
    pieces = (Piece("same", begins), Piece("left_out"), Piece("same", ends))
    return [each for each in pieces if each.text or each.what == "left_out"]
