"""The log of the person who is here: all of it as lines, the rows of one line, or every row to take along.

Each is one round trip. Nobody reads somebody else's log: row security shows none of it under a permit.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import BigInteger, ColumnElement, Uuid, and_, bindparam, case, func, literal_column, select

from innsyn.access.lookups.tables import lookup
from innsyn.access.opening import Question, ReadSession, many, reader
from innsyn.access.reader import Reader
from innsyn.access.tables import log
from innsyn.access.visibility import line_or_stub, visible
from innsyn.journal.fhir.reading import OSLO
from innsyn.journal.outbox import states_of
from innsyn.records.access_log import parts
from innsyn.records.access_log.contacts import contact_of
from innsyn.records.access_log.kept import Kept, kept_lookup, kept_reading
from innsyn.records.access_log.parts import MOST_LOOKUPS, MOST_READINGS, as_json, day_of, within
from innsyn.records.access_log.questions import Asked, asked
from innsyn.records.access_log.readings import Reading, Readings, often
from innsyn.records.access_log.rules import Contact, Group, Seen, Written, groups_of
from innsyn.records.entries import entry
from innsyn.records.refusals import NoSuchEntry

MOST_ROWS = 500
# What one file holds; a period gives the rest.
MOST_EXPORTED = 10_000
_MOST: ColumnElement[int] = literal_column(str(MOST_EXPORTED))
_AROUND: ColumnElement[Any] = literal_column("interval '60 days'")
_MOST_PEOPLE = 50
_EPOCH = date(1970, 1, 1)


class Period(NamedTuple):
    """From `begin` and before `end`. None: from the beginning, until now."""

    begin: datetime | None = None
    end: datetime | None = None


class Log(NamedTuple):
    """All that the log says of a period. `cut`: there is more than can be told at once."""

    reader: Reader
    groups: list[Group]
    readings: list[Readings]
    services: dict[str, str]
    questions: dict[UUID, Asked]
    cut: bool


class Opened(NamedTuple):
    """One line of look-ups: the group, its rows newest first, and what has become of the question about it."""

    reader: Reader
    group: Group
    rows: list[Seen]
    services: dict[str, str]
    question: Asked | None


class Read(NamedTuple):
    """One line of readings, and its rows newest first."""

    reader: Reader
    readings: Readings
    rows: list[Reading]


_around = {
    "contacts": many(parts.contacts),
    "written": many(parts.written),
    "services": many(parts.services),
    "questions": many(states_of(reader.c.subject_id, "Task")),
    "replies": many(parts.replies),
}
_LOG = Question(
    "access_log.list",
    seen=many(parts.seen(within(lookup.c.at))),
    readings=many(parts.readings()),
    names=many(parts.names),
    **_around,
)
_this = lookup.alias("this")
_same_unit = and_(
    _this.c.person_id == lookup.c.person_id,
    _this.c.lookup_id == bindparam("lookup", type_=Uuid),
    *(lookup.c[name] == _this.c[name] for name in ("source", "organisation", "unit")),
    lookup.c.at.between(_this.c.at - _AROUND, _this.c.at + _AROUND),
)
_ONE_GROUP = Question(
    "access_log.lookups",
    seen=many(parts.seen(select(_this.c.at).where(_same_unit).correlate(lookup).exists(), singly=True)),
    **_around,
)
_row = log.alias("row")
_line = func.convert_from(line_or_stub(entry, reader), literal_column("'UTF8'"))
_ONE_DAY = Question(
    "access_log.readings",
    rows=many(
        select(
            as_json(
                id=log.c.log_id,
                at=log.c.at,
                session=log.c.session_id,
                purpose=log.c.purpose,
                rule=log.c.rule,
                actor=case((parts.other, log.c.actor_id)),
                act=log.c.act,
                refused=log.c.refused,
                line=_line,
            )
        )
        .select_from(_row)
        .join(
            log,
            and_(
                *(log.c[name] == _row.c[name] for name in ("subject_id", "actor_id", "rule")),
                day_of(log.c.at) == day_of(_row.c.at),
            ),
        )
        .outerjoin(entry, and_(visible(entry, reader), entry.c.entry_id == log.c.entry_id))
        .where(
            _row.c.subject_id == reader.c.subject_id,
            _row.c.log_id == bindparam("log_id", type_=BigInteger),
        )
        .order_by(log.c.log_id.desc())
        .limit(literal_column(str(MOST_ROWS)))
    ),
    names=many(parts.names),
)

_EXPORT = Question(
    "access_log.export",
    lookups=many(parts.exported_lookups.limit(_MOST)),
    rows=many(parts.exported_readings.limit(_MOST)),
    names=many(parts.names),
    services=many(parts.services),
)


class _WrittenDays(msgspec.Struct, frozen=True):
    source: str
    days: tuple[int, ...]


class _Named(msgspec.Struct, frozen=True):
    key: str
    name: str


_seen_in = msgspec.json.Decoder(Seen).decode
_readings_in = msgspec.json.Decoder(Readings).decode
_reading_in = msgspec.json.Decoder(Reading).decode


async def log_of(db: ReadSession, period: Period) -> Log:
    """Everything of this period. Raises NotLoggedIn."""
    reader_, row = await db.ask(_LOG, begin=period.begin, end=period.end)
    groups, readings = _groups(row), _readings(row)
    looked = sum(each.n for each in groups)
    read = sum(each.n + each.acts + each.refused for each in readings)
    cut = looked >= MOST_LOOKUPS or read >= MOST_READINGS
    return Log(reader_, groups, readings, _named(row["services"]), _questions(row), cut)


async def lookups_of(db: ReadSession, lookup_id: UUID) -> Opened:
    """The look-ups told together with this one. Raises NoSuchEntry: not there and somebody else's look the same."""
    reader_, row = await db.ask(_ONE_GROUP, lookup=lookup_id)
    group = next((each for each in _groups(row) if lookup_id in each.ids), None)
    if group is None:
        raise NoSuchEntry
    rows = [each for each in map(_seen, row["seen"]) if each.id in group.ids]
    rows.sort(key=lambda each: (each.last, each.id), reverse=True)
    questions = _questions(row)
    question = next((questions[each] for each in group.asked if each in questions), None)
    return Opened(reader_, group, rows[:MOST_ROWS], _named(row["services"]), question)


