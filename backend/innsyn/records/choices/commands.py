"""Deciding about one entry of one's own."""

from uuid import UUID

from sqlalchemy import Integer, bindparam, delete, func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.types import Uuid

from innsyn.access.acting import Act
from innsyn.access.audience import Audience
from innsyn.access.tables import hidden
from innsyn.access.wishes import commands as wishes
from innsyn.access.wishes.tables import shown_now
from innsyn.db.statements import Statement
from innsyn.records.choices.group import grown
from innsyn.records.entries import entry
from innsyn.records.refusals import NoSuchEntry

_person = bindparam("person_id", type_=Uuid)
_this = bindparam("entry_id", type_=Uuid)
_mine = (entry.c.person_id == _person, entry.c.entry_id == _this)
# Hidden is hidden from everybody else, by whichever rule they come: a parent at twelve is a helper, with a certificate
# or a fullmakt, before or after sixteen, and what was kept from the one is kept from the other.
_OTHERS = Audience.PARENT_OF_CHILD | Audience.PARENT_OF_YOUTH | Audience.HELPER

# Row-level security shows only what the person here may see: what is not there can not be chosen.
_SHOW_NOW = Statement(
    insert(shown_now)
    .from_select(["person_id", "entry_id"], select(entry.c.person_id, entry.c.entry_id).where(*_mine))
    .on_conflict_do_update(index_elements=["person_id", "entry_id"], set_={"at": func.now()})
    .returning(shown_now.c.entry_id)
)
_start = select(
    entry.c.person_id, entry.c.entry_id, literal(int(_OTHERS), Integer).label("from_audience")
).where(*_mine)
_group = grown(_start).subquery("group")
_hide = insert(hidden).from_select(
    ["person_id", "entry_id", "from_audience", "by_id"],
    select(*_group.c, bindparam("by_id", type_=Uuid)),
)
_hidden = (
    _hide.on_conflict_do_update(
        index_elements=["person_id", "entry_id"],
        set_={"from_audience": hidden.c.from_audience.op("|")(_hide.excluded.from_audience)},
    )
    .returning(hidden.c.entry_id)
    .cte("hid")
)
_HIDE = Statement(select(func.count()).select_from(_hidden))
_together = grown(
    select(hidden.c.person_id, hidden.c.entry_id, hidden.c.from_audience).where(
        hidden.c.person_id == _person, hidden.c.entry_id == _this
    )
).subquery("together")
_again = (
    delete(hidden)
    .where(hidden.c.person_id == _together.c.person_id, hidden.c.entry_id == _together.c.entry_id)
    .returning(hidden.c.entry_id)
    .cte("again")
)
_SHOW_AGAIN = Statement(select(func.count()).select_from(_again))


async def show_now(act: Act, entry_id: UUID) -> None:
    """Lift the own wish from this entry and its parts; what the source says stays. Raises NoSuchEntry."""
    found = await act.db.value(_SHOW_NOW, person_id=act.author.subject_id, entry_id=entry_id)
    if found is None:
        raise NoSuchEntry
    await wishes.call_for_wishes(act)


async def hide(act: Act, entry_id: UUID) -> None:
    """Keep this entry, and all that hangs together with it, from everybody else. Raises NoSuchEntry."""
    author = act.author
    if not await act.db.value(_HIDE, person_id=author.subject_id, entry_id=entry_id, by_id=author.actor_id):
        raise NoSuchEntry
    # A part that is coming just now has not seen this, nor this it: the worker looks once more.
    await wishes.call_for_wishes(act)


async def show_again(act: Act, entry_id: UUID) -> None:
    """Hide it, and what was hidden with it, from nobody any longer. Raises NoSuchEntry where nothing is hidden."""
    if not await act.db.value(_SHOW_AGAIN, person_id=act.author.subject_id, entry_id=entry_id):
        raise NoSuchEntry
