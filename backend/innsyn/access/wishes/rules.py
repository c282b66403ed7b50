"""What may be asked of the journal, and how far a request has come.

Sources: helsepersonelloven §§ 25 and 45, pasient- og brukerrettighetsloven § 5-3 and pasientjournalloven § 17 (blocking
of items, persons and units; also for what comes later, until it is withdrawn). The journal decides and enforces: we
ask, and tell what it has answered.
"""

from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

import msgspec

LONGEST_TARGET: Final = 200
SHORTEST_TARGET: Final = 2


class What(StrEnum):
    """What a citizen can ask for."""

    BLOCK_UNIT = "block_unit"
    BLOCK_PERSON = "block_person"
    BLOCK_ENTRY = "block_entry"
    RESERVATION = "reservation"


class Outcome(StrEnum):
    """How it shows to whoever meets it in the journal: the codes of NILAR 1.5.0, CodeSystem pvk-outcome-cs."""

    SPECIFIC = "Specific"
    GENERAL = "General"
    RESERVATION = "Reservation"


# The words that go with the codes there.
OUTCOMES: Final = {
    Outcome.SPECIFIC: "SpecificBlock",
    Outcome.GENERAL: "GeneralBlock",
    Outcome.RESERVATION: "Reservation",
}


class Ground(NamedTuple):
    """How a request is put to the journal: FHIR's category and action, the law, and how it shows when in force.

    `against` is the FHIR type of whom it is against, '' for nobody in particular.
    """

    category: str
    action: str
    law: str
    outcome: Outcome
    against: str


# A block against one unit or person is specific; of one entry it is against everybody, and so is a reservation.
GROUNDS: Final = {
    What.BLOCK_UNIT: Ground("INFA", "access", "pasientjournalloven § 17", Outcome.SPECIFIC, "Organization"),
    What.BLOCK_PERSON: Ground("INFA", "access", "pasientjournalloven § 17", Outcome.SPECIFIC, "Practitioner"),
    What.BLOCK_ENTRY: Ground("INFA", "access", "pasientjournalloven § 17", Outcome.GENERAL, ""),
    What.RESERVATION: Ground(
        "ICOL", "collect", "pasientjournalloven § 13", Outcome.RESERVATION, "Organization"
    ),
}


class Standing(StrEnum):
    """How far a request has come, as its citizen is told."""

    QUEUED = "queued"
    SENT = "sent"
    RECEIVED = "received"
    TURNED_AWAY = "turned_away"
    NOT_DELIVERED = "not_delivered"
    UNKNOWN = "unknown"
    IN_FORCE = "in_force"
    REFUSED = "refused"
    WITHDRAWING = "withdrawing"
    LIFTING = "lifting"
    LIFT_FAILED = "lift_failed"
    ENDED = "ended"


def standing(outcome: str, delivery: str, *, withdrawn: bool, unsure: bool = False) -> Standing:
    """Of what the journal has answered (`outcome`: '', in_force, refused, ended) and how far what we sent has come.

    What is in force is in force until the journal says that it has ended: a withdrawal is a request too. `unsure`: it
    was sent, and nobody has heard whether it came.
    """
    if outcome in {"refused", "ended"}:
        return Standing(outcome)
    if outcome == "in_force" and delivery in {"refused", "dead"}:
        return Standing.LIFT_FAILED if withdrawn else Standing.IN_FORCE
    if delivery == "refused":
        return Standing.TURNED_AWAY
    if delivery == "dead":
        return Standing.UNKNOWN if unsure else Standing.NOT_DELIVERED
    if withdrawn:
        return Standing.LIFTING if outcome == "in_force" else Standing.WITHDRAWING
    return Standing.IN_FORCE if outcome == "in_force" else Standing(delivery or "queued")


def can_be_withdrawn(what: Standing) -> bool:
    """Is there something to take back?"""
    return what not in {
        Standing.REFUSED,
        Standing.ENDED,
        Standing.WITHDRAWING,
        Standing.LIFTING,
        Standing.LIFT_FAILED,
        Standing.TURNED_AWAY,
    }


class Problem(msgspec.Struct, frozen=True):
    """What has to be mended in a form, and in which field."""

    field: str
    text_key: str


def problems_of(what: What, target: str, *, understood: bool) -> list[Problem]:
    """What keeps this from being asked: nobody is named, or the warning is not answered."""
    found = []
    named = SHORTEST_TARGET <= len(target) <= LONGEST_TARGET
    if what in {What.BLOCK_UNIT, What.BLOCK_PERSON} and not named:
        found.append(Problem("target", "blocks.problem.target"))
    if not understood:
        found.append(Problem("understood", "blocks.problem.understood"))
    return found


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """Something to ask the journal for. `request_id` is chosen when the form is shown: sent twice, it is one."""

    request_id: UUID
    what: What
    target: str = ""
    entry_id: UUID | None = None
