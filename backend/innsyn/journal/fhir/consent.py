"""FHIR R4 Consent (http://hl7.org/fhir/R4/consent.html): what is asked of the journal, and what it answers.

Whom and what it is about is told by identifiers of ours (PERSON, ENTRY): no national number stands in what waits to be
sent. Whoever delivers puts the journal's own references in their place.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from innsyn.journal.fhir.datatypes import Reference
from innsyn.journal.fhir.resources import Resource

REQUEST: Final = "urn:innsyn:request"
PERSON: Final = "urn:innsyn:person"
ENTRY: Final = "urn:innsyn:entry"
_TERMINOLOGY: Final = "http://terminology.hl7.org/CodeSystem/"
_PRIVACY: Final = {"coding": [{"system": f"{_TERMINOLOGY}consentscope", "code": "patient-privacy"}]}
_RECEIVER: Final = {"coding": [{"system": f"{_TERMINOLOGY}v3-ParticipationType", "code": "IRCP"}]}


class Consent(Resource, frozen=True):
    """A Consent as the journal sends it back."""

    status: str = ""
    patient: Reference | None = None


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A Consent to send. `actor`: the FHIR type and the name of whom it is against; `entry`: the one it is about.

    `action` is a code of consentaction (access, collect), `category` of v3-ActCode (INFA, ICOL), `law` what it stands
    on, `tag` a coding that tells how a reader of the journal will meet it.
    """

    request: UUID
    person: UUID
    author: UUID
    at: datetime
    category: str
    action: str
    law: str
    tag: Mapping[str, str]
    actor: tuple[str, str] | None = None
    entry: UUID | None = None


def asked(consent: Asked) -> bytes:
    """The Consent as JSON, proposed: the journal decides."""
    return msgspec.json.encode(_consent(consent, "proposed"))


def withdrawn(consent: Asked) -> bytes:
    """The same Consent, asked to be in force no longer."""
    return msgspec.json.encode(_consent(consent, "inactive"))


def _consent(consent: Asked, status: str) -> dict[str, Any]:
    return {
        "resourceType": "Consent",
        "meta": {"tag": [consent.tag]},
        "identifier": [{"system": REQUEST, "value": str(consent.request)}],
        "status": status,
        "scope": _PRIVACY,
        "category": [{"coding": [{"system": f"{_TERMINOLOGY}v3-ActCode", "code": consent.category}]}],
        "patient": _person(consent.person),
        "dateTime": consent.at.isoformat(timespec="seconds"),
        "performer": [_person(consent.author)],
        "policyRule": {"text": consent.law},
        "provision": _provision(consent),
    }


def _provision(consent: Asked) -> dict[str, Any]:
    provision: dict[str, Any] = {
        "type": "deny",
        "action": [{"coding": [{"system": f"{_TERMINOLOGY}consentaction", "code": consent.action}]}],
    }
    if consent.actor is not None:
        kind, name = consent.actor
        provision["actor"] = [{"role": _RECEIVER, "reference": {"type": kind, "display": name}}]
    if consent.entry is not None:
        reference = {"identifier": {"system": ENTRY, "value": str(consent.entry)}}
        provision["data"] = [{"meaning": "instance", "reference": reference}]
    return provision


def _person(person: UUID) -> dict[str, Any]:
    return {"type": "Patient", "identifier": {"system": PERSON, "value": str(person)}}
