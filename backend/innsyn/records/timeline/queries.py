"""Lists of entries: everything, one kind, or what some words are found in."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from asyncpg import Record
from sqlalchemy import (
    ColumnElement,
    DateTime,
    Select,
    Text,
    Uuid,
    bindparam,
    case,
    func,
    literal,
    literal_column,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY

from innsyn.access.opening import Question, ReadSession, many, one, reader
from innsyn.access.reader import Reader
from innsyn.access.visibility import line_or_stub, open_to, visible
from innsyn.records.entries import entry, id_of
from innsyn.records.kinds import Kind
from innsyn.records.sources import Source, read_sources, sources_of

MOST = 50
# Medications in use, open diagnoses, coming appointments: what is in force stands first, however old it is.
GROUPED = frozenset(
    {
        Kind.MEDICATIONS,
        Kind.ALLERGIES,
        Kind.DIAGNOSES,
        Kind.ENCOUNTERS,
        Kind.REFERRALS,
        Kind.CARE_PLANS,
        Kind.CARE_TEAM,
    }
)
_MOST_GROUPED = 1000


class Wanted(NamedTuple):
    """What the citizen asks to see: `rows` entries (at most MOST) after the one with the id `cursor`."""

    kind: Kind | None = None
    source: str | None = None
    begin: datetime | None = None
    end: datetime | None = None
    words: str = ""
    cursor: UUID | None = None
    rows: int = MOST


class Answer(NamedTuple):
    """`lines` are JSON, as they were prepared; `cursor` continues the list (None: there is no more)."""

    reader: Reader
    lines: list[bytes]
    cursor: UUID | None
    sources: Sequence[Source] = ()
    kinds: Sequence[Kind] = ()


_kind = bindparam("kind", type_=Text)
_source = bindparam("source", type_=Text)
_cursor = bindparam("cursor", type_=Uuid)
_after = entry.alias("after")
_cursor_at = one(
    # One of class 4 is no place in the list either: it would tell when it was.
    select(_after.c.occurred_at).where(visible(_after, reader), _after.c.entry_id == _cursor)
)
_LAST: ColumnElement[Any] = literal_column("'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid")
_END_OF_TIME: ColumnElement[Any] = literal_column("'infinity'::timestamptz")
_BEGIN_OF_TIME: ColumnElement[Any] = literal_column("'-infinity'::timestamptz")
_found = entry.c.words.op("@@")(
    func.to_tsquery(literal_column("'norwegian'::regconfig"), bindparam("words", type_=Text))
)


# A panel stands for its parts, but words can be found in a part alone.
_WHOLE = entry.c.panel_id.is_(None)
# The same, said so that the timeline's index does not offer itself for one kind: a rare one lies far apart in it.
_WHOLE_OF_KIND = func.coalesce(entry.c.panel_id, entry.c.entry_id) == entry.c.entry_id


def _given(value: ColumnElement[Any], otherwise: ColumnElement[Any]) -> ColumnElement[Any]:
    """A bound of the index. (Under row-level security COALESCE is none: PostgreSQL does not hold it leakproof.)"""
    return case((value.is_not(None), value), else_=otherwise)


# Only in the questions that have one of them: the first page of everything is what is asked for most.
_WITHIN = (
    or_(_source.is_(None), entry.c.source == _source),
    entry.c.occurred_at >= _given(bindparam("begin", type_=DateTime(timezone=True)), _BEGIN_OF_TIME),
    entry.c.occurred_at < _given(bindparam("end", type_=DateTime(timezone=True)), _END_OF_TIME),
    tuple_(entry.c.occurred_at, entry.c.entry_id)
    < tuple_(_given(_cursor_at, _END_OF_TIME), _given(_cursor, _LAST)),
)


def _rows(*only: ColumnElement[bool]) -> Select[Any]:
    """Visible rows, newest first."""
    return (
        select(line_or_stub(entry, reader))
        .where(visible(entry, reader), *only)
        .order_by(entry.c.occurred_at.desc(), entry.c.entry_id.desc())
        .limit(literal_column(str(MOST + 1)))
    )


def _grouped() -> Select[Any]:
    in_force = case((entry.c.status == literal("active"), 0), else_=1)
    return (
        select(line_or_stub(entry, reader))
        .where(
            visible(entry, reader),
            _WHOLE,
            entry.c.kind == _kind,
            or_(_source.is_(None), entry.c.source == _source),
        )
        .order_by(in_force, entry.c.occurred_at.desc(), entry.c.entry_id.desc())
        .limit(literal_column(str(_MOST_GROUPED)))
    )


# Which kinds this person has: one probe of the index for each kind, not a walk through all entries.
_each_kind = (
    func.unnest(literal_column("ARRAY[" + ",".join(f"'{kind}'" for kind in Kind) + "]"))
    .table_valued("kind", name="each_kind")
    .render_derived(name="each_kind")
)
_kinds = many(
    select(_each_kind.c.kind).where(
        # Not EXISTS: the planner would make a join of it, with all that the person has.
        select(literal(1))
        .where(visible(entry, reader), entry.c.kind == _each_kind.c.kind)
        .correlate(reader, _each_kind)
        .limit(literal_column("1"))
        .scalar_subquery()
        .is_not(None)
    )
)
_around = {"sources": sources_of, "kinds": _kinds}
# Words are searched for in what may be read now; a placeholder must not tell what it holds back.
_search = (_found, open_to(entry, reader))
_of_kind = entry.c.kind == _kind


def _lists(purpose: str, *only: ColumnElement[bool]) -> tuple[tuple[Question, Question], ...]:
    """[narrowed][alone]: with what stands around it on its page, and alone for programs."""
    return tuple(
        (Question(f"{purpose}.{page}", lines=lines, **_around), Question(f"{purpose}.api", lines=lines))
        for page, lines in (
            ("page", many(_rows(*only))),
            # Not all that is new stands in it: it is no look at that (migrations/history.py).
            ("narrowed", many(_rows(*only, *_WITHIN))),
        )
    )


_ALL = _lists("timeline.all", _WHOLE)
_OF_KIND = _lists("timeline.kind", _WHOLE_OF_KIND, _of_kind)
_FOUND = _lists("timeline.search", *_search)
_FOUND_OF_KIND = _lists("timeline.search_kind", _of_kind, *_search)
# For words that are found nowhere: the most similar ones of this record (pg_trgm). Of what may be read now only, and of
# this person only: a suggestion must not tell what somebody else's journal holds.
_typed = (
    func.unnest(bindparam("typed", type_=ARRAY(Text))).table_valued("word", name="typed").render_derived()
)
_lexeme = (
    func.unnest(entry.c.words).table_valued("lexeme", "positions", "weights", name="lexeme").render_derived()
)
_own = (
    select(_lexeme.c.lexeme)
    .select_from(entry, _lexeme)
    .where(open_to(entry, reader))
    .distinct()
    .cte("own_words")
)
_likeness = func.similarity(_own.c.lexeme, _typed.c.word)
_nearest = (
    select(_own.c.lexeme)
    .where(_likeness > literal_column("0.3"))
    .order_by(_likeness.desc(), _own.c.lexeme)
    .limit(literal_column("1"))
    .correlate(_typed)
    .scalar_subquery()
)
_MEANT = Question("timeline.search.meant", words=many(select(func.coalesce(_nearest, _typed.c.word))))
_IN_GROUPS = Question("timeline.groups.page", lines=many(_grouped()), **_around)


async def entries_of(db: ReadSession, wanted: Wanted) -> Answer:
    """A page of the list, with the sources and kinds of the record."""
    row, lines, cursor, reader_ = await _ask(db, wanted, alone=False)
    return Answer(reader_, lines, cursor, read_sources(row["sources"]), _in_order(row["kinds"]))


async def meant_by(db: ReadSession, typed: list[str]) -> list[str]:
    """The words of this record that are most like those typed; a word that nothing is like stays as it is."""
    _, row = await db.ask(_MEANT, typed=typed)
    words: list[str] = row["words"]
    return words


async def lines_of(db: ReadSession, wanted: Wanted) -> Answer:
    """The same list alone."""
    _, lines, cursor, reader_ = await _ask(db, wanted, alone=True)
    return Answer(reader_, lines, cursor)


async def _ask(
    db: ReadSession, wanted: Wanted, *, alone: bool
) -> tuple[Record, list[bytes], UUID | None, Reader]:
    which = (
        (_FOUND_OF_KIND if wanted.words else _OF_KIND) if wanted.kind else (_FOUND if wanted.words else _ALL)
    )
    within: dict[str, Any] = {
        "source": wanted.source,
        "begin": wanted.begin,
        "end": wanted.end,
        "cursor": wanted.cursor,
    }
    narrowed = any(value is not None for value in within.values())
    values = within if narrowed else {}
    if wanted.kind:
        values["kind"] = wanted.kind.value
    if wanted.words:
        values["words"] = wanted.words
    reader_, row = await db.ask(which[narrowed][alone], **values)
    lines = row["lines"]
    cursor = id_of(lines[wanted.rows - 1]) if len(lines) > wanted.rows else None
    return row, lines[: wanted.rows], cursor, reader_


async def groups_of(db: ReadSession, kind: Kind, source: str | None) -> Answer:
    """Everything of a kind, what is in force first."""
    reader_, row = await db.ask(_IN_GROUPS, kind=kind.value, source=source)
    return Answer(reader_, row["lines"], None, read_sources(row["sources"]), _in_order(row["kinds"]))


def _in_order(kinds: list[str]) -> list[Kind]:
    return [kind for kind in Kind if kind in kinds]
