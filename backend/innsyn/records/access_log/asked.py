"""What stands in the address of the log, and what of it can be understood."""

import re
from datetime import date, datetime, time, timedelta
from typing import Annotated, NamedTuple

from litestar.params import QueryParameter

from innsyn.journal.fhir.reading import OSLO
from innsyn.records.access_log.queries import Period
from innsyn.records.access_log.views import WHO, FieldError, Filter

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PLACE = re.compile(r"([0-9]{1,17})\.([lr][0-9a-f]{1,32})")
_FIRST, _LAST = date(1900, 1, 1), date(9000, 1, 1)

Typed = Annotated[str, QueryParameter(max_length=200)]


class Asked(NamedTuple):
    """The filter as typed, the period in it, where the page begins, and what was wrong."""

    filter: Filter
    period: Period
    after: tuple[int, str] | None
    errors: list[FieldError]


def asked_for(
    from_: Annotated[str, QueryParameter(name="from", max_length=200)] = "",
    to: Typed = "",
    who: Typed = "",
    unit: Typed = "",
    cursor: Typed = "",
) -> Asked:
    """A dependency: the parameters of the log. What can not be understood is named, the rest counts."""
    errors: list[FieldError] = []
    begin, end = _day(from_, "from", errors), _day(to, "to", errors)
    if begin and end and begin > end:
        errors.append(FieldError("to", "filter.error.order"))
    if who and who not in WHO:
        errors.append(FieldError("who", "log.error.who"))
    place = _PLACE.fullmatch(cursor)
    if cursor and not place:
        errors.append(FieldError("cursor", "filter.error.cursor"))
    period = Period(
        begin=_midnight(begin) if begin else None,
        end=_midnight(end + timedelta(days=1)) if end else None,
    )
    typed = Filter(from_=from_, to=to, who=who if who in WHO else "", unit=unit)
    return Asked(typed, period, (int(place[1]), place[2]) if place else None, errors)


def _day(typed: str, field: str, errors: list[FieldError]) -> date | None:
    if not typed:
        return None
    try:
        day = date.fromisoformat(typed) if _DAY.fullmatch(typed) else None
    except ValueError:
        day = None
    if day is None:
        errors.append(FieldError(field, "filter.error.date"))
        return None
    return min(max(day, _FIRST), _LAST)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=OSLO)
