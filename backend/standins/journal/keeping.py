"""What was published while the stand-in ran, in a file: a journal does not forget between two starts."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import msgspec

from standins.journal.sequence import Journal
from standins.journal.taken import Taken

_encode = msgspec.json.Encoder(decimal_format="number").encode
_decode = msgspec.json.Decoder(float_hook=Decimal).decode


def kept_in(file: Path) -> list[Taken]:
    """What an earlier start has kept; a last line that was cut off is nothing that anybody was answered for."""
    if not file.exists():
        return []
    found = []
    for line in file.read_bytes().splitlines(keepends=True):
        if line.endswith(b"\n"):
            told = _decode(line)
            found.append(Taken(**(told | {"recorded": datetime.fromisoformat(told["recorded"])})))
    return found


class Keeping:
    """Publishes in a journal, and keeps it in a file first, if there is one."""

    def __init__(self, journal: Journal, file: Path | None) -> None:
        self._journal = journal
        self._file = file.open("ab", buffering=0) if file else None

    def __call__(self, taken: Taken) -> bytes:
        """The entry as the feed says it."""
        entry = self._journal.publish(taken)
        if self._file:
            told = {name: getattr(entry.taken, name) for name in Taken.__dataclass_fields__}
            self._file.write(_encode(told | {"recorded": entry.taken.recorded.isoformat()}) + b"\n")
        return entry.body
