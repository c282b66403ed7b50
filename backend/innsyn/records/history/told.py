"""What may be told of entries that are no longer there, and of what an entry said before: two more predicates."""

from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    and_,
    exists,
    literal_column,
    not_,
    or_,
    select,
)

from innsyn.access.visibility import open_to, visible
from innsyn.records.entries import claim, entry
from innsyn.records.history.tables import claimed_before, taken_back, version

_NONE: Final[ColumnElement[Any]] = literal_column("0")


def told(reader: FromClause) -> ColumnElement[bool]:
    """True for rows of record.taken_back that this reader may hear of: whoever could see the entry as it last was.

    A part is told of with its wholes, also with those that are gone themselves or claim it no longer. What came and
    went at once, nobody has seen. Row-level security holds this as well (migrations/history.py).
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
        visible(taken_back, reader),
        taken_back.c.first_landed_at < taken_back.c.landed_at,
        ~under_others,
        ~_was_under_others(reader),
    )


def _was_under_others(reader: FromClause) -> ColumnElement[bool]:
    """May an entry that is gone have been closed by a whole that would not show it any longer? In doubt: yes."""
    before = claimed_before.alias("before")
    closed = not_(
        and_(before.c.audience.op("&")(reader.c.audience) != _NONE, before.c.release_at <= reader.c.at)
    )
    part, of_part = claim.alias("part"), claim.alias("of_part")
    return or_(
        exists().where(_member(before, taken_back, "entry_id"), or_(closed, _is_part(before))),
        exists().where(_member(part, taken_back, "entry_id"), _is_part(part, claimed_before)),
        exists().where(
            _member(part, taken_back, "entry_id"), _member(of_part, part, "panel_id"), _is_part(of_part)
        ),
    )


def _member(of: FromClause, row: FromClause, named: str) -> ColumnElement[bool]:
    return and_(of.c.person_id == row.c.person_id, of.c.member_id == row.c[named])


def _is_part(whole: FromClause, *by: FromClause) -> ColumnElement[bool]:
    """Does or did anything claim what itself claims?"""
    above = [each.alias() for each in by or (claim, claimed_before)]
    return or_(*(exists().where(_member(each, whole, "panel_id")) for each in above))


def earlier_of(now: FromClause, reader: FromClause, *columns: ColumnElement[Any]) -> Select[Any]:
    """Versions before the one that stands in `now` (a row of record.entry whose content this reader may see)."""
    return (
        select(*columns)
        .select_from(now)
        .join(version, and_(version.c.person_id == now.c.person_id, version.c.entry_id == now.c.entry_id))
        .where(open_to(version, reader), version.c.version < now.c.version)
    )
