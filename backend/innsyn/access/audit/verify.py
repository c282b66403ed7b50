"""Check the access log without trusting those who keep it. This one file, Python and `cryptography` are enough:

    python verify.py EXPORT --key KEY [--checkpoints FILE_OR_FOLDER]     what `innsyn audit export` gives
    python verify.py --proof FILE --key KEY                              what a citizen gets from /access/log/proof

Exit status: 0 nothing was changed; 1 something was; 2 it could not be checked; 3 nothing was changed, but rows wait too
long for their seal. Each row is a leaf of an RFC 9162 tree that only grows (SHA-256; 0x00 before a leaf, 0x01 before a
node). A seal adds a batch of leaves; its checkpoint is a C2SP signed note (Ed25519) of the tree's size and root.
"""

import argparse
import base64
import hashlib
import json
import re
import struct
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from difflib import SequenceMatcher
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

INTACT, CHANGED, NOT_CHECKED, UNSEALED = range(4)
ORIGIN = "innsyn/access-log"
LATE = timedelta(minutes=1)
_B64 = "[A-Za-z0-9+/]{43}="
CHECKPOINT = re.compile(
    rf"^{ORIGIN}\n(?P<size>\d+)\n(?P<root>{_B64})\nseal (?P<number>\d+)\nprevious {_B64}\nlast \d+/\d+\n"
    rf"at (?P<at>[-0-9T:.]+Z)\n\n— {ORIGIN} (?P<signature>[A-Za-z0-9+/]{{91}}=)\n",
    re.MULTILINE,
)
_TYPES = [int, int, int, bool, bool, bytes, bytes, bytes, str, str]
_FIXED = struct.Struct(">BQQq??16s16s16s")
_EPOCH, _MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)


class CannotCheck(Exception):
    """What was given cannot be read; the message says why."""


class Row(NamedTuple):
    """One row of the log, every column there is. `at` is in microseconds since 1970; an id is 16 bytes."""

    log_id: int
    xid: int
    at: int
    refused: bool
    act: bool
    subject: bytes
    actor: bytes
    session: bytes
    entry: bytes | None
    rule: str
    purpose: str

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "Row":
        """Out of the JSON of an export or a proof. Raises CannotCheck."""
        try:
            ids = (told["subject_id"], told["actor_id"], told["session_id"], told["entry_id"])
            raw = [None if each is None else bytes.fromhex(each.replace("-", "")) for each in ids]
            at = (datetime.fromisoformat(told["at"]) - _EPOCH) // _MICROSECOND
            before, after = (
                (told["log_id"], told["xid"], at, told["refused"], told["act"]),
                (told["rule"], told["purpose"]),
            )
            row = cls._make((*before, *raw, *after))
        except (KeyError, TypeError, ValueError, AttributeError) as reason:
            raise CannotCheck(f"This is no row of an access log: {json.dumps(told)[:200]}") from reason
        types = [type(each) for each in row]
        if types[:8] + types[9:] != _TYPES or {len(each) for each in raw if each is not None} != {16}:
            raise CannotCheck(f"This is no row of an access log: {json.dumps(told)[:200]}")
        return row


def leaf(row: Row) -> bytes:
    """The hash of a row: of 0x00, format 1 and the columns in the order of Row.

    Numbers are big-endian in 8 bytes, a flag is one byte; a byte before the entry tells whether there is one; a text is
    UTF-8 with its length in 4 bytes before it.
    """
    rule, purpose = row.rule.encode(), row.purpose.encode()
    entry = b"\0" if row.entry is None else b"\1" + row.entry
    texts = (len(rule).to_bytes(4, "big"), rule, len(purpose).to_bytes(4, "big"), purpose)
    return hashlib.sha256(b"".join((b"\0", _FIXED.pack(1, *row[:8]), entry, *texts))).digest()


