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

from innsyn.access.lookups.tables import lookup, reply
from innsyn.access.opening import reader
from innsyn.access.tables import log
from innsyn.access.visibility import open_to, visible
from innsyn.journal.outbox_tables import outbox
from innsyn.journal.tables import source as service
from innsyn.records.entries import entry
from innsyn.records.kinds import Kind

# So much of a log is told at once; a period asks for the rest.
MOST_LOOKUPS = 5000
MOST_READINGS = 10_000
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


_nothing_asked: ColumnElement[Any] = literal_column("'{}'::uuid[]")


def _asked(looked: Subquery) -> ColumnElement[bool]:
    return looked.c.lookup_id.in_(
        select(outbox.c.conversation)
        .where(outbox.c.person_id == reader.c.subject_id, outbox.c.resource_type == literal_column("'Task'"))
        .correlate(reader)
    )


def _looked(*only: ColumnElement[bool]) -> Subquery:
    """The newest look-ups of the opened record, as many as can be told at once."""
    return (
        select(lookup)
        .where(lookup.c.person_id == reader.c.subject_id, *only)
        .correlate(reader)
        .order_by(lookup.c.at.desc())
        .limit(literal_column(str(MOST_LOOKUPS)))
        .subquery("looked")
    )


def seen(*only: ColumnElement[bool], singly: bool = False) -> Select[Any]:
    """Look-ups of the opened record by day, unit and contact (`singly`: one by one)."""
    looked = _looked(*only)
    c = looked.c
    newest = aggregate_order_by(c.lookup_id, c.at.desc(), c.lookup_id.desc())
    asked = func.array_agg(c.lookup_id).filter(_asked(looked))
    together = (day_of(c.at), c.source, c.organisation, c.unit, c.encounter_id)
    return (
        select(
            as_json(
                id=func.array_agg(newest)[literal_column("1")],
                day=day_of(c.at),
                first=func.min(c.at),
                last=func.max(c.at),
                n=func.count(),
                source=c.source,
                organisation=c.organisation,
                unit=c.unit,
                unit_reference=func.max(c.unit_reference),
                encounter=c.encounter_id,
                people=func.json_agg(func.jsonb_build_array(c.role, c.name).distinct()),
                reasons=_distinct(c.reason),
                decisions=_distinct(c.decision),
                acts=_distinct(c.act),
                areas=_distinct(func.array_to_string(c.areas, literal_column("' '"))),
                emergency=_count(c.emergency),
                chosen=_count(c.self_authorised),
                refused=_count(c.refused),
                by_patient=_count(c.by_patient),
                asked=func.coalesce(asked, _nothing_asked),
                told=func.max(c.told),
                service=func.max(c.service),
            )
        )
        .select_from(looked)
        .group_by(*together, *((c.lookup_id,) if singly else ()))
    )


other = log.c.actor_id != log.c.subject_id


def readings() -> Select[Any]:
    """Readings and acts in the opened record by day, person and rule."""
    c = _once().c
    let_in = c.refused.is_(False)
    none: ColumnElement[int] = literal_column("0")
    what = func.json_agg(func.json_build_array(c.purpose, c.n)).filter(let_in)
    return select(
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
    ).group_by(c.day, c.actor_id, c.other, c.rule)


def _once() -> Subquery:
    read = (
        select(log)
        .where(log.c.subject_id == reader.c.subject_id, within(log.c.at))
        .correlate(reader)
        .order_by(log.c.log_id.desc())
        .limit(literal_column(str(MOST_READINGS)))
        .subquery("read")
    )
    c = read.c
    by = (c.actor_id, c.rule, c.session_id, c.purpose, c.act, c.refused)
    return (
        select(
            day_of(c.at).label("day"),
            *by,
            (c.actor_id != c.subject_id).label("other"),
            func.max(c.log_id).label("id"),
            func.min(c.at).label("first"),
            func.max(c.at).label("last"),
            func.count().label("n"),
        )
        .group_by(day_of(c.at), c.subject_id, *by)
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

replies = select(as_json(id=reply.c.request_id, standing=reply.c.standing, words=reply.c.words)).where(
    reply.c.person_id == reader.c.subject_id
)