async def readings_of(db: ReadSession, log_id: int) -> Read:
    """The day of readings that this row of the log is part of. Raises NoSuchEntry."""
    reader_, row = await db.ask(_ONE_DAY, log_id=log_id)
    rows = [_reading_in(each) for each in row["rows"]]
    if not rows:
        raise NoSuchEntry
    return Read(reader_, _day(rows, _named(row["names"])), rows)


async def rows_of(db: ReadSession, period: Period) -> tuple[Reader, list[Kept]]:
    """Every row of this period, newest first, the MOST_EXPORTED newest of look-ups and readings together."""
    reader_, row = await db.ask(_EXPORT, begin=period.begin, end=period.end)
    names, services = _named(row["names"]), _named(row["services"])
    found = [kept_lookup(each, services) for each in row["lookups"]]
    found += [kept_reading(each, names, reader_.subject_name) for each in row["rows"]]
    found.sort(key=lambda each: (each.at, each.id), reverse=True)
    return reader_, found[:MOST_EXPORTED]


def _day(rows: Sequence[Reading], names: Mapping[str, str]) -> Readings:
    newest = rows[0]
    return Readings(
        id=newest.id,
        day=newest.at.astimezone(OSLO).date(),
        first=rows[-1].at,
        last=newest.at,
        actor=newest.actor,
        name=names.get(str(newest.actor), ""),
        rule=newest.rule,
        sessions=len({each.session for each in rows}),
        n=sum(not each.act and not each.refused for each in rows),
        acts=sum(each.act and not each.refused for each in rows),
        refused=sum(each.refused for each in rows),
        what=tuple(often((each.purpose, 1) for each in rows if not each.refused)),
    )


def _groups(row: Any) -> list[Group]:  # noqa: ANN401 - a row
    contacts: Sequence[Contact] = [
        contact for each in row["contacts"] if (contact := contact_of(each)) is not None
    ]
    days = [msgspec.json.decode(each, type=_WrittenDays) for each in row["written"]]
    written: Written = {each.source: [_EPOCH + timedelta(days=day) for day in each.days] for each in days}
    return groups_of(map(_seen, row["seen"]), contacts, written)


def _seen(told: str) -> Seen:
    seen = _seen_in(told)
    areas = tuple(dict.fromkeys(word for words in seen.areas for word in words.split()))
    return msgspec.structs.replace(seen, areas=areas, people=seen.people[:_MOST_PEOPLE])


def _readings(row: Any) -> list[Readings]:  # noqa: ANN401 - a row
    names = _named(row["names"])
    return [
        msgspec.structs.replace(each, what=tuple(often(each.what)), name=names.get(str(each.actor), ""))
        for each in map(_readings_in, row["readings"])
    ]


def _named(told: Sequence[str]) -> dict[str, str]:
    return {each.key: each.name for each in (msgspec.json.decode(one, type=_Named) for one in told)}


def _questions(row: Any) -> dict[UUID, Asked]:  # noqa: ANN401 - a row
    return asked(row["questions"], row["replies"])
