"""FHIR R4 AuditEvent as HL7 Norway profiles it for the trust framework: who in the health service looked, and why.

https://hl7norway.github.io/AuditEvent/currentbuild/ (no-domain-Trustframework-Auditevent, 0.9.x). R4 has no patient and
no encounter on an AuditEvent; the profile adds them, with the decision that the access stands on, as extensions.
"""

from datetime import datetime
from uuid import UUID

import msgspec

from innsyn.journal.fhir.consent import PERSON, REQUEST
from innsyn.journal.fhir.datatypes import CodeableConcept, Coding, Part, Period, Reference
from innsyn.journal.fhir.resources import Resource

PATIENT = "auditevent-patient-extension"
ENCOUNTER = "auditevent-encounter-extension"
CARE_RELATION = "auditevent-carerelation-metadata-extension"
DECISION = "decision-ref-description"
USER_SELECTED = "decision-ref-user-selected"


class AuditExtension(Part, frozen=True):
    """An extension with the values that the profile uses; urls are told by their last part (`url_end`)."""

    url: str = ""
    value_string: str = ""
    value_boolean: bool | None = None
    value_reference: Reference | None = None
    extension: tuple["AuditExtension", ...] = ()

    @property
    def url_end(self) -> str:
        """The name of the extension: examples and drafts have had several addresses before it."""
        return self.url.rstrip("/").rpartition("/")[2]


class AuditAgent(Part, frozen=True):
    """Somebody or something that took part; `requestor` is who wanted it."""

    type: CodeableConcept | None = None
    role: tuple[CodeableConcept, ...] = ()
    who: Reference | None = None
    name: str = ""
    requestor: bool = False
    location: Reference | None = None
    purpose_of_use: tuple[CodeableConcept, ...] = ()


class AuditEntity(Part, frozen=True):
    """What was opened; `type` is a FHIR type or HL7's own word for it."""

    what: Reference | None = None
    type: Coding | None = None
    role: Coding | None = None
    name: str = ""


class AuditSource(Part, frozen=True):
    """Which system logged it."""

    site: str = ""
    observer: Reference | None = None


class AuditEvent(Resource, frozen=True):
    extension: tuple[AuditExtension, ...] = ()  # type: ignore[assignment]
    type: Coding | None = None
    subtype: tuple[Coding, ...] = ()
    action: str = ""
    period: Period | None = None
    recorded: str = ""
    outcome: str = ""
    purpose_of_event: tuple[CodeableConcept, ...] = ()
    agent: tuple[AuditAgent, ...] = ()
    source: AuditSource | None = None
    entity: tuple[AuditEntity, ...] = ()


class AuditRole(Resource, frozen=True):
    """A PractitionerRole as the profile wants it: one department, one place."""

    practitioner: Reference | None = None
    organization: Reference | None = None
    location: tuple[Reference, ...] = ()
    code: tuple[CodeableConcept, ...] = ()


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """A person asks a unit about look-ups: which ones (`n` of them, between two moments), where, and in what words."""

    id: UUID
    person: UUID
    author: UUID
    at: datetime
    place: str
    reference: str
    begin: datetime
    end: datetime
    n: int
    words: str


def question(asked: Question) -> bytes:
    """The question as a Task (http://hl7.org/fhir/R4/task.html), JSON: requested, of the unit that looked.

    The person is told by an identifier of ours, as in a Consent: whoever delivers puts the journal's own in its place.
    """
    owner = {"type": "Organization", "display": asked.place}
    period = {"start": _instant(asked.begin), "end": _instant(asked.end)}
    told = [
        {"type": {"text": "Tidsrom"}, "valuePeriod": period},
        {"type": {"text": "Antall oppslag"}, "valueInteger": asked.n},
    ]
    if asked.words:
        told.append({"type": {"text": "Spørsmål"}, "valueString": asked.words})
    return msgspec.json.encode(
        {
            "resourceType": "Task",
            "identifier": [{"system": REQUEST, "value": str(asked.id)}],
            "status": "requested",
            "intent": "proposal",
            "code": {"text": "Spørsmål om oppslag i journalen"},
            "description": "Pasienten spør hvorfor journalen ble åpnet.",
            "for": _person(asked.person),
            "authoredOn": _instant(asked.at),
            "requester": _person(asked.author),
            "owner": owner | ({"reference": asked.reference} if asked.reference else {}),
            "input": told,
        }
    )


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def _person(person: UUID) -> dict[str, object]:
    return {"type": "Patient", "identifier": {"system": PERSON, "value": str(person)}}
