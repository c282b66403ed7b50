"""Keeping what is typed, and throwing it away."""

from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Integer, and_, bindparam, delete, func, insert, literal_column, or_, select, update
from sqlalchemy.types import Uuid

from innsyn.access.acting import Act
from innsyn.db.statements import Statement
from innsyn.messages.commands import sent_of
from innsyn.messages.refusals import NoSuchMessage, TooManyDrafts
from innsyn.messages.rules import MOST_DRAFTS
from innsyn.messages.tables import draft, thread, unit

_person = bindparam("person_id", type_=Uuid)
_author = bindparam("author_id", type_=Uuid)
_this = bindparam("draft_id", type_=Uuid)
_thread = bindparam("thread_id", type_=Uuid)
_mine = and_(draft.c.person_id == _person, draft.c.author_id == _author)
_KEPT: Final = Statement(
    select(draft.c.draft_id, draft.c.revision, draft.c.saved_at, draft.c.topic, draft.c.text, draft.c.kind)
    .where(_mine, or_(draft.c.draft_id == _this, draft.c.thread_id == _thread))
    # The one that is named, before the one that answers the same thread.
    .order_by((draft.c.draft_id == _this).desc())
    .limit(literal_column("1"))
)
_COUNT: Final = Statement(select(func.count()).select_from(draft).where(_mine, draft.c.thread_id.is_(None)))
_THERE: Final = Statement(
    select(
        or_(
            select(thread.c.thread_id)
            .where(thread.c.person_id == _person, thread.c.thread_id == _thread)
            .exists(),
            select(unit.c.unit_id)
            .where(unit.c.unit_id == bindparam("unit_id", type_=Uuid), unit.c.is_active)
            .exists(),
        )
    )
)
_ROW: Final = ("person_id", "draft_id", "author_id", "thread_id", "unit_id", "kind", "topic", "text")
_BEGIN: Final = Statement(
    insert(draft)
    .values({name: bindparam(name, type_=draft.c[name].type) for name in _ROW})
    .returning(draft.c.revision, draft.c.saved_at)
)
_SAVE: Final = Statement(
    update(draft)
    .where(_mine, draft.c.draft_id == _this)
    .values(
        revision=draft.c.revision + literal_column("1", Integer),
        saved_at=func.now(),
        **{name: bindparam(f"new_{name}", type_=draft.c[name].type) for name in ("kind", "topic", "text")},
    )
    .returning(draft.c.revision, draft.c.saved_at)
)
_DISCARD: Final = Statement(delete(draft).where(_mine, draft.c.draft_id == _this))


class Typed(NamedTuple):
    """What a page has of a draft, as it was typed. `revision` 0: the page knows of none that is kept."""

    draft_id: UUID
    thread_id: UUID | None
    unit_id: UUID | None
    kind: str
    topic: str
    text: str
    revision: int


class Kept(NamedTuple):
    """What is kept now. `theirs`: what another page has kept since this one was made, and then this one is not kept."""

    draft_id: UUID
    revision: int
    saved_at: datetime
    theirs: str | None = None


async def save(act: Act, typed: Typed) -> Kept:
    """Keep what is typed after what this page was made of.

    Raises AlreadySent, NoSuchMessage where there is nobody to write to, or TooManyDrafts.
    """
    author = act.author
    whose = {"person_id": author.subject_id, "author_id": author.actor_id}
    row = await act.db.row(_KEPT, **whose, draft_id=typed.draft_id, thread_id=typed.thread_id)
    if row is None:
        return await _begin(act, typed)
    kept = Kept(row["draft_id"], row["revision"], row["saved_at"])
    if (row["topic"], row["text"], row["kind"]) == (typed.topic, typed.text, typed.kind):
        return kept
    # What goes on from what is kept is no other text: its page had not heard yet that it was kept.
    is_other = kept.revision != typed.revision and not typed.text.startswith(row["text"])
    if kept.draft_id != typed.draft_id or is_other:
        return kept._replace(theirs=row["text"])
    saved = await act.db.row(
        _SAVE,
        **whose,
        draft_id=typed.draft_id,
        new_kind=typed.kind,
        new_topic=typed.topic,
        new_text=typed.text,
    )
    assert saved is not None, "it was read in this act"  # noqa: S101 - what the lock of acts gives
    return Kept(typed.draft_id, *saved)


async def kept_beside(act: Act, typed: Typed) -> Kept | None:
    """What another page has kept that this one has not seen, and that would be lost if this one is sent."""
    author = act.author
    whose = {"person_id": author.subject_id, "author_id": author.actor_id}
    row = await act.db.row(_KEPT, **whose, draft_id=typed.draft_id, thread_id=typed.thread_id)
    if row is None or typed.text.startswith(row["text"]):
        return None
    if row["draft_id"] == typed.draft_id and row["revision"] == typed.revision:
        return None
    return Kept(row["draft_id"], row["revision"], row["saved_at"], row["text"])


async def discard(act: Act, draft_id: UUID) -> None:
    """Throw it away, with its files."""
    await act.db.value(
        _DISCARD, person_id=act.author.subject_id, author_id=act.author.actor_id, draft_id=draft_id
    )


async def _begin(act: Act, typed: Typed) -> Kept:
    author = act.author
    if found := await sent_of(act, typed.draft_id):
        raise found
    person = author.subject_id
    if not await act.db.value(_THERE, person_id=person, thread_id=typed.thread_id, unit_id=typed.unit_id):
        raise NoSuchMessage
    if typed.thread_id is None:
        count = await act.db.value(_COUNT, person_id=person, author_id=author.actor_id)
        if count >= MOST_DRAFTS:
            raise TooManyDrafts
    row = await act.db.row(
        _BEGIN,
        person_id=person,
        draft_id=typed.draft_id,
        author_id=author.actor_id,
        thread_id=typed.thread_id,
        unit_id=typed.unit_id,
        kind=typed.kind,
        topic=typed.topic,
        text=typed.text,
    )
    assert row is not None, "an INSERT gives its row"  # noqa: S101 - what RETURNING gives
    return Kept(typed.draft_id, *row)
