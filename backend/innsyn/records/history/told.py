"""What may be told of entries that are no longer there, and of what an entry said before: two more predicates."""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, exists, or_, select

from innsyn.access.visibility import open_to, visible
from innsyn.records.entries import claim, entry
from innsyn.records.history.tables import taken_back, version


def told(reader: FromClause) -> ColumnElement[bool]:
    """True for rows of record.taken_back that this reader may hear of: whoever could see the entry as it last was.

    A part is told of with its wholes. What came and went at once, nobody has seen. Row-level security holds this as
    well (migrations/history.py).
    """
    whole = entry.alias("whole_of_gone")
    shown = exists().where(
        whole.c.person_id == claim.c.person_id,
        whole.c.entry_id == claim.c.panel_id,
        visible(whole, reader),
        or_(whole.c.release_at <= reader.c.at, taken_back.c.stub.is_not(None)),
    )
    under_others = exists().where(
        claim.c.person_id == taken_back.c.person_id,
        claim.c.member_id == taken_back.c.entry_id,
        ~shown,
    )
    return and_(
        visible(taken_back, reader), taken_back.c.first_landed_at < taken_back.c.landed_at, ~under_others
    )


def earlier_of(now: FromClause, reader: FromClause, *columns: ColumnElement[Any]) -> Select[Any]:
    """Versions before the one that stands in `now` (a row of record.entry whose content this reader may see)."""
    return (
        select(*columns)
        .select_from(now)
        .join(version, and_(version.c.person_id == now.c.person_id, version.c.entry_id == now.c.entry_id))
        .where(open_to(version, reader), version.c.version < now.c.version)
    )
