"""Where checkpoints are kept outside the database: a file that only grows, or a folder with one for each day.

On another disk, of somebody else, or with the append-only attribute (chattr +a): who can change the database must not
be able to change these.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final, final

from innsyn.access.audit.verify import CHECKPOINT

# More than two checkpoints are long.
_TAIL: Final = 4096


@final
class Target:
    """One such place. A path that ends in / or is a folder is a folder; all methods block."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def newest(self) -> str | None:
        """The last whole checkpoint that is kept here, as it was signed."""
        for file in sorted(self.path.iterdir(), reverse=True) if self.path.is_dir() else [self.path]:
            if found := _last_in(file):
                return found
        return None

    def append(self, notes: Sequence[str]) -> None:
        """Keep these, on the disk when this returns. What was broken off before them is left as it is."""
        for file, own in self._by_file(notes).items():
            is_new = not file.exists()
            opened = os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o640)
            try:
                size = os.fstat(opened).st_size
                torn = size > 0 and os.pread(opened, 1, size - 1) != b"\n"
                _write(opened, ("\n" * torn + "\n".join(own) + "\n").encode())
                os.fsync(opened)
            finally:
                os.close(opened)
            if is_new:
                _keep_name(file.parent)

    def _by_file(self, notes: Sequence[str]) -> dict[Path, list[str]]:
        if not self.path.is_dir():
            return {self.path: list(notes)}
        files: dict[Path, list[str]] = {}
        for note in notes:
            found = CHECKPOINT.fullmatch(note)
            files.setdefault(self.path / (found["at"][:10] if found else "other"), []).append(note)
        return files


def _last_in(file: Path) -> str | None:
    try:
        with file.open("rb") as opened:
            opened.seek(max(0, opened.seek(0, os.SEEK_END) - _TAIL))
            tail = opened.read().decode(errors="replace")
    except FileNotFoundError:
        return None
    # One that was broken off before its very last character, the end of its line, is whole.
    whole = [found[0] for found in CHECKPOINT.finditer(f"{tail}\n")]
    return whole[-1] if whole else None


def _write(opened: int, data: bytes) -> None:
    while data:
        data = data[os.write(opened, data) :]


def _keep_name(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
