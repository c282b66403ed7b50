"""What is kept in quarantine, read again: it was too much for the code of then, and may not be for that of now."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import repeat

import msgspec

from innsyn.journal.bundles import Load, entries_in
from innsyn.journal.limits import Unfit
from innsyn.journal.port import Entry, Unusable
from innsyn.journal.quarantine_tries import Kept
from innsyn.journal.sequence_page import page_in

_LAST = 2**63 - 1


def entries_of(kept: Kept, now: datetime) -> list[Entry]:
    """The entries that the bytes hold, at the place where they were. [] where they cannot be read still.

    All or nothing: where one of several cannot be read, what is kept is needed still.
    """
    found = list(_as_sent(kept) or entries_in(kept.body, Load(kept.source, now, iter(repeat(kept.position)))))
    if not found or any(isinstance(each, Unusable) for each in found):
        return []
    entries = [each for each in found if isinstance(each, Entry)]
    if kept.kind and [(each.kind, each.id) for each in entries] != [(kept.kind, kept.id)]:
        # It was kept as one resource: it must not come back as another.
        return []
    return [msgspec.structs.replace(each, position=kept.position) for each in entries]


def _as_sent(kept: Kept) -> list[Entry | Unusable]:
    """As an entry of a page, where that is what was kept (what the journal said of it was wrong, and not itself)."""
    if b'"seq"' not in kept.body:
        return []
    try:
        page = page_in(b'{"entries":[%s],"last":%d}' % (kept.body, _LAST), 0)
    except Unfit:
        return []
    return list(_without_gaps(page.found))


def _without_gaps(found: Iterable[Entry | Unusable]) -> Iterator[Entry | Unusable]:
    for each in found:
        if isinstance(each, Entry) or each.reason != "missing":
            yield each
