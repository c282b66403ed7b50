"""What the two parties do with a fullmakt. Each move changes the row, and what follows from it, in one transaction."""

from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import DateTime, Interval, Text, Uuid, bindparam, delete, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from innsyn.access.acting import Act, StepUpNeeded
from innsyn.access.audience import Audience
from innsyn.access.book.facts import Standing
from innsyn.access.book.rule import Book
from innsyn.access.fullmakt import codes, rules
from innsyn.access.fullmakt.levels import Given
from innsyn.access.fullmakt.queries import columns, joined, read_fullmakt
from innsyn.access.fullmakt.refusals import NotTheirs
from innsyn.access.fullmakt.rules import Fullmakt, Move, Party, Reason, State
from innsyn.access.fullmakt.tables import fullmakt
from innsyn.access.reader import PREVIEW
from innsyn.access.tables import permit
from innsyn.db.statements import Statement
from innsyn.journal.fhir.reading import OSLO

PREVIEW_LASTS: Final = timedelta(hours=1)

_id = bindparam("id", type_=Uuid)
_me = bindparam("me", type_=Uuid)
_ONE = Statement(
    select(*columns)
    .select_from(joined)
    .where(fullmakt.c.fullmakt_id == _id, or_(fullmakt.c.giver_id == _me, fullmakt.c.receiver_id == _me))
    .with_for_update(of=fullmakt)
)
_CHOSEN = (
    *("level", "task", "capabilities", "kinds", "until", "permit_capabilities", "permit_until"),
    *("state", "reason"),
)
_values = {name: bindparam(name, type_=fullmakt.c[name].type) for name in _CHOSEN}
_MAKE = Statement(
    insert(fullmakt)
    .values(giver_id=_me, label=bindparam("label", type_=Text), book=bindparam("book", type_=Text), **_values)
    .returning(fullmakt.c.fullmakt_id)
)
_TIMES = ("invited_until", "active_since", "last_confirmed_at", "ended_at")
_KEEP = Statement(
    update(fullmakt)
    .where(fullmakt.c.giver_id == bindparam("giver", type_=Uuid), fullmakt.c.fullmakt_id == _id)
    .values(**_values, **{name: bindparam(name, type_=fullmakt.c[name].type) for name in _TIMES})
)
_FOLLOW = Statement(select(func.access.follow_fullmakt(_id, bindparam("from_state", type_=Text))))
_LESS = ("level", "capabilities", "kinds", "until", "permit_capabilities", "permit_until")
_REDUCE = Statement(select(func.access.reduce_fullmakt(_id, *(_values[name] for name in _LESS))))
_code = bindparam("code", type_=Text)
_words = bindparam("words", type_=ARRAY(Text))
_INVITE = Statement(select(func.access.invite_by_code(_id, _code, _words)))
_CLAIM = Statement(select(func.access.claim_fullmakt(_code, _words, bindparam("lasts", type_=Interval))))
_STANDINGS = Statement(
    select(
        *func.access.standings(_id)
        .table_valued("person_id", "birth_date", "secret", "deceased", name="standings")
        .c
    )
)
_NO_PREVIEW = Statement(
    delete(permit).where(permit.c.subject_id == _me, permit.c.origin == "preview", permit.c.origin_id == _id)
)
_PREVIEW = Statement(
    insert(permit).values(
        subject_id=_me,
        actor_id=_me,
        handle_on=_id,
        audience=int(Audience.HELPER),
        capabilities=bindparam("capabilities", type_=permit.c.capabilities.type),
        kinds=bindparam("kinds", type_=permit.c.kinds.type),
        valid_from=bindparam("at", type_=DateTime(timezone=True)),
        valid_until=bindparam("until", type_=DateTime(timezone=True)),
        rule=PREVIEW,
        book=bindparam("book", type_=Text),
        origin=PREVIEW,
        origin_id=_id,
    )
)
_HANDLE = Statement(select(func.access.preview_handle(_id)))


