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
        self._journal, self._file = journal, file
        if file and file.exists():
            whole = file.read_bytes()
            # A line that was cut off must not become the beginning of the next one.
            file.write_bytes(whole[: whole.rfind(b"\n") + 1])

    def __call__(self, taken: Taken) -> bytes:
        """The entry as the feed says it."""
        entry = self._journal.publish(taken)
        if self._file:
            told = {name: getattr(entry.taken, name) for name in Taken.__dataclass_fields__}
            line = _encode(told | {"recorded": entry.taken.recorded.isoformat()})
            with self._file.open("ab") as file:
                file.write(line + b"\n")
        return entry.body
