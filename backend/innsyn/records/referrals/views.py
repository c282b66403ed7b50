"""What the page of a referral shows beyond its line."""

import msgspec


class Referral(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`requested` and `due` are FHIR dateTimes; `priority` routine urgent asap stat, '' unknown.

    `stage` is the receiver's own step, the status of a Task (requested received accepted rejected in-progress completed
    …), '' while nobody has answered; `status_note` the same in the receiver's words; `answered` when that was.
    """

    from_: str = ""
    to: str = ""
    reason: str = ""
    priority: str = ""
    requested: str = ""
    text: str = ""
    due: str = ""
    status_note: str = ""
    stage: str = ""
    answered: str = ""
