"""Beginning a form, keeping what is typed, and throwing it away."""

from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, case, delete, func, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.types import Integer, LargeBinary, Uuid

from innsyn.access.acting import Act
from innsyn.db.statements import Statement
from innsyn.forms.drafts.rules import KEPT
from innsyn.forms.drafts.tables import draft, draft_kept

_person = bindparam("person_id", type_=Uuid)
_this = bindparam("draft_id", type_=Uuid)
_mine = (draft.c.person_id == _person, draft.c.draft_id == _this)
_GIVEN: Final = (
    *(
        "person_id",
        "draft_id",
        "author_id",
        "occasion",
        "task_id",
        "questionnaire_id",
        "session_id",
        "answers",
    ),
)
_FIRST: Final = ("person_id", "draft_id", "revision", "author_id", "questionnaire_id", "answers")

_FORGET = Statement(select(func.form.forget_drafts()))
_begun = (
    insert(draft)
    .values({name: bindparam(name, type_=draft.c[name].type) for name in _GIVEN})
    # Begun again, it is the one that is there. (It changes nothing, and so gives the row that is there.)
    .on_conflict_do_update(
        index_elements=["person_id", "author_id", "occasion"], set_={"revision": draft.c.revision}
    )
    .returning(*(draft.c[name] for name in _FIRST))
    .cte("begun")
)
_first_kept = (
    insert(draft_kept)
    .from_select(_FIRST, select(*(_begun.c[name] for name in _FIRST)))
    .on_conflict_do_nothing()
    .cte("kept")
)
_BEGIN = Statement(select(_begun.c.draft_id).add_cte(_first_kept))

# What a page holds that something has been merged into, and does not show: its next save is about that.
_page = bindparam("mine", type_=LargeBinary)
_saved = (
    update(draft)
    .where(*_mine, draft.c.revision == bindparam("revision", type_=Integer))
    .values(
        revision=draft.c.revision + case((_page.is_(None), literal_column("1")), else_=literal_column("2")),
        saved_at=func.now(),
        **{
            name: bindparam(f"new_{name}", type_=draft.c[name].type)
            for name in ("answers", "questionnaire_id", "step", "lost")
        },
    )
    .returning(*(draft.c[name] for name in _FIRST), draft.c.saved_at)
    .cte("saved")
)
_kept = insert(draft_kept).from_select(_FIRST, select(*(_saved.c[name] for name in _FIRST))).cte("kept")
_shown = (
    insert(draft_kept)
    .from_select(
        _FIRST,
        select(
            *(_saved.c[name] for name in _FIRST[:2]),
            _saved.c.revision - literal_column("1"),
            *(_saved.c[name] for name in _FIRST[3:5]),
            _page,
        ).where(_page.is_not(None)),
    )
    .cte("shown")
)
_old = (
    delete(draft_kept)
    .where(
        draft_kept.c.person_id == _person,
        draft_kept.c.draft_id == _this,
        draft_kept.c.revision <= select(_saved.c.revision - literal_column(str(KEPT))).scalar_subquery(),
    )
    .cte("old")
)
_SAVE = Statement(select(_saved.c.revision, _saved.c.saved_at).add_cte(_kept, _shown, _old))
_GO = Statement(update(draft).where(*_mine).values(step=bindparam("to", type_=Integer)))
_SEEN = Statement(update(draft).where(*_mine).values(lost=bindparam("nothing", type_=LargeBinary)))
_DISCARD = Statement(delete(draft).where(*_mine).returning(draft.c.draft_id))


class Begun(NamedTuple):
    """What a draft begins with."""

    occasion: UUID
    task_id: UUID | None
    questionnaire_id: UUID
    # None where the draft outlives the login.
    session_id: UUID | None
    answers: bytes


class Version(NamedTuple):
    """What to keep of a draft: answers as engine/values.py writes them, `lost` as queries.py reads it."""

    questionnaire_id: UUID
    answers: bytes
    step: int
    lost: bytes = b""


async def start(act: Act, draft_id: UUID, begun: Begun) -> UUID:
    """The id of the draft for this occasion: a new one with this id, or the one that was begun before."""
    author = act.author
    await act.db.value(_FORGET)
    found: UUID = await act.db.value(
        _BEGIN,
        person_id=author.subject_id,
        author_id=author.actor_id,
        draft_id=draft_id,
        **begun._asdict(),
    )
    return found


async def save(
    act: Act, draft_id: UUID, revision: int, version: Version, mine: bytes | None = None
) -> tuple[int, datetime]:
    """Keep a new revision after this one; the number and time of it.

    `mine`: what a page holds that does not show all of it; that is kept as the revision before. Acts of one person come
    one after another, and a draft has one author: nobody else has kept one since it was read.
    """
    row = await act.db.row(
        _SAVE,
        person_id=act.author.subject_id,
        draft_id=draft_id,
        revision=revision,
        mine=mine,
        **{f"new_{name}": value for name, value in version._asdict().items()},
    )
    assert row is not None, "the draft was read in this act"  # noqa: S101 - what the lock of acts gives
    return row["revision"], row["saved_at"]


async def go_to(act: Act, draft_id: UUID, step: int) -> None:
    """Remember where the person is, so that any device goes on there."""
    await act.db.value(_GO, person_id=act.author.subject_id, draft_id=draft_id, to=step)


async def forget_lost(act: Act, draft_id: UUID) -> None:
    """The person has seen what a new version of the form had no place for."""
    await act.db.value(_SEEN, person_id=act.author.subject_id, draft_id=draft_id, nothing=b"")


async def discard(act: Act, draft_id: UUID) -> bool:
    """Throw it away, with all that was kept of it. False where there was none."""
    gone = await act.db.value(_DISCARD, person_id=act.author.subject_id, draft_id=draft_id)
    return gone is not None
