"""The one predicate: may this reader see this row?"""

from typing import Any, Final

from sqlalchemy import ColumnElement, FromClause, and_, case, func, literal_column, or_, select

# What a permit calls the appointments that have been; 'encounters' alone are the coming ones.
PAST_APPOINTMENTS: Final = "encounters.past"
_NONE: Final[ColumnElement[Any]] = literal_column("0")
_APPOINTMENTS: Final[ColumnElement[Any]] = literal_column("'encounters'")


def visible(row: FromClause, reader: FromClause) -> ColumnElement[bool]:
    """True for rows of the opened record that this reader may be shown, as they are or as a placeholder.

    Row-level security holds all of this as well (migrations/access.py); this is the first lock, that is the second.
    """
    return and_(_admitted(row, reader), or_(row.c.release_at <= reader.c.at, row.c.stub.is_not(None)))


def open_to(row: FromClause, reader: FromClause) -> ColumnElement[bool]:
    """True for rows whose content this reader may see now."""
    return and_(_admitted(row, reader), row.c.release_at <= reader.c.at)


def _admitted(row: FromClause, reader: FromClause) -> ColumnElement[bool]:
    """The person, the group of readers, the kinds the permit is for, and nothing that is kept from this group."""
    return and_(
        row.c.person_id == reader.c.subject_id,
        row.c.audience.op("&")(reader.c.audience) != _NONE,
        or_(
            reader.c.kinds.is_(None),
            and_(
                row.c.kind == func.any(reader.c.kinds),
                or_(
                    row.c.kind != _APPOINTMENTS,
                    row.c.occurred_at > reader.c.at,
                    literal_column(f"'{PAST_APPOINTMENTS}'") == func.any(reader.c.kinds),
                ),
            ),
        ),
        # Looked up, and not compared one by one: there may be hundreds.
        or_(
            func.cardinality(reader.c.hidden) == _NONE,
            row.c.entry_id.not_in(select(func.unnest(reader.c.hidden)).correlate(None)),
        ),
    )


def line_or_stub(row: FromClause, reader: FromClause) -> ColumnElement[Any]:
    """The line of a visible row: itself when it is released, else its placeholder.

    What has opened since this reader last looked says so (`opened`): to them it is new, however long it has been here.
    """
    return case(
        (
            and_(row.c.release_at > reader.c.new_since, row.c.release_at <= reader.c.at),
            _opened(row.c.release_at).op("||")(func.substring(row.c.line, _SECOND)),
        ),
        (row.c.release_at <= reader.c.at, row.c.line),
        else_=row.c.stub,
    )


_SECOND: Final[ColumnElement[Any]] = literal_column("2")
_ISO: Final[ColumnElement[Any]] = literal_column("""'YYYY-MM-DD"T"HH24:MI:SS"Z"'""")
_BEGINS: Final[ColumnElement[Any]] = literal_column("""'{"opened":"'""")
_ENDS: Final[ColumnElement[Any]] = literal_column("""'",'""")


def _opened(at: ColumnElement[Any]) -> ColumnElement[Any]:
    instant = func.to_char(func.timezone(literal_column("'UTC'"), at), _ISO)
    return func.convert_to(_BEGINS.op("||")(instant).op("||")(_ENDS), literal_column("'UTF8'"))