async def draft(act: Act, label: str, given: Given, until: datetime, book: Book) -> UUID:
    """Begin one: nobody has got anything yet. Raises MayNotGive."""
    me, _ = await _standings(act, None)
    rules.must_be_able_to_give(me, _today(act), book)
    row = {**_columns(given), "until": until, "permit_until": until, "book": book.key}
    made: UUID = await act.db.value(
        _MAKE, me=act.author.actor_id, label=label, state=State.DRAFT, reason="", **row
    )
    await act.db.value(_FOLLOW, id=made, from_state="")
    return made


async def invite(act: Act, fullmakt_id: UUID, giver_name: str, book: Book) -> str:
    """A code to hand over, which takes the place of the one before. Raises MayNotGive, or why not now."""
    one = await _moving(act, fullmakt_id, Move.INVITE)
    me, _ = await _standings(act, fullmakt_id)
    rules.must_be_able_to_give(me, _today(act), book)
    lasts = act.author.at + rules.INVITATION_LASTS
    await _keep(act, one, state=State.INVITED, reason=Reason.NONE, invited_until=lasts)
    code = codes.new_code()
    await act.db.value(_INVITE, id=fullmakt_id, code=code, words=codes.words_of(giver_name))
    return code


async def claim(act: Act, code: str, giver_name: str, book: Book) -> UUID | None:
    """The fullmakt of this code. None, for whatever reason, is all that is told.

    Raises MayNotReceive for what is so of the person here, whatever the code.
    """
    me, _ = await _standings(act, None)
    rules.must_be_able_to_receive(me, _today(act), book)
    claimed: UUID | None = await act.db.value(
        _CLAIM, code=code, words=codes.words_of(giver_name), lasts=rules.CLAIM_LASTS
    )
    return claimed


async def confirm(act: Act, fullmakt_id: UUID, book: Book) -> State:
    """The right person has used the code: from now on it is open to them.

    Where the two can not have a fullmakt between them, it is taken back instead, and the state tells.
    """
    one = await _moving(act, fullmakt_id, Move.CONFIRM)
    me, other = await _standings(act, fullmakt_id)
    barred = rules.bar_between(me, other or me, _today(act), book)
    if barred:
        await _keep(act, one, state=State.WITHDRAWN, reason=barred, ended_at=act.author.at)
        return State.WITHDRAWN
    await _keep(
        act,
        one,
        state=State.ACTIVE,
        reason=Reason.NONE,
        active_since=act.author.at,
        last_confirmed_at=act.author.at,
    )
    return State.ACTIVE


async def change(act: Act, fullmakt_id: UUID, given: Given, until: datetime, *, wider: bool) -> None:
    """Give this instead. `wider`: the person has just proved who they are. Raises StepUpNeeded where that is needed."""
    one = await _moving(act, fullmakt_id, Move.CHANGE)
    widened = rules.is_wider(one, given, until)
    if widened and one.state is State.ACTIVE and not wider:
        raise StepUpNeeded
    reason = Reason.NONE
    if one.state is State.ACTIVE:
        reason = Reason.WIDENED if widened else Reason.REDUCED
    changed = msgspec.structs.replace(one, given=given, until=until)
    await _keep(act, changed, reason=reason, from_state=one.state)


async def reduce(act: Act, fullmakt_id: UUID, given: Given, until: datetime) -> None:
    """Take less than is given: the receiver's own wish, from the next reading on. Raises NotTheirs for more."""
    one = await _moving(act, fullmakt_id, Move.REDUCE)
    if rules.is_wider(one, given, until):
        raise NotTheirs
    less = msgspec.structs.replace(one, given=given, until=until)
    row = {**_columns(given), "until": until, "permit_until": rules.counts_until(less)}
    await act.db.value(_REDUCE, id=fullmakt_id, **{name: row[name] for name in _LESS})


async def say_still_right(act: Act, fullmakt_id: UUID) -> None:
    """It is as it should be for another year."""
    one = await _moving(act, fullmakt_id, Move.STILL_RIGHT)
    await _keep(act, one, reason=Reason.STILL_RIGHT, last_confirmed_at=act.author.at)


