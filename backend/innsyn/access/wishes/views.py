"""The pages of wishes and of blocks."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from innsyn.access.release import WISHES, Wish
from innsyn.access.views import Who
from innsyn.access.wishes.rules import Problem, Standing, What, can_be_withdrawn, standing
from innsyn.journal.outbox import Leaving


class KindChoice(msgspec.Struct, frozen=True, kw_only=True):
    """What can be wished of a kind, and what is."""

    kind: str
    wishes: tuple[Wish, ...]
    chosen: Wish


class WishesPage(msgspec.Struct, frozen=True, kw_only=True):
    """`saved`: right after saving."""

    reader: Who
    kinds: list[KindChoice]
    saved: bool


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """A request as it is stored. `outcome` is what the journal has answered: '' nothing yet."""

    id: UUID
    what: What
    target: str
    asked: datetime
    withdrawn: datetime | None
    outcome: str
    answered: datetime | None


class RequestShown(msgspec.Struct, frozen=True, kw_only=True):
    """A request with how far it has come."""

    id: UUID
    what: What
    target: str
    asked: datetime
    standing: Standing
    answered: datetime | None
    can_be_withdrawn: bool


class BlocksPage(msgspec.Struct, frozen=True, kw_only=True):
    """The keys are of the next requests; `typed` and `errors` are those of a form that could not be taken."""

    reader: Who
    requests: list[RequestShown]
    key: UUID
    reservation_key: UUID
    done: str
    may_ask: bool
    what: str = ""
    typed: str = ""
    errors: list[Problem] = msgspec.field(default_factory=list)


class LiftPage(msgspec.Struct, frozen=True, kw_only=True):
    """Before a request is taken back."""

    reader: Who
    request: RequestShown


def choices(wished: Mapping[str, str]) -> list[KindChoice]:
    """Every kind that can be wished about, with what is wished now."""
    return [
        KindChoice(kind=kind, wishes=wishes, chosen=Wish(wished.get(kind, Wish.AT_ONCE)))
        for kind, wishes in WISHES.items()
    ]


def shown(made: Made, leaving: Leaving | None) -> RequestShown:
    """The request as its citizen is told of it."""
    stands = standing(
        made.outcome,
        leaving.state if leaving else "",
        withdrawn=made.withdrawn is not None,
        unsure=leaving is not None and leaving.unsure,
    )
    return RequestShown(
        id=made.id,
        what=made.what,
        target=made.target,
        asked=made.asked,
        standing=stands,
        answered=made.answered,
        can_be_withdrawn=can_be_withdrawn(stands),
    )
