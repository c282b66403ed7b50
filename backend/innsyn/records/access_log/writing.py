"""Look-ups to rows, in the transaction of their batch."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg

from innsyn.access.lookups import writing
from innsyn.access.lookups.views import Lookup
from innsyn.journal.fhir.reading import instant
from innsyn.journal.projected import Became, Noted
from innsyn.journal.versions import Landed
from innsyn.records.writing import entry_id

_KIND = "AuditEvent"


async def take(db: asyncpg.Connection, feed: str, became: Became, gone: Sequence[Landed]) -> None:
    """Put the look-ups of a batch in place and take away those that are withdrawn or nobody's (any more)."""
    await writing.remove(
        db,
        [
            (each.known_person, entry_id(feed, each.key))
            for each in gone
            if each.kind == _KIND and each.known_person is not None
        ],
    )
    await writing.put(
        db, [_row(feed, each, each.row) for each in became.noted if isinstance(each.row, Lookup)]
    )


def _row(feed: str, noted: Noted, seen: Lookup) -> tuple[object, ...]:
    landed = noted.landed
    values = {
        **{name: _kept(getattr(seen, name)) for name in writing.ROW if hasattr(seen, name)},
        "person_id": noted.person_id,
        "lookup_id": entry_id(feed, landed.key),
        "at": _when(seen, landed),
        "told": seen.at,
        "areas": " ".join(seen.areas),
        "encounter_id": entry_id(feed, seen.encounter) if seen.encounter else None,
        "source": landed.source,
        "version": landed.version,
    }
    return tuple(values[name] for name in writing.ROW)


def _kept(value: object) -> object:
    """PostgreSQL's text has no place for U+0000."""
    return value.replace("\0", "") if isinstance(value, str) else value


def _when(seen: Lookup, landed: Landed) -> datetime:
    """A clock that goes ahead must not put a look-up before all others for ever."""
    told = instant(seen.at)
    return min(told, landed.recorded_at) if told else landed.recorded_at