# How each of these moves ends it, and why.
_LEAVING: Final = {
    (Move.REFUSE, Party.GIVER): Reason.WRONG_PERSON,
    (Move.WITHDRAW, Party.GIVER): Reason.GIVER_WITHDREW,
    (Move.DECLINE, Party.RECEIVER): Reason.RECEIVER_DECLINED,
    (Move.END, Party.GIVER): Reason.GIVER_ENDED,
    (Move.END, Party.RECEIVER): Reason.RECEIVER_ENDED,
}


async def leave(act: Act, fullmakt_id: UUID, move: Move) -> None:
    """Refuse, withdraw, decline or end it: from the next reading on it opens nothing."""
    one = await _load(act, fullmakt_id)
    party = _party(act, one)
    state = rules.after(move, one, party, act.author.at)
    await _keep(act, one, state=state, reason=_LEAVING[move, party], ended_at=act.author.at)


async def preview(act: Act, fullmakt_id: UUID) -> str:
    """The handle under which the giver sees the own record as this helper does, for an hour."""
    one = await _moving(act, fullmakt_id, Move.PREVIEW)
    await act.db.value(_NO_PREVIEW, me=act.author.actor_id, id=fullmakt_id)
    await act.db.value(
        _PREVIEW,
        me=act.author.actor_id,
        id=fullmakt_id,
        capabilities=int(one.given.everywhere),
        kinds=one.given.kinds,
        at=act.author.at,
        until=act.author.at + PREVIEW_LASTS,
        book="",
    )
    handle: str | None = await act.db.value(_HANDLE, id=fullmakt_id)
    if handle is None:
        raise NotTheirs
    return handle


async def _moving(act: Act, fullmakt_id: UUID, move: Move) -> Fullmakt:
    """The fullmakt, held until the transaction ends, if the person here may make this move with it now."""
    one = await _load(act, fullmakt_id)
    rules.after(move, one, _party(act, one), act.author.at)
    return one


async def _load(act: Act, fullmakt_id: UUID) -> Fullmakt:
    row = await act.db.row(_ONE, id=fullmakt_id, me=act.author.actor_id)
    if row is None:
        raise NotTheirs
    return read_fullmakt(row)


def _party(act: Act, one: Fullmakt) -> Party:
    return Party.GIVER if one.giver_id == act.author.actor_id else Party.RECEIVER


async def _keep(act: Act, one: Fullmakt, *, from_state: str = "", **changes: Any) -> None:  # noqa: ANN401 - of its own fields
    """Write the row with these changes, and what follows from it: the event, and the permit."""
    kept = msgspec.structs.replace(one, **changes)
    row = {name: getattr(kept, name) for name in (*_TIMES, "state", "reason", "until")}
    row |= {**_columns(kept.given), "permit_until": rules.counts_until(kept)}
    await act.db.value(_KEEP, giver=one.giver_id, id=one.fullmakt_id, **row)
    await act.db.value(_FOLLOW, id=one.fullmakt_id, from_state=from_state or one.state)


def _columns(given: Given) -> dict[str, object]:
    return {
        "level": given.level,
        "task": given.task,
        "capabilities": int(given.capabilities),
        "permit_capabilities": int(given.everywhere),
        "kinds": given.kinds,
    }


async def _standings(act: Act, fullmakt_id: UUID | None) -> tuple[Standing, Standing | None]:
    """What the rules look at, of the person here and of the other party (None: there is none yet)."""
    rows = await act.db.rows(_STANDINGS, id=fullmakt_id)
    found = {
        row["person_id"]: Standing(
            person_id=row["person_id"],
            born=row["birth_date"],
            secret=row["secret"],
            deceased=row["deceased"],
        )
        for row in rows
    }
    me = found.pop(act.author.actor_id)
    return me, next(iter(found.values()), None)


def _today(act: Act) -> date:
    return act.author.at.astimezone(OSLO).date()
