"""Form tasks to rows, in the transaction of their batch."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import asyncpg
from sqlalchemy import Column, DateTime, Text, cast, delete, func, literal_column, select
from sqlalchemy.dialects.postgresql import insert

from innsyn.db.batches import arrays, given
from innsyn.db.statements import Statement
from innsyn.forms.tables import task
from innsyn.forms.tasks.views import Asked
from innsyn.journal.lookup import id_of
from innsyn.journal.projected import Became, Noted
from innsyn.journal.versions import Landed

_KIND: Final = "Task"
# An array of arrays would have to be square: a list goes in as one text and is split there.
_LISTS: Final = {"questionnaire", "may_fill", "remind_at"}
_MARK: Final = "\x1f"
_BETWEEN: Any = literal_column(r"E'\x1f'")
_ROW: Final = tuple(c.name for c in task.c if c.name not in {"reminded_at", "remind_next"})
_rows = given(*(Column(name, Text) if name in _LISTS else task.c[name] for name in _ROW))


def _stored(name: str) -> Any:  # noqa: ANN401 - columns of any type
    column = _rows.c[name]
    if name not in _LISTS:
        return column
    return cast(func.string_to_array(column, _BETWEEN), task.c[name].type).label(name)


_at: Any = literal_column("at", DateTime(timezone=True))
_put = insert(task).from_select(
    [*_ROW, "remind_next"],
    select(
        *map(_stored, _ROW),
        select(func.min(_at))
        .select_from(func.unnest(_stored("remind_at").element).alias("at"))
        .scalar_subquery(),
    ),
)
_left = (
    select(func.min(_at))
    .select_from(func.unnest(_put.excluded.remind_at).alias("at"))
    # What was reminded of is not reminded of again, also where the Task is told anew.
    .where(_at > literal_column("coalesce(task.reminded_at, '-infinity')"))
    .scalar_subquery()
)
_PUT: Final = Statement(
    _put.on_conflict_do_update(
        index_elements=["person_id", "task_id"],
        set_={
            **{name: _put.excluded[name] for name in _ROW if name not in {"person_id", "task_id"}},
            "remind_next": _left,
        },
        where=_put.excluded.landed_version >= task.c.landed_version,
    )
)
_KEY: Final = ("person_id", "task_id")
_keys = given(task.c.person_id, task.c.task_id)
_REMOVE: Final = Statement(
    delete(task).where(task.c.person_id == _keys.c.person_id, task.c.task_id == _keys.c.task_id)
)


async def take(db: asyncpg.Connection, feed: str, became: Became, gone: Sequence[Landed]) -> None:
    """Put the tasks of a batch in place and take away those that are taken back or nobody's (any more)."""
    keys = [
        (each.known_person, id_of(feed, each.key))
        for each in gone
        if each.kind == _KIND and each.known_person is not None
    ]
    if keys:
        await db.execute(_REMOVE.sql, *_REMOVE.bind(**arrays(_KEY, keys)))
    rows = [_row(feed, each, each.row) for each in became.noted if isinstance(each.row, Asked)]
    if rows:
        await db.execute(_PUT.sql, *_PUT.bind(**arrays(_ROW, rows)))


def _row(feed: str, noted: Noted, asked: Asked) -> tuple[object, ...]:
    landed = noted.landed
    values: dict[str, object] = {
        **{name: _kept(getattr(asked, name)) for name in _ROW if hasattr(asked, name)},
        "person_id": noted.person_id,
        "task_id": id_of(feed, landed.key),
        "feed": feed,
        "key": f"{landed.kind}/{landed.id}",
        "questionnaire": _kept(tuple(_in_feed(feed, name) for name in asked.questionnaire)),
        "source": landed.source,
        "landed_version": landed.version,
    }
    return tuple(values[name] for name in _ROW)


def _in_feed(feed: str, name: str) -> str:
    """The id of a resource means one thing in each feed."""
    kind, _, told = name.partition(":")
    return f"ref:{feed}/{told}" if kind == "ref" else name


def _kept(value: object) -> object:
    """PostgreSQL's text has no place for U+0000."""
    if isinstance(value, tuple):
        return _MARK.join(
            each.isoformat() if isinstance(each, datetime) else str(each).replace("\0", "").replace(_MARK, "")
            for each in value
        )
    return value.replace("\0", "") if isinstance(value, str) else value