def node(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees."""
    return hashlib.sha256(b"\1" + left + right).digest()


def hashes(data: bytes) -> list[bytes]:
    """Those that stand in `data`, one after the other."""
    return [data[start : start + 32] for start in range(0, len(data), 32)]


class Tree:
    """A tree that only grows: its size, and the roots of the full subtrees that it is made of, by their level."""

    def __init__(self, size: int = 0, peaks: bytes = b"") -> None:
        self.size = size
        levels = [level for level in reversed(range(size.bit_length())) if size >> level & 1]
        self.full = dict(zip(levels, hashes(peaks), strict=True))

    def add(self, leaves: Sequence[bytes]) -> None:
        """Put leaves at the end."""
        nodes, size, level = list(leaves), self.size, 0
        self.size += len(nodes)
        while nodes:
            if size & 1:
                nodes.insert(0, self.full.pop(level))
            if len(nodes) & 1:
                self.full[level] = nodes[-1]
            nodes = list(map(node, nodes[::2], nodes[1::2]))
            size, level = size >> 1, level + 1

    @property
    def peaks(self) -> bytes:
        """The roots of the full subtrees, largest first."""
        return b"".join(self.full[level] for level in sorted(self.full, reverse=True))

    @property
    def root(self) -> bytes:
        """Of all leaves."""
        below, *larger = [self.full[level] for level in sorted(self.full)] or [hashlib.sha256(b"").digest()]
        for each in larger:
            below = node(each, below)
        return below


def said(number: int, tree: Tree, previous: bytes, last: tuple[int, int], at: str) -> str:
    """The text of a seal's checkpoint, to be signed. `last` is (xid, log_id) of its last row."""
    root, before = (base64.b64encode(each).decode() for each in (tree.root, previous))
    return f"{ORIGIN}\n{tree.size}\n{root}\nseal {number}\nprevious {before}\nlast {last[0]}/{last[1]}\nat {at}\n"


class Key:
    """A public key in the form of C2SP, `innsyn/access-log+1a2b3c4d+Aa…`. Raises CannotCheck."""

    def __init__(self, text: str) -> None:
        try:
            name, number, data = text.strip().split("+", 2)
            typed = base64.b64decode(data, validate=True)
            self._public = Ed25519PublicKey.from_public_bytes(typed.removeprefix(b"\1"))
        except ValueError as reason:
            raise CannotCheck(f"This is no public note key: {text[:100]}") from reason
        self._id = hashlib.sha256(name.encode() + b"\n" + typed).digest()[:4]
        if self._id.hex() != number:
            raise CannotCheck(f"This public note key is damaged: {text[:100]}")

    def has_signed(self, text: str, signature: bytes) -> bool:
        """Whether a note's signature (4 bytes that name the key, 64 of Ed25519) is this key's, over this text."""
        try:
            self._public.verify(signature[4:], text.encode())
        except InvalidSignature:
            return False
        return signature[:4] == self._id


class Checkpoint(NamedTuple):
    """A signed note, and what it says."""

    number: int
    size: int
    root: bytes
    at: datetime
    note: str

    @classmethod
    def of(cls, note: str, keys: Iterable[Key]) -> "Checkpoint | None":
        """None when none of the keys has signed it."""
        found = CHECKPOINT.fullmatch(note)
        if found is None:
            return None
        text, signature = note[: note.index("\n\n") + 1], base64.b64decode(found["signature"])
        if not any(key.has_signed(text, signature) for key in keys):
            return None
        root, at = base64.b64decode(found["root"]), datetime.fromisoformat(found["at"])
        return cls(int(found["number"]), int(found["size"]), root, at, note)


class Seal(NamedTuple):
    """As the database has it. `last` is (xid, log_id) of its last row."""

    number: int
    at: str
    last: tuple[int, int]
    leaves: bytes
    peaks: bytes
    note: str

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "Seal":
        """Out of the JSON of an export."""
        leaves, peaks = (base64.b64decode(told[name]) for name in ("leaves", "peaks"))
        return cls(told["seal"], told["at"], (told["last"][0], told["last"][1]), leaves, peaks, told["note"])


class Audit:
    """The check of one log, to be given its seals with their rows, in order. `findings`: what was changed, in words."""

    def __init__(self, keys: Sequence[Key], outside: Mapping[int, Checkpoint] | None = None) -> None:
        self.keys, self.outside, self.compared = keys, dict(outside or {}), len(outside or {})
        self.tree, self.number, self.rows = Tree(), 0, 0
        self.findings: list[str] = []
        self.waiting, self.oldest = 0, 0

    def take(self, seal: Seal, rows: Sequence[Row]) -> None:
        """The next seal, and the rows that stand between it and the one before it."""
        name, first, previous = f"Seal {seal.number} ({seal.at})", self.tree.size, self.tree.root
        if follows := seal.number == self.number + 1:
            self.tree.add(hashes(seal.leaves))
        else:
            self.findings.append(
                f"{name}: before it, after seal {self.number}, seals are missing: {seal.number - self.number - 1}."
            )
        signed = Checkpoint.of(seal.note, self.keys)
        text = said(seal.number, self.tree, previous, seal.last, seal.at)
        if signed is None:
            self.findings.append(
                f"{name}: its checkpoint is not signed with the key. It was replaced or damaged."
            )
        elif follows and not seal.note.startswith(f"{text}\n"):
            self.findings.append(
                f"{name}: it is not what was signed. The seal, or one before it, was changed."
            )
        if signed is not None and signed.root != self.tree.root:
            self._go_on_from(signed, seal)
            first = self.tree.size - len(seal.leaves) // 32
        if (found := list(map(leaf, rows))) != (sealed := hashes(seal.leaves)):
            self.findings += [f"{name}: {each}" for each in differences(rows, found, sealed, first)]
        outside = self.outside.pop(seal.number, None)
        if outside is not None and outside.note != seal.note:
            self.findings.append(
                f"{name}: the checkpoint outside says otherwise. The database was restored from an older copy and "
                "went on from there, or its seals were made anew."
            )
        self.number, self.rows = seal.number, self.rows + len(rows)

    def rest(self, rows: Sequence[Row]) -> None:
        """Rows after the last seal."""
        self.rows, self.waiting = self.rows + len(rows), self.waiting + len(rows)
        self.oldest = min([row.at for row in rows] + [self.oldest] * bool(self.oldest), default=0)

    def end(self, at: datetime) -> int:
        """When all was given, as it was `at`. Returns the exit status."""
        gone = [
            each for _, each in sorted(self.outside.items()) if each.number > self.number and each.at <= at
        ]
        if gone:
            self.findings.append(
                f"All after seal {self.number} is gone, up to seal {gone[-1].number}, number {gone[-1].size} of the "
                "log: checkpoints outside tell of it. The end was cut off, or the database was restored from an older "
                "copy."
            )
        if self.findings:
            return CHANGED
        return UNSEALED if self.waiting and at - _EPOCH - self.oldest * _MICROSECOND > LATE else INTACT

    def _go_on_from(self, signed: Checkpoint, seal: Seal) -> None:
        # What comes after can be checked all the same, from the signed root: one change is not told at every seal.
        if len(seal.peaks) == 32 * signed.size.bit_count():
            tree = Tree(signed.size, seal.peaks)
            self.tree = tree if tree.root == signed.root else self.tree


def differences(
    rows: Sequence[Row], found: Sequence[bytes], sealed: Sequence[bytes], first: int
) -> Iterator[str]:
    """What happened to the rows of a batch, of which `found` are the hashes now and `sealed` those that were sealed.

    `first` is how many leaves the tree had before it.
    """
    if sorted(found) == sorted(sealed):
        yield "its rows stand in another order."
        return
    moved = _moved(rows, found, sealed)
    yield from (f"the rows {one.log_id} and {other.log_id} have changed places." for one, other in moved)
    told = {row for pair in moved for row in pair}
    for kind, a, b, c, d in SequenceMatcher(None, sealed, found, autojunk=False).get_opcodes():
        changed = min(b - a, d - c) if kind != "equal" else d - c
        if kind != "equal":
            both = (row for row in rows[c : c + changed] if row not in told)
            yield from (f"the row {row.log_id} was changed after it was sealed." for row in both)
        after = f"after the row {rows[c + changed - 1].log_id}" if c + changed else "at the beginning"
        for place in range(a + changed, b):
            yield f"a row {after} was deleted; it was number {first + place + 1} of the log."
        for row in rows[c + changed : d]:
            yield f"the row {row.log_id} was not there when it was sealed. It was inserted."


def _moved(rows: Sequence[Row], found: Sequence[bytes], sealed: Sequence[bytes]) -> list[tuple[Row, Row]]:
    known, lost = set(sealed), set(sealed) - set(found)
    strange = [row for row, each in zip(rows, found, strict=True) if each not in known]
    return [
        (one, other)
        for one, other in combinations(strange[:50], 2)
        if any(_exchanged(one, other, names) <= lost for names in (("log_id", "xid"), ("at",)))
    ]


def _exchanged(one: Row, other: Row, names: tuple[str, ...]) -> set[bytes]:
    pairs = ((one, other), (other, one))
    return {leaf(to._replace(**{name: getattr(by, name) for name in names})) for to, by in pairs}


def checkpoints(paths: Iterable[Path], keys: Sequence[Key]) -> dict[int, Checkpoint]:
    """What was kept outside the database, in files and folders of them. Raises CannotCheck for what nobody signed."""
    found: dict[int, Checkpoint] = {}
    for path in (
        file for given in paths for file in (sorted(given.iterdir()) if given.is_dir() else [given])
    ):
        text, end = path.read_text(encoding="utf-8") + "\n", 0
        for match in CHECKPOINT.finditer(text):
            between, end = text[end : match.start()].strip(), match.end()
            one = Checkpoint.of(match[0], keys)
            # Broken off in the middle of writing, it was written again, whole.
            if one is None or not match[0].startswith(between) or found.setdefault(one.number, one) != one:
                raise CannotCheck(
                    f"{path}: near seal {match['number']} is something that is no checkpoint of this log."
                )
            if len(found) > 1 and one.number - 1 not in found:
                raise CannotCheck(f"{path}: the checkpoint before that of seal {one.number} is missing.")
        if not end:
            raise CannotCheck(f"{path}: there is no checkpoint in it.")
    return found


def check_export(lines: Iterable[str], audit: Audit) -> int:
    """Check an export, line by line. Returns the exit status; raises CannotCheck or ValueError."""
    rows: list[Row] = []
    told: dict[str, Any] = {}
    for line in lines:
        told = json.loads(line)
        if "log_id" in told:
            rows.append(Row.of(told))
        elif "seal" in told:
            audit.take(Seal.of(told), rows)
            rows = []
    audit.rest(rows)
    if told.get("end") != audit.rows:
        raise CannotCheck("The export has no end, or not all of its rows. Was it copied whole?")
    return audit.end(datetime.fromisoformat(told["at"]))


def check_proof(proof: Mapping[str, Any], keys: Sequence[Key]) -> list[str]:
    """Check a citizen's proof: each row stands in the log that was signed. Returns what is wrong."""
    signed = {name: Checkpoint.of(note, keys) for name, note in proof["checkpoints"].items()}
    wrong = []
    for entry in proof["entries"]:
        row, point = Row.of(entry["row"]), signed.get(entry["checkpoint"])
        path = [base64.b64decode(each) for each in entry["path"]]
        if point is None:
            wrong.append(f"Row {row.log_id}: its checkpoint is not signed with the key.")
        elif root_over(leaf(row), entry["leaf"], point.size, path) != point.root:
            wrong.append(f"Row {row.log_id}: this is not what was sealed.")
    return wrong


def root_over(below: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root of a tree of `size` leaves, from one and its path (RFC 9162, 2.1.3.2). None: it cannot be its path."""
    last = size - 1
    if not 0 <= index <= last:
        return None
    for beside in path:
        if last == 0:
            return None
        if index & 1 or index == last:
            below = node(beside, below)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            below = node(below, beside)
        index, last = index >> 1, last >> 1
    return below if last == 0 else None


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns the exit status."""
    parser = argparse.ArgumentParser(description="Check the access log, or a proof of rows in it.")
    parser.add_argument("export", nargs="?", type=Path, help="what `innsyn audit export` gave")
    parser.add_argument("--proof", type=Path, help="what /access/log/proof gave")
    parser.add_argument("--key", action="append", required=True, help="what `innsyn audit key` prints")
    parser.add_argument(
        "--checkpoints", action="append", default=[], type=Path, help="kept outside the database"
    )
    given = parser.parse_args(arguments)
    if (given.export is None) == (given.proof is None):
        parser.error("give either an export or --proof")
    try:
        keys = [Key(each) for each in given.key]
        if given.proof is not None:
            return _tell_proof(json.loads(given.proof.read_text(encoding="utf-8")), keys)
        audit = Audit(keys, checkpoints(given.checkpoints, keys))
        with given.export.open(encoding="utf-8") as lines:
            return tell(audit, check_export(lines, audit))
    except (CannotCheck, OSError, ValueError, KeyError, TypeError) as reason:
        what = (
            reason
            if isinstance(reason, (CannotCheck, OSError))
            else f"It is damaged, or something else: {reason!r}"
        )
        print(f"This could not be checked. {what}", file=sys.stderr)  # noqa: T201 - a command prints
        return NOT_CHECKED


def tell(audit: Audit, status: int) -> int:
    """Print the outcome; returns the status."""
    lines = [f"CHANGED  {each}" for each in audit.findings]
    lines.append(
        f"Rows: {audit.rows}. Seals: {audit.number}. Checkpoints outside, compared: {audit.compared}."
    )
    if not audit.compared:
        lines.append(
            "Without those nobody can see that the end was cut off, or an old copy restored: --checkpoints."
        )
    if audit.waiting:
        lines.append(f"Rows without a seal yet: {audit.waiting}.")
    lines += {
        INTACT: ["Nothing was changed."],
        UNSEALED: ["Nothing was changed. But sealing has stopped."],
    }.get(status, [])
    print("\n".join(lines))  # noqa: T201 - a command prints
    return status


def _tell_proof(proof: Mapping[str, Any], keys: Sequence[Key]) -> int:
    wrong, number = check_proof(proof, keys), len(proof["entries"])
    lines = [*wrong, f"Rows that stand in the log as they were sealed: {number - len(wrong)} of {number}."]
    print("\n".join(lines))  # noqa: T201 - a command prints
    return CHANGED if wrong else INTACT


if __name__ == "__main__":
    sys.exit(main())
