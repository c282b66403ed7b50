"""An entry and what has been written about it, in one round trip."""

from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, literal_column
from sqlalchemy.types import Uuid

from innsyn.access.opening import Question, ReadSession, many
from innsyn.messages.queries import Listed, listed, read_listed
from innsyn.messages.tables import thread
from innsyn.records.history.queries import TakenBackEntry
from innsyn.records.kinds import Kind
from innsyn.records.opened.queries import PARTS, PURPOSE, Opened, answered

_this = bindparam("entry", type_=Uuid)
_ENTRY: Final = Question(
    PURPOSE,
    **PARTS,
    asked=many(
        listed()
        .where(thread.c.about_entry == _this)
        .order_by(thread.c.last_at.desc(), thread.c.thread_id)
        .limit(literal_column("20"))
    ),
)


async def entry_of(
    db: ReadSession, kind: Kind | None, entry_id: UUID
) -> tuple[Opened | TakenBackEntry, list[Listed]]:
    """The entry as records.opened has it, and the threads about it that this reader may see. Raises NoSuchEntry."""
    opened, row = await answered(db, _ENTRY, kind, entry_id)
    return opened, list(map(read_listed, row["asked"]))
