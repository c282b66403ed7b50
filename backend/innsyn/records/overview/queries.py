"""The first page in one round trip."""

from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Text, and_, case, cast, extract, func, literal, literal_column, or_, select

from innsyn.access.opening import Question, ReadSession, many, one, reader
from innsyn.access.reader import Reader
from innsyn.access.visibility import line_or_stub, open_to, visible
from innsyn.records.entries import entry
from innsyn.records.kinds import Kind
from innsyn.records.sources import Source, read_sources, sources_of


class Area(msgspec.Struct, frozen=True):
    """How much there is of a kind: in all, in force now, and since which year (0: none)."""

    kind: str
    count: int
    active: int
    since: int


class Overview(NamedTuple):
    """Lines are JSON as prepared."""

    reader: Reader
    next: bytes | None
    news: list[bytes]
    news_count: int
    areas: list[Area]
    allergies: list[bytes]
    sources: list[Source]


# Somebody who has never been here has seen nothing: the last two weeks of the journal are news then.
_is_new = and_(
    visible(entry, reader),
    entry.c.panel_id.is_(None),
    or_(
        entry.c.landed_at > reader.c.new_since,
        and_(
            reader.c.new_since.is_(None),
            entry.c.recorded_at > reader.c.at - literal_column("interval '14 days'"),
        ),
    ),
)
_in_force: Any = and_(
    entry.c.status == literal("active"),
    # A placeholder does not tell whether what it holds back is in force.
    open_to(entry, reader),
    or_(entry.c.kind != Kind.ENCOUNTERS.value, entry.c.occurred_at > reader.c.at),
)
_earliest: Any = func.timezone(literal_column("'Europe/Oslo'"), func.min(entry.c.occurred_at))
_area = cast(
    func.json_build_object(
        "kind", entry.c.kind,
        "count", func.count(),
        "active", func.count(case((_in_force, 1))),
        "since", cast(extract("year", _earliest), entry.c.audience.type),
    ),
    Text,
)  # fmt: skip

_OVERVIEW = Question(
    "overview",
    next=one(
        select(entry.c.line)
        .where(
            open_to(entry, reader),
            entry.c.kind == literal(Kind.ENCOUNTERS.value),
            entry.c.status == literal("active"),
            entry.c.occurred_at > reader.c.at,
        )
        .order_by(entry.c.occurred_at, entry.c.entry_id)
        .limit(literal_column("1"))
    ),
    news=many(
        select(line_or_stub(entry, reader))
        .where(_is_new)
        .order_by(entry.c.recorded_at.desc(), entry.c.entry_id)
        .limit(literal_column("5"))
    ),
    news_count=one(select(func.count()).where(_is_new)),
    areas=many(
        select(_area).where(visible(entry, reader), or_(entry.c.panel_id.is_(None))).group_by(entry.c.kind)
    ),
    allergies=many(
        select(entry.c.line)
        .where(
            open_to(entry, reader),
            entry.c.kind == literal(Kind.ALLERGIES.value),
            entry.c.status == literal("active"),
        )
        .order_by(entry.c.occurred_at.desc())
        .limit(literal_column("20"))
    ),
    sources=sources_of,
)


async def overview_of(db: ReadSession) -> Overview:
    """What the first page shows."""
    reader_, row = await db.ask(_OVERVIEW)
    areas = [msgspec.json.decode(each, type=Area) for each in row["areas"]]
    return Overview(
        reader_,
        row["next"],
        row["news"],
        row["news_count"],
        areas,
        row["allergies"],
        read_sources(row["sources"]),
    )
