"""The parts that questions about the log are put together from: SQL, each with one column of JSON."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    DateTime,
    Select,
    Subquery,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    column,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by

from innsyn.access.lookups.tables import lookup
from innsyn.access.opening import reader
from innsyn.access.tables import log
from innsyn.access.visibility import open_to, visible
from innsyn.journal.outbox_tables import outbox
from innsyn.journal.tables import source as service
from innsyn.records.entries import entry
from innsyn.records.kinds import Kind

# So much of a log is told at once; a period asks for the rest.
MOST_LINES = 2000
_MOST_CONTACTS = 2000

_begin = bindparam("begin", type_=DateTime(timezone=True))
_end = bindparam("end", type_=DateTime(timezone=True))


def within(at: ColumnElement[datetime]) -> ColumnElement[bool]:
    """In the period that is asked for: parameters `begin` and `end`, either may be None."""
    return and_(or_(_begin.is_(None), at >= _begin), or_(_end.is_(None), at < _end))


def day_of(at: ColumnElement[datetime]) -> ColumnElement[date]:
    """The day in Norway."""
    return cast(func.timezone(literal_column("'Europe/Oslo'"), at), Date)


def as_json(**parts: ColumnElement[Any]) -> ColumnElement[str]:
    """One column: a JSON object with these."""
    pairs: Iterable[tuple[ColumnElement[Any], ...]] = (
        (literal_column(f"'{name}'"), part) for name, part in parts.items()
    )
    return cast(func.json_build_object(*(each for pair in pairs for each in pair)), Text)


def _distinct(value: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.array_agg(value.distinct())


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count().filter(condition)


_asked = lookup.c.lookup_id.in_(
    select(outbox.c.conversation)
    .where(outbox.c.person_id == reader.c.subject_id, outbox.c.resource_type == literal_column("'Task'"))
    .correlate(reader)
)
_newest = aggregate_order_by(lookup.c.lookup_id, lookup.c.at.desc(), lookup.c.lookup_id.desc())
_title_and_name = func.jsonb_build_array(lookup.c.role, lookup.c.name)
_nothing_asked: ColumnElement[Any] = literal_column("'{}'::uuid[]")
_together = (
    day_of(lookup.c.at),
    lookup.c.source,
    lookup.c.organisation,
    lookup.c.unit,
    lookup.c.encounter_id,
)


def seen(*by: ColumnElement[Any]) -> Select[Any]:
    """Look-ups of the opened record by day, unit and contact (and `by`), newest first."""
    return (
        select(
            as_json(
                id=func.array_agg(_newest)[literal_column("1")],
                day=day_of(lookup.c.at),
                first=func.min(lookup.c.at),
                last=func.max(lookup.c.at),
                n=func.count(),
                source=lookup.c.source,
                organisation=lookup.c.organisation,
                unit=lookup.c.unit,
                unit_reference=func.max(lookup.c.unit_reference),
                encounter=lookup.c.encounter_id,
                people=func.json_agg(_title_and_name.distinct()),
                reasons=_distinct(lookup.c.reason),
                decisions=_distinct(lookup.c.decision),
                acts=_distinct(lookup.c.act),
                areas=_distinct(func.array_to_string(lookup.c.areas, literal_column("' '"))),
                emergency=_count(lookup.c.emergency),
                chosen=_count(lookup.c.self_authorised),
                refused=_count(lookup.c.refused),
                by_patient=_count(lookup.c.by_patient),
                asked=func.coalesce(func.array_agg(lookup.c.lookup_id).filter(_asked), _nothing_asked),
                told=func.max(lookup.c.told),
                service=func.max(lookup.c.service),
            )
        )
        .where(lookup.c.person_id == reader.c.subject_id)
        .group_by(*_together, *by)
        .order_by(func.max(lookup.c.at).desc(), literal_column("1"))
        .limit(literal_column(str(MOST_LINES)))
    )


other = log.c.actor_id != log.c.subject_id


def readings() -> Select[Any]:
    """Readings and acts in the opened record by day, person and rule, newest first."""
    c = _once().c
    let_in = c.refused.is_(False)
    none: ColumnElement[int] = literal_column("0")
    what = func.json_agg(func.json_build_array(c.purpose, c.n)).filter(let_in)
    return (
        select(
            as_json(
                id=func.max(c.id),
                day=c.day,
                first=func.min(c.first),
                last=func.max(c.last),
                actor=case((c.other, c.actor_id)),
                rule=c.rule,
                sessions=func.count(c.session_id.distinct()),
                n=func.coalesce(func.sum(c.n).filter(let_in, c.act.is_(False)), none),
                acts=func.coalesce(func.sum(c.n).filter(let_in, c.act), none),
                refused=func.coalesce(func.sum(c.n).filter(c.refused), none),
                what=func.coalesce(what, literal_column("'[]'::json")),
            )
        )
        .group_by(c.day, c.actor_id, c.other, c.rule)
        .order_by(func.max(c.last).desc(), literal_column("1"))
        .limit(literal_column(str(MOST_LINES)))
    )


def _once() -> Subquery:
    by = (log.c.actor_id, log.c.rule, log.c.session_id, log.c.purpose, log.c.act, log.c.refused)
    return (
        select(
            day_of(log.c.at).label("day"),
            *by,
            other.label("other"),
            func.max(log.c.log_id).label("id"),
            func.min(log.c.at).label("first"),
            func.max(log.c.at).label("last"),
            func.count().label("n"),
        )
        .where(log.c.subject_id == reader.c.subject_id, within(log.c.at))
        .correlate(reader)
        .group_by(day_of(log.c.at), log.c.subject_id, *by)
        .subquery("once")
    )


# Every row, with all that is taken along of it.
exported_lookups = (
    select(
        as_json(
            id=lookup.c.lookup_id,
            at=lookup.c.at,
            **{
                name: lookup.c[name]
                for name in (
                    "told",
                    "name",
                    "role",
                    "unit",
                    "organisation",
                    "act",
                    "areas",
                    "reason",
                    "decision",
                    "emergency",
                    "self_authorised",
                    "by_patient",
                    "refused",
                    "source",
                )
            },
        )
    )
    .where(lookup.c.person_id == reader.c.subject_id, within(lookup.c.at))
    .order_by(lookup.c.at.desc(), lookup.c.lookup_id)
)
exported_readings = (
    select(
        as_json(
            id=log.c.log_id,
            at=log.c.at,
            session=log.c.session_id,
            purpose=log.c.purpose,
            rule=log.c.rule,
            actor=case((other, log.c.actor_id)),
            act=log.c.act,
            refused=log.c.refused,
            entry=log.c.entry_id,
        )
    )
    .where(log.c.subject_id == reader.c.subject_id, within(log.c.at))
    .order_by(log.c.log_id.desc())
)

_names = func.access.names_in_log().table_valued(column("actor_id", Uuid), column("name", Text), name="names")
# The person is named, so that the record is open before anybody's name is asked for.
names = select(as_json(key=_names.c.actor_id, name=_names.c.name)).where(reader.c.subject_id.is_not(None))


def _bytes(text: str) -> ColumnElement[Any]:
    return literal_column(f"'{text}'::bytea")


# [line, detail] of what a look-up can have been about, as they were prepared.
contacts = (
    select(
        _bytes("[")
        .op("||")(entry.c.line)
        .op("||")(_bytes(","))
        .op("||")(entry.c.detail)
        .op("||")(_bytes("]"))
    )
    .where(
        open_to(entry, reader),
        or_(*(entry.c.kind == literal_column(f"'{kind}'") for kind in (Kind.ENCOUNTERS, Kind.REFERRALS))),
    )
    .order_by(entry.c.occurred_at.desc(), entry.c.entry_id)
    .limit(literal_column(str(_MOST_CONTACTS)))
)

_days = (
    select(entry.c.source, (day_of(entry.c.occurred_at) - literal_column("'1970-01-01'::date")).label("day"))
    .where(visible(entry, reader))
    .correlate(reader)
    .distinct()
    .subquery("days")
)
# Which days each service has written about, counted from 1970.
written = select(
    as_json(source=_days.c.source, days=func.array_agg(aggregate_order_by(_days.c.day, _days.c.day)))
).group_by(_days.c.source)

services = select(as_json(key=service.c.source, name=service.c.name)).where(
    service.c.source.in_(
        select(lookup.c.source).where(lookup.c.person_id == reader.c.subject_id).correlate(reader)
    )
)
