"""What must be hidden together: a result with its panel, its report and all their other parts.

A part that was left would tell of the whole, and a whole that was left would count its parts.
"""

from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select

from innsyn.records.entries import claim


def grown(start: Select[Any]) -> Select[Any]:
    """`start` (person_id, entry_id, from_audience) with all that hangs together with it, come or not: one row each."""
    group = start.cte("grown", recursive=True)
    is_member = claim.c.member_id == group.c.entry_id
    other_end = case((is_member, claim.c.panel_id), else_=claim.c.member_id)
    group = group.union(
        select(group.c.person_id, other_end, group.c.from_audience)
        .select_from(group)
        .join(
            claim,
            and_(
                claim.c.person_id == group.c.person_id,
                or_(is_member, claim.c.panel_id == group.c.entry_id),
            ),
        )
    )
    key = (group.c.person_id, group.c.entry_id)
    return select(*key, func.bit_or(group.c.from_audience).label("from_audience")).group_by(*key)
