"""What was asked for in an address, read into what the query wants. One reading for the pages and for the API."""

import re
from datetime import date, datetime, time, timedelta
from typing import Annotated, NamedTuple
from uuid import UUID

from litestar.di import NamedDependency
from litestar.params import QueryParameter

from innsyn.access.opening import ReadSession
from innsyn.journal.fhir.reading import OSLO
from innsyn.records.kinds import Kind
from innsyn.records.timeline.queries import MOST, Wanted
from innsyn.records.timeline.views import FieldError, Filter
from innsyn.records.wording import as_tsquery

# A day and a cursor in the one form that the document describes: Python itself would take a week of a year for a day.
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
CURSOR = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


Typed = Annotated[str, QueryParameter(max_length=200)]


class Asked(NamedTuple):
    """What stood in the address."""

    filter: Filter
    cursor: str
    rows: int

    @property
    def wanted(self) -> tuple[Wanted, list[FieldError]]:
        """What can be understood of it, and what can not."""
        return wanted_by(self.filter, self.cursor, self.rows)


def asked_for(
    # Not read here: two dependencies that know nothing of each other become two tasks, which costs more than both.
    read_db: NamedDependency[ReadSession],  # noqa: ARG001
    only: Annotated[str, QueryParameter(name="kind", max_length=200)] = "",
    source: Typed = "",
    from_: Annotated[str, QueryParameter(name="from", max_length=200)] = "",
    to: Typed = "",
    q: Typed = "",
    cursor: Typed = "",
    # Few enough that a page costs little on a poor line; "more" is one tap away.
    rows: Annotated[int, QueryParameter(ge=10, le=MOST)] = 20,
) -> Asked:
    """A dependency: the list's parameters."""
    return Asked(Filter(kind=only, source=source, from_=from_, to=to, q=q), cursor, rows)


def wanted_by(asked: Filter, cursor: str, rows: int = MOST) -> tuple[Wanted, list[FieldError]]:
    """What can be understood of the filter, and an error for each field that can not: the rest still counts."""
    errors: list[FieldError] = []
    kind = _kind(asked.kind, errors)
    begin = _day(asked.from_, "from", errors)
    end = _day(asked.to, "to", errors)
    if begin and end and begin > end:
        errors.append(FieldError("to", "filter.error.order"))
    return (
        Wanted(
            kind=kind,
            source=asked.source or None,
            begin=_midnight(begin) if begin else None,
            # The last day is asked for whole.
            end=_midnight(end + timedelta(days=1)) if end else None,
            words=as_tsquery(asked.q),
            cursor=_cursor(cursor, errors),
            rows=rows,
        ),
        errors,
    )


def _kind(typed: str, errors: list[FieldError]) -> Kind | None:
    if not typed:
        return None
    try:
        return Kind(typed)
    except ValueError:
        errors.append(FieldError("kind", "filter.error.kind"))
        return None


def _day(typed: str, field: str, errors: list[FieldError]) -> date | None:
    if not typed:
        return None
    try:
        day = date.fromisoformat(typed) if DAY.fullmatch(typed) else None
    except ValueError:
        day = None
    if day is None:
        errors.append(FieldError(field, "filter.error.date"))
        return None
    # The day after must exist too.
    return min(max(day, date(1800, 1, 1)), date(9000, 1, 1))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=OSLO)


def _cursor(typed: str, errors: list[FieldError]) -> UUID | None:
    if not typed:
        return None
    if not CURSOR.fullmatch(typed):
        errors.append(FieldError("cursor", "filter.error.cursor"))
        return None
    return UUID(typed)
