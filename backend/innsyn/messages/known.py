"""Whether the person whose record is open has had to do with a unit."""

from typing import Any, Final

from sqlalchemy import ColumnElement, FromClause, Text, cast, column, func, literal_column, or_, select, table

from innsyn.messages.tables import thread

_JSON: Any = literal_column("'UTF8'")
# By its name: what the record holds is another slice's to describe (migrations/shown.py).
_entry: Final = table("entry", column("person_id"), column("line"), schema="shown")


def knows(person: ColumnElement[Any], unit: FromClause) -> ColumnElement[bool]:
    """There is a thread with this unit (a row of message.unit), or an entry that its organisation has written."""
    told = func.convert_from(_entry.c.line, _JSON).op("::json ->> ")(literal_column("'organisation'"))
    # Of the record as a whole, and not of each unit: it is read once, however many units there are.
    wrote = (
        select(cast(told, Text))
        .where(_entry.c.person_id == person, cast(told, Text).is_not(None))
        .correlate(None)
        .distinct()
    )
    return or_(
        select(thread.c.thread_id)
        .where(thread.c.person_id == person, thread.c.unit_id == unit.c.unit_id)
        .exists(),
        unit.c.organisation.in_(wrote),
        unit.c.name.in_(wrote),
    )
