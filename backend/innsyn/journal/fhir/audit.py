"""FHIR R4 AuditEvent as HL7 Norway profiles it for the trust framework: who in the health service looked, and why.

https://hl7norway.github.io/AuditEvent/currentbuild/ (no-domain-Trustframework-Auditevent, 0.9.x). R4 has no patient and
no encounter on an AuditEvent; the profile adds them, with the decision that the access stands on, as extensions.
"""

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
