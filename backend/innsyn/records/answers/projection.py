"""Consent: the journal's answer to a block or a reservation that was asked for here."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from innsyn.journal.fhir.consent import REQUEST, Consent
from innsyn.records.answers.views import Answer
from innsyn.records.projected import About, Beside, NotShown, Projected

# http://hl7.org/fhir/R4/valueset-consent-state-codes.html. Proposed and draft are no answer yet.
_OUTCOMES: Final = {
    "active": "in_force",
    "rejected": "refused",
    "inactive": "ended",
    "entered-in-error": "ended",
}


def answer(consent: Consent, about: About) -> Projected | Beside | NotShown | None:  # noqa: ARG001 - as every projection
    """The answer, known by our identifier; a Consent that was made elsewhere is nothing we have asked for."""
    request_id = _request(consent)
    if request_id is None:
        return NotShown("not_asked_here")
    outcome = _OUTCOMES.get(consent.status)
    if outcome is None:
        return NotShown("no_answer_yet")
    return Beside(patient=consent.patient, row=Answer(request_id, outcome))


PROJECTIONS: dict[str, Callable[[Any, About], Projected | Beside | NotShown | None]] = {"Consent": answer}


def _request(consent: Consent) -> UUID | None:
    for identifier in consent.identifier:
        if identifier.system == REQUEST:
            try:
                return UUID(identifier.value)
            except ValueError:
                return None
    return None
