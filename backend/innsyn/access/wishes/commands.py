"""Wishing and asking. What is there already is changed by the worker, what is asked for by the journal."""

from collections.abc import Mapping
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Text, bindparam, case, func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.types import Uuid

from innsyn.access.acting import Act, Author
from innsyn.access.release import Wish
from innsyn.access.wishes.refusals import NoSuchRequest
from innsyn.access.wishes.rules import GROUNDS, OUTCOMES, Request, What
from innsyn.access.wishes.tables import CHANNEL, release_wish, request, wish_due
from innsyn.db.batches import arrays, given
from innsyn.db.statements import Statement
from innsyn.journal import outbox
from innsyn.journal.fhir import consent

_PVK_OUTCOME = "http://nhn.no/fhir/nilar/CodeSystem/pvk-outcome-cs"
_person = bindparam("person_id", type_=Uuid)
_AT_ONCE: ColumnElement[str] = literal(Wish.AT_ONCE.value)

_wished = given(release_wish.c.kind, release_wish.c.wish)
_wish = insert(release_wish).from_select(
    ["person_id", "kind", "wish"],
    select(_person, _wished.c.kind, _wished.c.wish).where(
        or_(
            _wished.c.wish != _AT_ONCE,
            select(release_wish).where(release_wish.c.person_id == _person).exists(),
        )
    ),
)
_WISH = Statement(
    _wish.on_conflict_do_update(
        index_elements=["person_id", "kind"],
        set_={
            "wish": _wish.excluded.wish,
            "since": case((release_wish.c.wish == _AT_ONCE, func.now()), else_=release_wish.c.since),
        },
        where=release_wish.c.wish != _wish.excluded.wish,
    )
)
_due = (
    insert(wish_due)
    .values(person_id=_person)
    .on_conflict_do_update(index_elements=["person_id"], set_={"at": func.now()})
    .returning(wish_due.c.at)
    .cte("due")
)
_CALL = Statement(select(func.pg_notify(literal(CHANNEL), literal("").cast(Text))).select_from(_due))

_ASK = Statement(
    insert(request)
    .values(
        person_id=_person,
        **{
            name: bindparam(name, type_=request.c[name].type)
            for name in ("request_id", "what", "target", "entry_id", "asked_by")
        },
    )
    .on_conflict_do_nothing()
    .returning(request.c.request_id)
)
_LIFT = Statement(
    update(request)
    .where(
        request.c.person_id == _person,
        request.c.request_id == bindparam("request_id", type_=Uuid),
        request.c.withdrawn_at.is_(None),
        request.c.outcome != literal("refused"),
        request.c.outcome != literal("ended"),
    )
    .values(withdrawn_at=func.now())
    .returning(request.c.request_id, request.c.what, request.c.target, request.c.entry_id)
)


async def wish(act: Act, wishes: Mapping[str, Wish]) -> None:
    """Keep when new entries of each kind are to be shown (kinds and wishes as release.WISHES has them)."""
    rows = [(kind, each.value) for kind, each in sorted(wishes.items())]
    await act.db.value(_WISH, person_id=act.author.subject_id, **arrays(("kind", "wish"), rows))
    await call_for_wishes(act)


async def call_for_wishes(act: Act) -> None:
    """Let the worker apply this person's wishes anew; it hears of it when the act is kept."""
    await act.db.value(_CALL, person_id=act.author.subject_id)


async def ask(act: Act, asked: Request) -> None:
    """Ask the journal for a block or a reservation. The same request twice is asked once."""
    author = act.author
    new = await act.db.value(
        _ASK,
        person_id=author.subject_id,
        request_id=asked.request_id,
        what=asked.what.value,
        target=asked.target,
        entry_id=asked.entry_id,
        asked_by=author.actor_id,
    )
    if new is not None:
        await _leave(act, asked.request_id, consent.asked(_consent(author, asked)), asked.request_id)


async def lift(act: Act, request_id: UUID) -> None:
    """Ask the journal to take it away again. Raises NoSuchRequest where there is nothing to take away."""
    row = await act.db.row(_LIFT, person_id=act.author.subject_id, request_id=request_id)
    if row is None:
        raise NoSuchRequest
    asked = Request(
        request_id=row["request_id"],
        what=What(row["what"]),
        target=row["target"],
        entry_id=row["entry_id"],
    )
    await _leave(act, request_id, consent.withdrawn(_consent(act.author, asked)), uuid4())


async def _leave(act: Act, request_id: UUID, resource: bytes, key: UUID) -> None:
    await outbox.put(
        act.db,
        subject_id=act.author.subject_id,
        author_id=act.author.actor_id,
        conversation=request_id,
        resource_type="Consent",
        resource=resource,
        key=key,
    )


def _consent(author: Author, asked: Request) -> consent.Asked:
    ground = GROUNDS[asked.what]
    return consent.Asked(
        request=asked.request_id,
        person=author.subject_id,
        author=author.actor_id,
        at=author.at,
        category=ground.category,
        action=ground.action,
        law=ground.law,
        tag={"system": _PVK_OUTCOME, "code": ground.outcome, "display": OUTCOMES[ground.outcome]},
        actor=(ground.against, asked.target) if ground.against else None,
        entry=asked.entry_id,
    )
