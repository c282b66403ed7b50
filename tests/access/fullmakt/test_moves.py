"""Who may do what with a fullmakt, wherever it is: the whole table, and each refusal by its name."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import msgspec
import pytest

from innsyn.access.book.facts import Standing
from innsyn.access.book.versions import HELSENORGE
from innsyn.access.fullmakt import refusals, rules
from innsyn.access.fullmakt.levels import Level, given
from innsyn.access.fullmakt.refusals import MayNotGive, MayNotReceive, NotTheirs, OutOfTurn, TooLate
from innsyn.access.fullmakt.rules import Fullmakt, Move, Party, Reason, State
from innsyn.access.release import NEVER
from innsyn.refusal import Refusal
from innsyn.web.locale import LOCALES, catalogue

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
GIVER, RECEIVER = UUID(int=1), UUID(int=2)


def fullmakt(state: State, **more: object) -> Fullmakt:
    """One in this state, in good time."""
    stored = State.INVITED if state is State.EXPIRED else state
    one = Fullmakt(
        fullmakt_id=UUID(int=3),
        giver_id=GIVER,
        receiver_id=None if state in {State.DRAFT, State.INVITED} else RECEIVER,
        state=stored,
        reason="",
        label="Ola",
        given=given(Level.READ),
        until=NEVER,
        made_at=NOW,
        invited_until=NOW + timedelta(days=-1 if state is State.EXPIRED else 1),
        tries=0,
        active_since=None,
        last_confirmed_at=NOW - timedelta(days=1),
        ended_at=None,
    )
    return msgspec.structs.replace(one, **more)


# For each move: who may make it, from where, and where to. Everything else is forbidden, by name.
ALLOWED = {
    (Move.INVITE, "giver"): {"draft": "invited", "invited": "invited", "expired": "invited"},
    (Move.CLAIM, "receiver"): {"invited": "claimed"},
    (Move.CONFIRM, "giver"): {"claimed": "active"},
    (Move.REFUSE, "giver"): {"claimed": "withdrawn"},
    (Move.DECLINE, "receiver"): {"claimed": "declined"},
    (Move.WITHDRAW, "giver"): dict.fromkeys(("draft", "invited", "claimed", "expired"), "withdrawn"),
    (Move.CHANGE, "giver"): {"draft": "draft", "active": "active"},
    (Move.REDUCE, "receiver"): {"active": "active"},
    (Move.STILL_RIGHT, "giver"): {"active": "active"},
    (Move.PREVIEW, "giver"): {each: each for each in ("draft", "invited", "claimed", "active", "expired")},
    (Move.END, "giver"): {"active": "ended"},
    (Move.END, "receiver"): {"active": "ended"},
}
WHY_NOT = {
    "draft": refusals.NotInvitedYet,
    "invited": refusals.NotClaimedYet,
    "claimed": refusals.NotConfirmedYet,
    "active": refusals.AlreadyActive,
    "ended": refusals.AlreadyEnded,
    "declined": refusals.Declined,
    "withdrawn": refusals.Withdrawn,
    "expired": refusals.InvitationOver,
}
EVERY = [(move, state, party) for move in Move for state in State for party in Party]


@pytest.mark.parametrize(("move", "state", "party"), EVERY, ids="-".join)
def test_every_move_from_everywhere_by_everybody(move: Move, state: State, party: Party) -> None:
    one = fullmakt(state)
    to = ALLOWED.get((move, party), {}).get(state)
    if to is not None:
        assert rules.after(move, one, party, NOW) == to
        assert move in rules.moves_of(one, party, NOW)
        return
    assert move not in rules.moves_of(one, party, NOW)
    with pytest.raises(WHY_NOT[state] if (move, party) in ALLOWED else NotTheirs):
        rules.after(move, one, party, NOW)


@pytest.mark.parametrize("refusal", [*WHY_NOT.values(), TooLate, MayNotGive, MayNotReceive])
@pytest.mark.parametrize("locale", LOCALES)
def test_every_refusal_is_told_in_its_own_words(refusal: type[Refusal], locale: str) -> None:
    assert catalogue(locale).text(refusal.text_key)
    assert not issubclass(refusal, OutOfTurn) or refusal.status_code == 409
    assert refusal.text_key != Refusal.text_key


def test_the_code_is_over_after_a_week_and_after_five_wrong_names() -> None:
    one = fullmakt(State.INVITED, invited_until=NOW + rules.INVITATION_LASTS)
    later = NOW + timedelta(days=7)
    assert rules.state_of(one, later - timedelta(seconds=1)) is State.INVITED
    assert (rules.state_of(one, later), rules.reason_of(one, later)) == (
        State.EXPIRED,
        Reason.INVITATION_EXPIRED,
    )
    worn = fullmakt(State.INVITED, tries=rules.MOST_TRIES)
    assert (rules.state_of(worn, NOW), rules.reason_of(worn, NOW)) == (State.EXPIRED, Reason.TOO_MANY_TRIES)
    assert rules.state_of(fullmakt(State.INVITED, tries=rules.MOST_TRIES - 1), NOW) is State.INVITED


def test_a_claim_that_nobody_confirms_goes_back() -> None:
    one = fullmakt(State.CLAIMED, invited_until=NOW)
    assert (rules.state_of(one, NOW), rules.reason_of(one, NOW)) == (State.WITHDRAWN, Reason.NOT_CONFIRMED)


def test_an_end_date_ends_it_and_so_does_nobody_saying_that_it_is_still_right() -> None:
    dated = fullmakt(State.ACTIVE, until=NOW)
    assert (rules.state_of(dated, NOW), rules.reason_of(dated, NOW)) == (State.ENDED, Reason.EXPIRED)
    assert rules.state_of(dated, NOW - timedelta(seconds=1)) is State.ACTIVE
    # Confirmed on 29 February: a year is over on 1 March, by the clock on a Norwegian wall.
    leap = fullmakt(State.ACTIVE, last_confirmed_at=datetime(2028, 2, 29, 9, tzinfo=UTC))
    assert rules.review_on(leap) == datetime(2029, 3, 1, 9, tzinfo=UTC)
    last = datetime(2029, 3, 31, 9, tzinfo=UTC)
    assert rules.counts_until(leap) == last
    assert rules.reason_of(leap, last) is Reason.NOT_CONFIRMED
    assert not rules.is_due(leap, datetime(2029, 1, 29, tzinfo=UTC))
    assert rules.is_due(leap, datetime(2029, 1, 31, tzinfo=UTC))
    assert not rules.is_due(leap, last)
    # What ends before the year is out is not asked about.
    short = fullmakt(State.ACTIVE, until=NOW + timedelta(days=90))
    assert rules.review_on(short) is None
    assert rules.counts_until(short) == short.until


def test_the_last_day_is_whole_and_norwegian() -> None:
    today = date(2026, 11, 23)
    assert rules.last_moment(today, today) == datetime(2026, 11, 23, 23, tzinfo=UTC)
    assert rules.last_moment(date(2027, 7, 1), today) == datetime(2027, 7, 1, 22, tzinfo=UTC)
    assert rules.last_moment(date(9999, 12, 31), today) == rules.last_moment(None, today) == NEVER
    with pytest.raises(TooLate):
        rules.last_moment(date(2026, 11, 22), today)


def person(number: int, born: str | None, **more: bool) -> Standing:
    return Standing(person_id=UUID(int=number), born=date.fromisoformat(born) if born else None, **more)


TODAY = date(2026, 11, 23)
OLD_ENOUGH = person(1, "2010-11-23")
GROWN = person(2, "2008-11-23")
BARS = [
    (OLD_ENOUGH, GROWN, None),
    (person(1, "2010-11-24"), GROWN, Reason.AGE),
    (OLD_ENOUGH, person(2, "2008-11-24"), Reason.AGE),
    (person(1, None), GROWN, Reason.AGE),
    (person(1, "1968-04-12", secret=True), GROWN, Reason.SECRET_ADDRESS),
    (OLD_ENOUGH, person(2, "1968-04-12", secret=True), Reason.SECRET_ADDRESS),
    (person(1, "1968-04-12", deceased=True), GROWN, Reason.DEATH),
]


@pytest.mark.parametrize(("giver", "receiver", "reason"), BARS)
def test_whom_the_rule_book_keeps_out(giver: Standing, receiver: Standing, reason: Reason | None) -> None:
    assert rules.bar_between(giver, receiver, TODAY, HELSENORGE) is reason


def test_the_rule_book_names_why() -> None:
    with pytest.raises(MayNotGive) as giver:
        rules.must_be_able_to_give(person(1, "2010-11-24"), TODAY, HELSENORGE)
    with pytest.raises(MayNotReceive) as receiver:
        rules.must_be_able_to_receive(person(1, "2008-11-24"), TODAY, HELSENORGE)
    assert (giver.value.rule, receiver.value.rule) == ("fullmakt.giver", "fullmakt.receiver")
