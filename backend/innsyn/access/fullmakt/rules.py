"""The life of a fullmakt: which moves there are, who may make them, and until when one counts.

draft -> invited -> claimed -> active -> ended, and the ways out: declined, withdrawn, expired. Pure: the same row and
the same time give the same answer, so no job has to end anything; a permit carries the date itself.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

import msgspec

from innsyn.access.book import ages
from innsyn.access.book.facts import Standing
from innsyn.access.book.rule import Book
from innsyn.access.book.rules import may_give, may_receive
from innsyn.access.fullmakt.levels import Given, widens
from innsyn.access.fullmakt.refusals import (
    AlreadyActive,
    AlreadyEnded,
    Declined,
    InvitationOver,
    MayNotGive,
    MayNotReceive,
    NotClaimedYet,
    NotConfirmedYet,
    NotInvitedYet,
    NotTheirs,
    TooLate,
    Withdrawn,
)
from innsyn.access.release import NEVER
from innsyn.refusal import Refusal

INVITATION_LASTS: Final = timedelta(days=7)
# For so long the giver has time to say that it is the right person.
CLAIM_LASTS: Final = timedelta(days=30)
MOST_TRIES: Final = 5
REVIEW_EVERY: Final = 1  # year
REVIEW_TAKES: Final = timedelta(days=30)
# How long before the day it is asked for.
REVIEW_ASKED: Final = timedelta(days=30)


class State(StrEnum):
    """Where a fullmakt is in its life. Stored: never renamed."""

    DRAFT = "draft"
    INVITED = "invited"
    CLAIMED = "claimed"
    ACTIVE = "active"
    ENDED = "ended"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Move(StrEnum):
    """What a party can do with it."""

    INVITE = "invite"
    CLAIM = "claim"
    CONFIRM = "confirm"
    REFUSE = "refuse"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    CHANGE = "change"
    REDUCE = "reduce"
    STILL_RIGHT = "still_right"
    PREVIEW = "preview"
    END = "end"


class Reason(StrEnum):
    """Why it came to where it is. Stored, and part of the keys of texts: never renamed."""

    NONE = ""
    GIVER_ENDED = "giver_ended"
    RECEIVER_ENDED = "receiver_ended"
    EXPIRED = "expired"
    NOT_CONFIRMED = "not_confirmed"
    GIVER_WITHDREW = "giver_withdrew"
    WRONG_PERSON = "wrong_person"
    RECEIVER_DECLINED = "receiver_declined"
    INVITATION_EXPIRED = "invitation_expired"
    TOO_MANY_TRIES = "too_many_tries"
    REDUCED = "reduced"
    WIDENED = "widened"
    STILL_RIGHT = "still_right"
    SECRET_ADDRESS = "secret_address"  # noqa: S105 - of a person, and no password
    AGE = "age"
    DEATH = "death"


class Party(StrEnum):
    """Which of the two somebody is."""

    GIVER = "giver"
    RECEIVER = "receiver"


class Fullmakt(msgspec.Struct, frozen=True, kw_only=True):
    """One as it is stored. `receiver_id` None until it is claimed; `until` NEVER: no end date; times are UTC."""

    fullmakt_id: UUID
    giver_id: UUID
    receiver_id: UUID | None
    state: State
    reason: str
    label: str
    given: Given
    until: datetime
    made_at: datetime
    invited_until: datetime | None
    tries: int
    active_since: datetime | None
    last_confirmed_at: datetime | None
    ended_at: datetime | None


_BOTH: Final = frozenset(Party)
_GIVER: Final = frozenset({Party.GIVER})
_RECEIVER: Final = frozenset({Party.RECEIVER})
# From where, and by whom. Whatever is not here is forbidden.
MOVES: Final[Mapping[Move, tuple[frozenset[State], frozenset[Party], State | None]]] = {
    Move.INVITE: (frozenset({State.DRAFT, State.INVITED, State.EXPIRED}), _GIVER, State.INVITED),
    Move.CLAIM: (frozenset({State.INVITED}), _RECEIVER, State.CLAIMED),
    Move.CONFIRM: (frozenset({State.CLAIMED}), _GIVER, State.ACTIVE),
    Move.REFUSE: (frozenset({State.CLAIMED}), _GIVER, State.WITHDRAWN),
    Move.DECLINE: (frozenset({State.CLAIMED}), _RECEIVER, State.DECLINED),
    Move.WITHDRAW: (
        frozenset({State.DRAFT, State.INVITED, State.CLAIMED, State.EXPIRED}),
        _GIVER,
        State.WITHDRAWN,
    ),
    Move.CHANGE: (frozenset({State.DRAFT, State.ACTIVE}), _GIVER, None),
    Move.REDUCE: (frozenset({State.ACTIVE}), _RECEIVER, None),
    Move.STILL_RIGHT: (frozenset({State.ACTIVE}), _GIVER, None),
    Move.PREVIEW: (
        frozenset({State.DRAFT, State.INVITED, State.CLAIMED, State.ACTIVE, State.EXPIRED}),
        _GIVER,
        None,
    ),
    Move.END: (frozenset({State.ACTIVE}), _BOTH, State.ENDED),
}
# Why a move is forbidden is told by where the fullmakt is.
_WHY_NOT: Final[Mapping[State, type[Refusal]]] = {
    State.DRAFT: NotInvitedYet,
    State.INVITED: NotClaimedYet,
    State.CLAIMED: NotConfirmedYet,
    State.ACTIVE: AlreadyActive,
    State.ENDED: AlreadyEnded,
    State.DECLINED: Declined,
    State.WITHDRAWN: Withdrawn,
    State.EXPIRED: InvitationOver,
}


def after(move: Move, one: Fullmakt, party: Party, now: datetime) -> State:
    """The state that the move leads to. Raises NotTheirs, or the refusal that names why not."""
    here = state_of(one, now)
    from_, by, to = MOVES[move]
    if party not in by:
        raise NotTheirs
    if here not in from_:
        raise _WHY_NOT[here]
    return to or here


def state_of(one: Fullmakt, now: datetime) -> State:
    """Where it is now: dates that have passed count, whether or not anybody has written it down."""
    if one.state is State.INVITED and _lapsed(one, now):
        return State.EXPIRED
    if one.state is State.CLAIMED and _lapsed(one, now):
        # Somebody else may not come into it afterwards: who wants to, begins anew.
        return State.WITHDRAWN
    if one.state is State.ACTIVE and counts_until(one) <= now:
        return State.ENDED
    return one.state


def reason_of(one: Fullmakt, now: datetime) -> Reason:
    """Why it is where it is now."""
    if one.state is State.INVITED and one.tries >= MOST_TRIES:
        return Reason.TOO_MANY_TRIES
    here = state_of(one, now)
    if here is State.EXPIRED:
        return Reason.INVITATION_EXPIRED
    if here is State.WITHDRAWN and one.state is State.CLAIMED:
        return Reason.NOT_CONFIRMED
    if here is State.ENDED and one.state is State.ACTIVE:
        return Reason.EXPIRED if one.until <= counts_until(one) else Reason.NOT_CONFIRMED
    return Reason(one.reason)


def _lapsed(one: Fullmakt, now: datetime) -> bool:
    used_up = one.state is State.INVITED and one.tries >= MOST_TRIES
    return used_up or one.invited_until is None or one.invited_until <= now


def counts_until(one: Fullmakt) -> datetime:
    """Until when it opens anything: the end date, or the day when nobody has said that it is still right."""
    confirmed = one.last_confirmed_at
    return min(one.until, ages.later(confirmed, REVIEW_EVERY) + REVIEW_TAKES) if confirmed else one.until


def review_on(one: Fullmakt) -> datetime | None:
    """When the giver has to say that it is still right; None where it ends before that."""
    if one.last_confirmed_at is None:
        return None
    due = ages.later(one.last_confirmed_at, REVIEW_EVERY)
    return due if due < one.until else None


def is_due(one: Fullmakt, now: datetime) -> bool:
    """Is it time to ask whether it is still right?"""
    due = review_on(one)
    return state_of(one, now) is State.ACTIVE and due is not None and due - REVIEW_ASKED <= now


def last_moment(day: date | None, today: date) -> datetime:
    """The end of the last day it counts, as UTC; without a day it has no end date. Raises TooLate for one gone by."""
    if day is None:
        return NEVER
    if day < today:
        raise TooLate
    return ages.midnight(day + timedelta(days=1)) if day.year < NEVER.year else NEVER


def moves_of(one: Fullmakt, party: Party, now: datetime) -> frozenset[Move]:
    """What this party can do with it now."""
    here = state_of(one, now)
    return frozenset(move for move, (from_, by, _) in MOVES.items() if here in from_ and party in by)


def is_wider(one: Fullmakt, wanted: Given, until: datetime) -> bool:
    """Does the change give more, or for longer?"""
    return widens(one.given, wanted) or until > one.until


def must_be_able_to_give(giver: Standing, today: date, book: Book) -> None:
    """Raises MayNotGive with the rule that says no: under 16, a secret address."""
    if rule := may_give(giver, today, book):
        raise MayNotGive(rule)


def must_be_able_to_receive(receiver: Standing, today: date, book: Book) -> None:
    """Raises MayNotReceive with the rule that says no: under 18, a secret address."""
    if rule := may_receive(receiver, today, book):
        raise MayNotReceive(rule)


_BARRED: Final[Mapping[str, Reason]] = {
    "secret_address": Reason.SECRET_ADDRESS,
    "deceased": Reason.DEATH,
}


def bar_between(giver: Standing, receiver: Standing, today: date, book: Book) -> Reason | None:
    """Why these two cannot have a fullmakt between them; None where they can."""
    rule = may_give(giver, today, book) or may_receive(receiver, today, book)
    return _BARRED.get(rule, Reason.AGE) if rule else None
