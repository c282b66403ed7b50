"""A citizen's proof: the own rows, and for each the path from it to a checkpoint that was signed."""

import base64
import json
from bisect import bisect_left
from collections.abc import Sequence
from typing import final

from innsyn.access.audit.queries import SealOf
from innsyn.access.audit.verify import Row, Tree, hashes, leaf, node


def proof_of(
    rows: Sequence[str], seals: Sequence[SealOf], leaves: Sequence[bytes], *, about: str, older: str
) -> bytes:
    """The proof as a JSON file, of rows as `queries.own_rows` gives them.

    Of other people's rows it holds hashes alone: those that are beside the way from an own row up to the root. `older`
    is where the proof of older rows is, '' when there are none.
    """
    lasts = [(each.last_xid, each.last_log_id) for each in seals]
    batches: dict[int, Batch] = {}
    entries, waiting = [], []
    for told in map(json.loads, rows):
        row = Row.of(told)
        place = bisect_left(lasts, (row.xid, row.log_id))
        if place == len(seals):
            waiting.append(told)
            continue
        if place not in batches:
            batches[place] = Batch.of(seals[place], leaves[place])
        entries.append({"row": told, **batches[place].proof(row), "checkpoint": str(seals[place].number)})
    checkpoints = {str(each.number): each.note for each in seals}
    said = {
        "about": about,
        "entries": entries,
        "not_sealed_yet": waiting,
        "checkpoints": checkpoints,
        "older": older,
    }
    return json.dumps(said, ensure_ascii=False, indent=1).encode()


@final
class Batch:
    """The leaves of one seal, and the tree that they were added to: enough for a path from each of them."""

    def __init__(self, before: Tree, leaves: Sequence[bytes]) -> None:
        self._places = {each: before.size + index for index, each in enumerate(leaves)}
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

    @classmethod
    def of(cls, seal: SealOf, leaves: bytes) -> "Batch":
        """Of a seal as it is stored."""
        before = seal.size - len(leaves) // 32
        return cls(Tree(before, bytes.fromhex(seal.peaks_before)), hashes(leaves))

    def proof(self, row: Row) -> dict[str, object]:
        """Where the row stands, and its path. A changed one stands nowhere: number -1, which no check accepts."""
        index = self._places.get(leaf(row), -1)
        path = self.path(index) if index >= 0 else []
        return {"leaf": index, "path": [base64.b64encode(each).decode() for each in path]}

    def path(self, index: int) -> list[bytes]:
        """The hashes beside the way from a leaf (by its number in the whole tree) to the root, from below."""
        path = []
        for offset, nodes in self._levels:
            beside = (index ^ 1) - offset
            if beside < len(nodes):
                path.append(nodes[beside])
            index >>= 1
        return path
