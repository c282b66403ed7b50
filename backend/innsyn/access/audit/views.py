"""A citizen's proof: the own rows, and for each the path from it to a checkpoint that was signed."""

from collections.abc import Sequence
from typing import Final, final

from innsyn.access.audit.verify import Tree, node

MOST: Final = 500


@final
class Batch:
    """The leaves of one seal, and the tree that they were added to: enough for a path from each of them."""

    def __init__(self, before: Tree, leaves: Sequence[bytes]) -> None:
        self._first = before.size
        self._levels: list[tuple[int, list[bytes]]] = []
        nodes, offset, level = list(leaves), before.size, 0
        while True:
            if offset & 1:
                nodes.insert(0, before.full[level])
                offset -= 1
            self._levels.append((offset, nodes))
            if offset == 0 and len(nodes) == 1:
                break
            single = nodes[-1:] if len(nodes) & 1 else []
            nodes = [*map(node, nodes[::2], nodes[1::2]), *single]
            offset, level = offset >> 1, level + 1

    def path(self, index: int) -> list[bytes]:
        """The hashes beside the way from a leaf (by its number in the whole tree) to the root, from below."""
        path = []
        for offset, nodes in self._levels:
            beside = (index ^ 1) - offset
            if beside < len(nodes):
                path.append(nodes[beside])
            index >>= 1
        return path
