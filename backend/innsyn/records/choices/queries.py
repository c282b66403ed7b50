"""One entry to decide about, and all that is hidden."""

from uuid import UUID

from sqlalchemy import bindparam, exists, select
from sqlalchemy.types import Uuid

from innsyn.access.opening import Question, ReadSession, many, one, reader
from innsyn.access.reader import Reader
from innsyn.access.tables import hidden
from innsyn.access.visibility import line_or_stub, visible
from innsyn.records.entries import Line, entry, read_line
from innsyn.records.refusals import NoSuchEntry

_ENTRY = Question(
    "choices.entry",
    line=one(
        select(line_or_stub(entry, reader)).where(
            visible(entry, reader), entry.c.entry_id == bindparam("chosen", type_=Uuid)
        )
    ),
)
_whole = hidden.alias("whole")
_HIDDEN = Question(
    "choices.hidden",
    lines=many(
        select(line_or_stub(entry, reader))
        .select_from(hidden)
        .join(entry, entry.c.entry_id == hidden.c.entry_id)
        .where(
            hidden.c.person_id == reader.c.subject_id,
            visible(entry, reader),
            # What is hidden as a part is shown again with its whole.
            ~exists().where(_whole.c.person_id == entry.c.person_id, _whole.c.entry_id == entry.c.panel_id),
        )
        .order_by(hidden.c.at.desc(), entry.c.occurred_at.desc(), entry.c.entry_id)
    ),
)


async def line_of(db: ReadSession, entry_id: UUID) -> tuple[Reader, Line]:
    """The line of an entry of one's own. Raises NoSuchEntry."""
    reader_, row = await db.ask(_ENTRY, chosen=entry_id)
    if row["line"] is None:
        raise NoSuchEntry
    return reader_, read_line(row["line"])


async def hidden_by(db: ReadSession) -> tuple[Reader, list[Line]]:
    """What the person here has hidden from others, newest choice first."""
    reader_, row = await db.ask(_HIDDEN)
    return reader_, [read_line(each) for each in row["lines"]]
