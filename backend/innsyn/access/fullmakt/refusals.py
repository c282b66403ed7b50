"""What cannot be done with a fullmakt, each by its name.

Refusal
├── NotTheirs            404  somebody else's, or not this party's move
├── OutOfTurn            409  not while it is where it is
│   ├── NotInvitedYet         a draft
│   ├── NotClaimedYet         nobody has used the code
│   ├── NotConfirmedYet       the giver has not said that it is the right person
│   ├── AlreadyActive
│   ├── AlreadyEnded
│   ├── Declined
│   ├── Withdrawn
│   └── InvitationOver        the code is too old, or has been tried too often
├── TooLate              400  an end date that has gone by
├── MayNotGive           403  under 16, a secret address
└── MayNotReceive        403  under 18, a secret address
"""

from typing import ClassVar

from innsyn.refusal import Refusal


class NotTheirs(Refusal):
    """No fullmakt of this person's, or not theirs to do this with: to them it does not exist."""

    status_code: ClassVar[int] = 404


class OutOfTurn(Refusal):
    """Not while it is where it is."""

    status_code: ClassVar[int] = 409


class NotInvitedYet(OutOfTurn):
    """It is a draft: nobody has been invited."""

    text_key: ClassVar[str] = "refusal.fullmakt_draft"


class NotClaimedYet(OutOfTurn):
    """The code has not been used."""

    text_key: ClassVar[str] = "refusal.fullmakt_invited"


class NotConfirmedYet(OutOfTurn):
    """The giver has not said that it is the right person."""

    text_key: ClassVar[str] = "refusal.fullmakt_claimed"


class AlreadyActive(OutOfTurn):
    """It is in force."""

    text_key: ClassVar[str] = "refusal.fullmakt_active"


class AlreadyEnded(OutOfTurn):
    """It has ended."""

    text_key: ClassVar[str] = "refusal.fullmakt_ended"


class Declined(OutOfTurn):
    """The receiver has said no."""

    text_key: ClassVar[str] = "refusal.fullmakt_declined"


class Withdrawn(OutOfTurn):
    """The giver has taken it back."""

    text_key: ClassVar[str] = "refusal.fullmakt_withdrawn"


class InvitationOver(OutOfTurn):
    """The code is too old, or has been tried too often."""

    text_key: ClassVar[str] = "refusal.fullmakt_expired"


class TooLate(Refusal):
    """An end date that has gone by."""

    status_code: ClassVar[int] = 400
    text_key: ClassVar[str] = "refusal.fullmakt_too_late"


class _Barred(Refusal):
    """`rule` is the one in the rule book that says no."""

    status_code: ClassVar[int] = 403

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


class MayNotGive(_Barred):
    """Nobody under 16, and nobody with a secret address, can be represented."""

    text_key: ClassVar[str] = "refusal.fullmakt_giver"


class MayNotReceive(_Barred):
    """Nobody under 18, and nobody with a secret address, can represent anybody."""

    text_key: ClassVar[str] = "refusal.fullmakt_receiver"
