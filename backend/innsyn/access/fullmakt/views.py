"""Fullmakts as the pages show them: texts by key, days as text."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import msgspec

from innsyn.access.capability import Capability
from innsyn.access.fullmakt import rules
from innsyn.access.fullmakt.levels import APPOINTMENTS, EVERY_KIND, LEVELS, PRESETS, TASKS, Given
from innsyn.access.fullmakt.queries import Concerned, Event
from innsyn.access.fullmakt.rules import Party, Reason, State
from innsyn.access.release import NEVER
from innsyn.access.views import Who
from innsyn.access.visibility import PAST_APPOINTMENTS
from innsyn.web.dates import ZONE

_DOINGS = {
    Capability.BOOK: "book",
    Capability.MESSAGE: "message",
    Capability.FORMS: "forms",
    Capability.MANAGE: "manage",
}
_HEALTH = tuple(kind for kind in EVERY_KIND if kind not in {APPOINTMENTS, PAST_APPOINTMENTS})
# Not told apart: that somebody has a secret address, or has died, is theirs to tell.
_NOT_TOLD = {Reason.SECRET_ADDRESS, Reason.AGE, Reason.DEATH}
_BEFORE_THE_RECEIVER = {State.DRAFT, State.INVITED}


class Powers(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody can do or not: `kinds` they see ('kinds.<…>'), and `doings` ('fullmakt.can.<…>')."""

    everything: bool
    kinds: tuple[str, ...]
    doings: tuple[str, ...]


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """One fullmakt in a list. `name` is the other party's, or what the giver calls them until it is known.

    Days are ISO, '' for none. `due` is when the giver has to have said that it is still right; `reason` is part of a
    key, '' goes without saying. `form` is what the one form is called, where it is for one and the reader may know.
    """

    fullmakt_id: str
    party: str
    state: str
    reason: str
    name: str
    given_name: str
    label: str
    level: str
    form: str
    until: str
    due: str
    shut: bool
    can: Powers
    cannot: Powers


class Happened(msgspec.Struct, frozen=True):
    """A line of its history: when, and the key of what."""

    at: str
    what: str


class FullmaktPage(msgspec.Struct, frozen=True, kw_only=True):
    """`moves` are those that the reader can make now. `code` right after it was made, and never again."""

    reader: Who
    card: Card
    moves: frozenset[str]
    since: str
    invited_until: str
    last_read: str
    history: tuple[Happened, ...]
    code: str
    text_key: str


class FieldError(msgspec.Struct, frozen=True):
    """What has to be mended, and where."""

    field: str
    text_key: str


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """The form of what to give: what is chosen in it now. `task` and `form`: the id and the title of one form."""

    label: str = ""
    level: str = PRESETS[0]
    without: tuple[str, ...] = ()
    lasts: str = "year"
    until: str = ""
    presets: tuple[str, ...] = PRESETS
    tasks: tuple[str, ...] = TASKS
    kinds: tuple[str, ...] = EVERY_KIND
    task: str = ""
    form: str = ""


class GivingPage(msgspec.Struct, frozen=True, kw_only=True):
    """The form; `card` is what is changed, None for a new one."""

    reader: Who
    choices: Choices
    errors: tuple[FieldError, ...]
    card: Card | None


class InvitationPage(msgspec.Struct, frozen=True, kw_only=True):
    """The form for whoever has got a code. `refused`: it came to nothing, for whatever reason."""

    reader: Who
    errors: tuple[FieldError, ...]
    refused: bool


class ReviewPage(msgspec.Struct, frozen=True, kw_only=True):
    """What the giver has to say is still right."""

    reader: Who
    due: tuple[Card, ...]
    said: bool


def card_of(concerned: Concerned, now: datetime) -> Card:
    """A fullmakt as one of its parties meets it now."""
    one = concerned.one
    mine = concerned.party is Party.GIVER
    review = rules.review_on(one) if mine and rules.is_due(one, now) else None
    reason = rules.reason_of(one, now)
    return Card(
        fullmakt_id=str(one.fullmakt_id),
        party=concerned.party,
        state=rules.state_of(one, now),
        reason="barred" if reason in _NOT_TOLD else reason,
        name=concerned.name or one.label,
        given_name=concerned.given_name or one.label,
        label=one.label if mine else "",
        level=one.given.level,
        form=concerned.form,
        until=last_day(one.until),
        due=last_day(review + rules.REVIEW_TAKES) if review else "",
        shut=concerned.shut,
        can=can(one.given),
        cannot=cannot(one.given),
    )


def page_of(concerned: Concerned, reader: Who, *, code: str = "", text_key: str = "") -> FullmaktPage:
    """The page of one fullmakt."""
    one, now = concerned.one, reader.now
    return FullmaktPage(
        reader=reader,
        card=card_of(concerned, now),
        moves=rules.moves_of(one, concerned.party, now),
        since=one.active_since.isoformat() if one.active_since else "",
        invited_until=last_day(one.invited_until),
        last_read=concerned.last_read.isoformat() if concerned.last_read else "",
        history=tuple(_history(concerned.events, concerned.party)),
        code=code,
        text_key=text_key,
    )


def choices_of(concerned: Concerned) -> Choices:
    """The form as it is filled in for a fullmakt that is to be changed."""
    one = concerned.one
    shown = LEVELS[one.given.level].kinds or EVERY_KIND
    without = tuple(kind for kind in shown if one.given.kinds is not None and kind not in one.given.kinds)
    until = last_day(one.until)
    return Choices(
        label=one.label,
        level=one.given.level,
        without=without,
        lasts="day" if until else "open",
        until=until,
        form=concerned.form,
    )


def can(given: Given) -> Powers:
    """What it gives."""
    return Powers(
        everything=given.kinds is None,
        kinds=() if given.kinds is None else tuple(kind for kind in _HEALTH if kind in given.kinds),
        doings=(*_appointments(given.kinds, seen=True), *_doings(given.capabilities)),
    )


def cannot(given: Given) -> Powers:
    """What it does not give. That nobody can give it on is always worth saying."""
    kinds = () if given.kinds is None else tuple(kind for kind in _HEALTH if kind not in given.kinds)
    nothing = kinds == _HEALTH
    return Powers(
        everything=nothing,
        kinds=() if nothing else kinds,
        doings=(*_appointments(given.kinds, seen=False), *_doings(~given.capabilities)),
    )


def last_day(moment: datetime | None) -> str:
    """The last whole or begun day before a moment, in Norway; '' for none and for never."""
    if moment is None or moment >= NEVER:
        return ""
    return (moment.astimezone(UTC) - timedelta(seconds=1)).astimezone(ZONE).date().isoformat()


def _appointments(kinds: tuple[str, ...] | None, *, seen: bool) -> Iterable[str]:
    for kind, doing in ((APPOINTMENTS, "appointments"), (PAST_APPOINTMENTS, "past")):
        if kinds is not None and (kind in kinds) is seen:
            yield doing


def _doings(capabilities: Capability) -> Iterable[str]:
    return (doing for capability, doing in _DOINGS.items() if capability in capabilities)


def _history(events: Iterable[Event], party: Party) -> Iterable[Happened]:
    for event in events:
        if party is Party.RECEIVER and event.to_state in _BEFORE_THE_RECEIVER:
            continue
        what = "barred" if event.reason in _NOT_TOLD else event.reason or event.to_state
        yield Happened(event.at.isoformat(), what)
