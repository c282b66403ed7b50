"""What a look-up is called in our own words: the reason, whether it was an emergency, what was done.

Sources: HL7 Norway's AuditEvent guide (purposeOfEvent: v3-PurposeOfUse, the decision templates of
https://terminology.dips.com/decisiontemplate, Volven 9151); http://hl7.org/fhir/R4/auditevent.html. The templates are
one supplier's: other suppliers' codes come in here as they are met, until then the source's own words are shown.
"""

from collections.abc import Iterable

import msgspec

PURPOSE_OF_USE = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
DECISION_TEMPLATE = "https://terminology.dips.com/decisiontemplate"
SERVICE_TYPE = "volven:9151"

_TEMPLATES = {
    "POLBESOK": "visit",
    "KONSSERIE": "visit",
    "PLANOPP": "planned",
    "PLANKONT": "planned",
    "OPRPLAN": "operation",
    "BELEGG": "admitted",
    "LEDSBEL": "companion",
    "HENVISNING": "referral",
    "VURDHENV": "referral",
    "HENVPER": "referral",
    "BEHANDLER": "treats",
    "DELBEHAN": "treats",
    "ROLPAS": "treats",
    "PASANSV": "coordinates",
    "PRIMKONT": "coordinates",
    "INFOANSV": "keeps_record",
    "JOURANSV": "keeps_record",
    "TILSYN": "asked_to_see",
    "MELDT": "announced",
    "EKSTSVAR": "outside_result",
    "ARBFLYT": "task",
    "HENV_PAS": "you_asked",
    "HENV_PAA": "relatives_asked",
    "HENV_BEH": "carer_asked",
    "INNSYN": "own_access",
    "BLAALYS": "emergency",
    "PASADM": "administration",
    "NYPAS": "administration",
    "ETTERARB": "administration",
    "ITSYSARB": "it",
    "KVAL": "quality",
    "EGENLAER": "learning",
    "UNDERVISN": "teaching",
    "FORSK": "research",
    "TILSYN2": "supervision",
    "TILSYN3": "supervision",
    "OFFBEST": "authorities",
    "HHJELANPAS": "other_patient",
}
_PURPOSES = {
    "TREAT": "treatment",
    "CAREMGT": "treatment",
    "CLINTRL": "research",
    "ETREAT": "emergency",
    "BTG": "emergency",
    "PATRQT": "you_asked",
    "FAMRQT": "relatives_asked",
    "PATADMIN": "administration",
    "HADMIN": "administration",
    "HOPERAT": "administration",
    "HPAYMT": "payment",
    "HSYSADMIN": "it",
    "HQUALIMP": "quality",
    "HRESCH": "research",
    "TRAIN": "teaching",
    "HLEGAL": "authorities",
    "PUBHLTH": "public_health",
}
REASONS = frozenset(_TEMPLATES.values()) | frozenset(_PURPOSES.values())
_BY_ACTION = {"C": "written", "R": "read", "U": "changed", "D": "deleted", "E": "done"}
# DICOM's export and query, FHIR's search interactions.
_BY_CODE = {
    "110106": "exported",
    "110112": "searched",
    "search": "searched",
    "search-type": "searched",
    "search-system": "searched",
}
ACTS = frozenset(_BY_ACTION.values()) | frozenset(_BY_CODE.values())


class Why(msgspec.Struct, frozen=True):
    """A reason by its name in REASONS ('' unknown), and whether the ordinary door was not waited for."""

    reason: str
    emergency: bool


def why(codings: Iterable[tuple[str, str]]) -> Why:
    """The reason out of (normalised system, code) pairs: the template tells more than the purpose.

    It is an emergency if anything says so, whatever else is said.
    """
    pairs = list(codings)
    templates = [
        _TEMPLATES[code] for system, code in pairs if system == DECISION_TEMPLATE and code in _TEMPLATES
    ]
    purposes = [_PURPOSES[code] for system, code in pairs if system == PURPOSE_OF_USE and code in _PURPOSES]
    return Why(next(iter(templates + purposes), ""), "emergency" in templates + purposes)


def act_of(action: str, codes: Iterable[str]) -> str:
    """What was done: what the type or subtype tells, else the action; a log without either tells of reading."""
    told = next((_BY_CODE[code] for code in codes if code in _BY_CODE), "")
    return told or _BY_ACTION.get(action, "read")


def was_refused(outcome: str) -> bool:
    """Whether the look-up did not succeed (http://hl7.org/fhir/R4/valueset-audit-event-outcome.html)."""
    return outcome in {"4", "8", "12"}
