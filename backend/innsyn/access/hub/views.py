"""The first page of access: what has to be decided first, then who has access, then the rest."""

from collections.abc import Callable, Iterable

import msgspec

from innsyn.access.capability import ONE_FORM_RULE, Capability
from innsyn.access.fullmakt.rules import Party, State
from innsyn.access.fullmakt.views import Card, card_of, last_day
from innsyn.access.hub.queries import Overview
from innsyn.access.reader import Reader
from innsyn.access.views import Who

_WAITING = {State.DRAFT, State.INVITED, State.EXPIRED}
_OVER = {State.ENDED, State.DECLINED, State.WITHDRAWN}


class Other(msgspec.Struct, frozen=True):
    """Somebody who has access by a rule, one way or the other; `until` is the last day, '' for none."""

    name: str
    rule: str
    until: str


class HubPage(msgspec.Struct, frozen=True, kw_only=True):
    """`asked`: the citizen has to decide. `given` and `by_rule` have access to the own record; `waiting` not yet.

    `received` and `others` are whom the citizen may act for; `pending` what they have said yes to, and the giver not.
    """

    reader: Who
    may_give: bool
    asked: tuple[Card, ...]
    given: tuple[Card, ...]
    by_rule: tuple[Other, ...]
    waiting: tuple[Card, ...]
    received: tuple[Card, ...]
    others: tuple[Other, ...]
    pending: tuple[Card, ...]
    over: tuple[Card, ...]


def hub_of(reader: Reader, seen: Overview, shown: Who) -> HubPage:
    """The page."""
    cards = [card_of(each, reader.at) for each in seen.fullmakts]
    mine = [card for card in cards if card.party == Party.GIVER]
    theirs = [card for card in cards if card.party == Party.RECEIVER]
    return HubPage(
        reader=shown,
        may_give=bool(reader.capabilities & Capability.MANAGE),
        asked=_all(mine, lambda card: card.state == State.CLAIMED or bool(card.due)),
        given=_all(mine, lambda card: card.state == State.ACTIVE),
        by_rule=tuple(Other(each.name, each.rule, last_day(each.until)) for each in seen.by_rule),
        waiting=_all(mine, lambda card: card.state in _WAITING),
        received=_all(theirs, lambda card: card.state == State.ACTIVE),
        others=tuple(
            Other(each.name, each.rule, last_day(each.until))
            for each in seen.represented
            if each.rule not in {"fullmakt", ONE_FORM_RULE}
        ),
        pending=_all(theirs, lambda card: card.state == State.CLAIMED),
        over=_all(cards, lambda card: card.state in _OVER),
    )


def _all(cards: Iterable[Card], which: Callable[[Card], bool]) -> tuple[Card, ...]:
    return tuple(card for card in cards if which(card))
