"""How fresh each service's part of the journal is."""

from collections.abc import Iterable
from datetime import date, datetime

import asyncpg
from sqlalchemy import func, literal, select
from sqlalchemy.dialects.postgresql import insert

from innsyn.db.batches import arrays, given
from innsyn.db.statements import Statement
from innsyn.journal.port import Source
from innsyn.journal.tables import source

_TOLD = ("source", "name", "service", "since", "last_contact_at", "delayed_since")
_rows = given(*(source.c[name] for name in _TOLD))
_told = insert(source).from_select(list(_TOLD), select(*_rows.c))
_TELL = Statement(
    _told.on_conflict_do_update(
        index_elements=["source"], set_={name: _told.excluded[name] for name in _TOLD[1:]}
    )
)
_HEARD = ("source", "last_entry_at")
_wrote = given(*(source.c[name] for name in _HEARD))
_heard = insert(source).from_select(
    ["source", "name", "service", "last_entry_at", "last_contact_at"],
    select(_wrote.c.source, _wrote.c.source, literal(""), _wrote.c.last_entry_at, _wrote.c.last_entry_at),
)
_HEAR = Statement(
    _heard.on_conflict_do_update(
        index_elements=["source"],
        set_={
            "last_entry_at": func.greatest(source.c.last_entry_at, _heard.excluded.last_entry_at),
            "last_contact_at": func.greatest(source.c.last_contact_at, _heard.excluded.last_contact_at),
        },
    )
)


async def told(db: asyncpg.Connection, sources: Iterable[Source]) -> None:
    """Keep what the journal says of its services."""
    rows = [
        (
            each.source,
            each.name,
            each.service,
            date.fromisoformat(each.since) if each.since else None,
            each.contact,
            each.delayed_since,
        )
        for each in sources
    ]
    if rows:
        await db.execute(_TELL.sql, *_TELL.bind(**arrays(_TOLD, rows)))


async def heard(db: asyncpg.Connection, latest: Iterable[tuple[str, datetime]]) -> None:
    """(source, when its newest entry was recorded): a service not heard of before gets its key as its name."""
    rows = sorted(latest)
    if rows:
        await db.execute(_HEAR.sql, *_HEAR.bind(**arrays(_HEARD, rows)))
