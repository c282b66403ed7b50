"""Messages to rows, in the transaction of their batch. The threads that they make are gathered by the database."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import asyncpg
from sqlalchemy import and_, case, delete, func, literal, or_, select, true, update
from sqlalchemy.dialects.postgresql import insert

from innsyn.db.batches import arrays, given
from innsyn.db.statements import Statement
from innsyn.journal.lookup import id_of
from innsyn.journal.projected import Noted
from innsyn.messages import files_writing
from innsyn.messages.naming import id_named
from innsyn.messages.said import Message, Said
from innsyn.messages.tables import message, message_before

SERVICE: Final = "HealthcareService"
_KEY: Final = ("person_id", "message_id")
_ROW: Final = (
    *("person_id", "message_id", "thread_id", "sent_at", "side", "author", "unit_id", "unit_ref", "unit"),
    *("handed_to_ref", "handed_to", "kind", "topic", "about_kind", "about_id", "about_entry", "is_sensitive"),
    *("is_recalled", "text", "answers", "landed_at", "feed", "resource_id", "landed_version"),
)
_rows = given(*(message.c[name] for name in _ROW))
_same = and_(message.c.person_id == _rows.c.person_id, message.c.message_id == _rows.c.message_id)


def _plain(text: Any) -> Any:  # noqa: ANN401 - columns
    """Where only the line breaks are others it is no correction."""
    return func.regexp_replace(func.btrim(text), r"\s+", " ", "g")


def _is_later(than: Any, new: Any) -> Any:  # noqa: ANN401
    """Two resources may say the same message: then the last that came."""
    return or_(
        than.resource_id.is_(None),
        than.resource_id != new.resource_id,
        new.landed_version >= than.landed_version,
    )


def _corrects(before: Any, new: Any) -> Any:  # noqa: ANN401
    """What was recalled said nothing, and what is not back yet is ours until then."""
    return and_(
        before.feed.is_not(None),
        ~before.is_recalled,
        _is_later(before, new),
        _plain(before.text) != _plain(new.text),
    )


_BEFORE: Final = Statement(
    insert(message_before)
    .from_select(
        ["person_id", "message_id", "version", "text", "until"],
        select(
            message.c.person_id, message.c.message_id, message.c.version, message.c.text, _rows.c.landed_at
        )
        .join(_rows, _same)
        .where(_corrects(message.c, _rows.c), ~_rows.c.is_recalled),
    )
    .on_conflict_do_nothing()
)
_put = insert(message).from_select([*_ROW], select(*_rows.c))
_new = _put.excluded
_is_ours = message.c.author_id.is_not(None)


def _unless_ours(name: str) -> Any:  # noqa: ANN401
    """Who wrote it here, and when, is better known here."""
    return case((_is_ours, message.c[name]), else_=_new[name])


def _if_told(name: str) -> Any:  # noqa: ANN401
    return func.coalesce(func.nullif(_new[name], literal("")), message.c[name])


_PUT: Final = Statement(
    _put.on_conflict_do_update(
        index_elements=_KEY,
        set_={
            **{name: _new[name] for name in ("handed_to_ref", "handed_to", "is_sensitive", "is_recalled")},
            **{name: _new[name] for name in ("thread_id", "text", "feed", "resource_id", "landed_version")},
            **{name: _unless_ours(name) for name in ("sent_at", "side", "author")},
            **{
                name: _if_told(name)
                for name in ("unit_ref", "unit", "kind", "topic", "about_kind", "about_id")
            },
            **{
                name: func.coalesce(_new[name], message.c[name])
                for name in ("unit_id", "about_entry", "answers")
            },
            "version": message.c.version + case((_corrects(message.c, _new), 1), else_=0),
            "corrected_at": case((_corrects(message.c, _new), _new.landed_at), else_=message.c.corrected_at),
        },
        where=_is_later(message.c, _new),
    )
)
# Of one that was never here nothing is told.
_RECALL: Final = Statement(
    update(message)
    .where(_same, _is_later(message.c, _rows.c))
    .values(
        is_recalled=true(),
        text="",
        feed=_rows.c.feed,
        resource_id=_rows.c.resource_id,
        landed_version=_rows.c.landed_version,
    )
)
_of = given(message.c.person_id, message.c.message_id)
_FORGET: Final = Statement(
    delete(message_before).where(
        message_before.c.person_id == _of.c.person_id, message_before.c.message_id == _of.c.message_id
    )
)
_THREADS: Final = Statement(
    select(message.c.person_id, message.c.message_id, message.c.thread_id).join(
        _of, and_(message.c.person_id == _of.c.person_id, message.c.message_id == _of.c.message_id)
    )
)
_RESOURCE: Final = ("person_id", "resource_id")
_from = given(message.c.person_id, message.c.resource_id)
_GONE: Final = Statement(
    delete(message).where(
        message.c.person_id == _from.c.person_id, message.c.resource_id == _from.c.resource_id
    )
)
_kept = given(message.c.resource_id, message.c.message_id)
# A later version may have fewer messages than the one before, or others.
_LEFT_OUT: Final = Statement(
    delete(message).where(
        message.c.resource_id.in_(select(_kept.c.resource_id)),
        message.c.message_id.not_in(select(_kept.c.message_id)),
    )
)
_thread = given(message.c.person_id, message.c.message_id, message.c.thread_id)
# What answered a message before that came was thought to be in a thread of its own.
_SETTLE: Final = Statement(
    update(message)
    .where(
        message.c.person_id == _thread.c.person_id,
        message.c.thread_id == _thread.c.message_id,
        _thread.c.thread_id != _thread.c.message_id,
    )
    .values(thread_id=_thread.c.thread_id)
)

Rows = dict[tuple[UUID, UUID], tuple[Message, dict[str, Any]]]


async def put(db: asyncpg.Connection, feed: str, noted: Sequence[Noted]) -> None:
    """What the Communications of a batch say, in place of what each said before."""
    said = [(each, each.row) for each in noted if isinstance(each.row, Said)]
    rows: Rows = {}
    for each, row in sorted(said, key=lambda one: one[0].landed.position):
        for told in row.messages:
            values = _row(feed, each, told)
            rows.pop((each.person_id, values["message_id"]), None)
            rows[each.person_id, values["message_id"]] = (told, values)
    if not rows:
        return
    await _find_threads(db, feed, rows)
    stands = [row for told, row in rows.values() if not told.is_recalled]
    taken_back = [row for told, row in rows.values() if told.is_recalled]
    if stands:
        await _run(db, _BEFORE, _ROW, stands)
        await _run(db, _PUT, _ROW, stands)
        await _run(db, _SETTLE, ("person_id", *_KEY[1:], "thread_id"), stands)
    if taken_back:
        await _run(db, _RECALL, _ROW, taken_back)
        await _run(db, _FORGET, _KEY, taken_back)
    await _run(db, _LEFT_OUT, ("resource_id", "message_id"), [row for _, row in rows.values()])
    await files_writing.put(db, [(row, told.files) for told, row in rows.values()])


async def remove(db: asyncpg.Connection, keys: Sequence[tuple[UUID, UUID]]) -> None:
    """The messages of these resources (person, id of the resource) are nobody's any longer."""
    if keys:
        await db.execute(_GONE.sql, *_GONE.bind(**arrays(_RESOURCE, keys)))


