"""The one predicate: may this reader see this row?"""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, case, literal_column, or_


def visible(row: FromClause, reader: FromClause) -> ColumnElement[bool]:
    """True for rows of the opened record that this reader may be shown, as they are or as a placeholder.

    Row-level security holds the person as well; this is the first lock, that is the second.
    """
    return and_(
        row.c.person_id == reader.c.subject_id,
        row.c.audience.op("&")(reader.c.audience) != literal_column("0"),
        or_(row.c.release_at <= reader.c.at, row.c.stub.is_not(None)),
    )


def open_to(row: FromClause, reader: FromClause) -> ColumnElement[bool]:
    """True for rows whose content this reader may see now."""
    return and_(
        row.c.person_id == reader.c.subject_id,
        row.c.audience.op("&")(reader.c.audience) != literal_column("0"),
        row.c.release_at <= reader.c.at,
    )


def line_or_stub(row: FromClause, reader: FromClause) -> ColumnElement[Any]:
    """The line of a visible row: itself when it is released, else its placeholder."""
    return case((row.c.release_at <= reader.c.at, row.c.line), else_=row.c.stub)
