"""The newest version of everything in the journal, in one list that says when it is whole."""

from collections.abc import Iterator
from hashlib import sha256

import msgspec
from litestar import get
from litestar.datastructures import State
from litestar.response import Stream

from standins.journal.sequence import Entry, Journal, instant

_encode = msgspec.json.Encoder(decimal_format="number").encode
_AT_ONCE = 500


@get("/feed/versions", sync_to_thread=False)
def versions(state: State) -> Stream:
    """Lines of seq, source, kind, id, version, recorded and digest (or deleted), then one of last and count."""
    return Stream(_lines(state.journal), media_type="application/x-ndjson")


def _lines(journal: Journal) -> Iterator[bytes]:
    last, lines, count = journal.last, list[bytes](), 0
    for entry in journal.current(last):
        lines.append(_encode(_told(entry)))
        count += 1
        if len(lines) == _AT_ONCE:
            yield b"\n".join(lines) + b"\n"
            lines = []
    yield b"\n".join([*lines, _encode({"last": last, "count": count})]) + b"\n"


def _told(entry: Entry) -> dict[str, object]:
    taken = entry.taken
    told: dict[str, object] = {
        "seq": entry.seq,
        "source": taken.source,
        "kind": taken.kind,
        "id": taken.id,
        "version": entry.version,
        "recorded": instant(taken.recorded),
    }
    if entry.resource is None:
        return told | {"deleted": True}
    return told | {"digest": sha256(_encode(entry.resource)).hexdigest()}