def unit_id_of(feed: str, ref: str) -> UUID | None:
    """The unit that `Kind/id` is; None for something else."""
    kind, _, id_ = ref.partition("/")
    return id_of(feed, (SERVICE, id_)) if kind == SERVICE else None


def _row(feed: str, noted: Noted, told: Message) -> dict[str, Any]:
    landed = noted.landed
    values = {name: _kept_text(getattr(told, name)) for name in _ROW if hasattr(told, name)}
    return values | {
        "person_id": noted.person_id,
        "message_id": id_named(feed, told.name),
        "thread_id": id_named(feed, told.thread) if told.thread else None,
        "answers": id_named(feed, told.answers) if told.answers else None,
        "unit_id": unit_id_of(feed, told.unit_ref),
        "about_entry": id_of(feed, (told.about_kind, told.about_id)) if told.about_kind else None,
        "landed_at": landed.landed_at,
        "feed": feed,
        "resource_id": id_of(feed, landed.key),
        "landed_version": landed.version,
    }


async def _find_threads(db: asyncpg.Connection, feed: str, rows: Rows) -> None:  # noqa: ARG001 - as its caller
    """A message that tells none is in the thread of what it answers, or begins one."""
    lacking = {key: row for key, (_, row) in rows.items() if row["thread_id"] is None}
    asked = {(key[0], row["answers"]) for key, row in lacking.items() if row["answers"]}
    found: dict[tuple[UUID, UUID], UUID] = {}
    if asked:
        told = await db.fetch(_THREADS.sql, *_THREADS.bind(**arrays(_KEY, sorted(asked))))
        found = {(each["person_id"], each["message_id"]): each["thread_id"] for each in told}
    found |= {key: row["thread_id"] for key, (_, row) in rows.items() if row["thread_id"] is not None}
    for key, row in lacking.items():
        row["thread_id"] = _root(key, lacking, found)


def _root(
    key: tuple[UUID, UUID],
    lacking: Mapping[tuple[UUID, UUID], Mapping[str, Any]],
    found: Mapping[tuple[UUID, UUID], UUID],
) -> UUID:
    seen = {key}
    while True:
        above = lacking[key]["answers"] if key in lacking else None
        if above is None:
            return key[1]
        key = (key[0], above)
        if key in found:
            return found[key]
        if key in seen:
            return min(id_ for _, id_ in seen)
        seen.add(key)


async def _run(
    db: asyncpg.Connection, statement: Statement, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]
) -> None:
    # In one order, so that two batches do not wait for each other.
    ordered = sorted(rows, key=lambda row: (str(row["person_id"]), str(row["message_id"])))
    values = arrays(columns, [[row[name] for name in columns] for row in ordered])
    await db.execute(statement.sql, *statement.bind(**values))


def _kept_text(value: object) -> object:
    """PostgreSQL's text has no place for U+0000."""
    return value.replace("\0", "") if isinstance(value, str) else value
