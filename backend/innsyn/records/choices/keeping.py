"""The worker's part of what is hidden: a part that comes later is hidden with its whole, from the first moment."""

from collections.abc import Iterable
from uuid import UUID

import asyncpg
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from innsyn.access.tables import hidden
from innsyn.db.batches import given
from innsyn.db.statements import Statement
from innsyn.records.choices.group import grown

_persons = given(hidden.c.person_id)
_start = select(hidden.c.person_id, hidden.c.entry_id, hidden.c.from_audience).where(
    hidden.c.person_id == _persons.c.person_id
)
_group = grown(_start).subquery("group")
_COLUMNS = ["person_id", "entry_id", "from_audience", "by_id"]
_keep = insert(hidden).from_select(_COLUMNS, select(*_group.c, _group.c.person_id))
_KEEP = Statement(
    _keep.on_conflict_do_update(
        index_elements=["person_id", "entry_id"],
        set_={"from_audience": hidden.c.from_audience.op("|")(_keep.excluded.from_audience)},
        where=hidden.c.from_audience.op("&")(_keep.excluded.from_audience) != _keep.excluded.from_audience,
    )
)


async def keep(db: asyncpg.Connection, persons: Iterable[UUID]) -> None:
    """Hide what has come to hang together with something that one of these persons has hidden."""
    await db.execute(_KEEP.sql, *_KEEP.bind(person_ids=sorted(persons)))
