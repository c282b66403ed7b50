"""The first page in one round trip."""

from typing import Any, NamedTuple

import msgspec
from sqlalchemy import (
    JSON,
    ColumnElement,
    FromClause,
    Text,
    and_,
    case,
    cast,
    exists,
    extract,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
)

from innsyn.access.opening import Question, ReadSession, many, one, reader
from innsyn.access.reader import Reader
from innsyn.access.visibility import line_or_stub, open_to, visible
from innsyn.forms.tasks import queries as form_tasks
from innsyn.identity.first_login.tables import kin_check
from innsyn.journal.outbox import Undelivered, read_undelivered, undelivered_of
from innsyn.journal.outbox_tables import outbox
from innsyn.messages.queries import unread_of
from innsyn.notifications.queries import unseen
from innsyn.records.entries import entry
from innsyn.records.history.tables import taken_back
from innsyn.records.history.told import told
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
    to_do: list[str]
    to_do_count: int
    unread: int
    notices: int
    next: bytes | None
    news: list[bytes]
    news_count: int
    taken: list[bytes]
    taken_count: int
    areas: list[Area]
    allergies: list[bytes]
    sources: list[Source]
    undelivered: list[Undelivered]


def _told_since(row: FromClause) -> ColumnElement[bool]:
    """What carries a mark (web/wording.py news_of): it came, changed or opened since this reader last looked.

    Of what is withheld nothing is told but that it came.
    """
    came = cast(func.convert_from(row.c.stub, literal_column("'UTF8'")), JSON)["recorded"].as_string()
    since = func.to_char(func.timezone(literal_column("'UTC'"), reader.c.new_since), _ISO)
    return or_(
        and_(
            row.c.release_at <= reader.c.at,
            or_(row.c.landed_at > reader.c.new_since, row.c.release_at > reader.c.new_since),
        ),
        # Read out of the placeholder only where it may be so.
        case(
            (and_(row.c.release_at > reader.c.at, row.c.landed_at > reader.c.new_since), came > since),
            else_=false(),
        ),
    )


_ISO: ColumnElement[str] = literal_column("""'YYYY-MM-DD"T"HH24:MI:SS"Z"'""")
_whole = entry.alias("whole")
# Somebody who has never been here has seen nothing: the last two weeks of the journal are news then.
_is_new = and_(
    visible(entry, reader),
    or_(
        and_(
            _told_since(entry),
            # A result that was corrected by itself, in a panel that was not, stands in no other list.
            or_(
                entry.c.panel_id.is_(None),
                ~exists().where(
                    visible(_whole, reader), _whole.c.entry_id == entry.c.panel_id, _told_since(_whole)
                ),
            ),
        ),
        and_(
            reader.c.new_since.is_(None),
            entry.c.panel_id.is_(None),
            entry.c.recorded_at > reader.c.at - literal_column("interval '14 days'"),
        ),
    ),
)
_is_gone = and_(told(reader), taken_back.c.landed_at > reader.c.new_since)
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

_is_of_kin = exists().where(kin_check.c.outbox_id == outbox.c.outbox_id)
_left: ColumnElement[str] = case((_is_of_kin, literal("kin")), else_=func.lower(outbox.c.resource_type))

_OVERVIEW = Question(
    "overview",
    to_do=form_tasks.to_do,
    to_do_count=form_tasks.to_do_count,
    unread=unread_of(),
    notices=unseen,
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
    news_count=one(select(func.count()).select_from(entry).where(_is_new)),
    taken=many(
        select(taken_back.c.line)
        .where(_is_gone)
        .order_by(taken_back.c.landed_at.desc(), taken_back.c.entry_id)
        .limit(literal_column("5"))
    ),
    taken_count=one(select(func.count()).select_from(taken_back).where(_is_gone)),
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
    undelivered=many(undelivered_of(reader.c.subject_id, reader.c.at, _left)),
)


async def overview_of(db: ReadSession) -> Overview:
    """What the first page shows."""
    reader_, row = await db.ask(_OVERVIEW)
    areas = [msgspec.json.decode(each, type=Area) for each in row["areas"]]
    return Overview(
        reader_,
        row["to_do"],
        row["to_do_count"],
        row["unread"],
        row["notices"],
        row["next"],
        row["news"],
        row["news_count"],
        row["taken"],
        row["taken_count"],
        areas,
        row["allergies"],
        read_sources(row["sources"]),
        [read_undelivered(each) for each in row["undelivered"]],
    )
