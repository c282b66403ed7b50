"""What the journal takes in, before it has a place in the sequence."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

Resource: TypeAlias = dict[str, Any]

# Where a resource says whose record it belongs to, in the order FHIR R4 names it.
_SUBJECT_FIELDS = ("subject", "patient", "for", "beneficiary")


@dataclass(frozen=True)
class Taken:
    """One thing that arrived: who wrote it, when it was taken in, what it says (None: deleted)."""

    source: str
    recorded: datetime
    kind: str
    id: str
    subject: str | None
    resource: Resource | None


def written(source: str, recorded: datetime, resource: Resource) -> Taken:
    """A new or changed resource; its kind, id and subject are read from the resource itself."""
    return Taken(source, recorded, resource["resourceType"], resource["id"], subject_of(resource), resource)


def deleted(source: str, recorded: datetime, kind: str, resource_id: str, subject: str | None) -> Taken:
    """A resource that its source has removed altogether."""
    return Taken(source, recorded, kind, resource_id, subject, None)


def subject_of(resource: Resource) -> str | None:
    """`Patient/id` of the person it is about; None for organisations, practitioners and the like."""
    if resource["resourceType"] == "Patient":
        return f"Patient/{resource['id']}"
    candidates = [resource.get(field) for field in _SUBJECT_FIELDS]
    candidates += [
        participant.get("actor") for participant in resource.get("participant", []) if "actor" in participant
    ]
    for candidate in candidates:
        if isinstance(candidate, dict) and str(candidate.get("reference", "")).startswith("Patient/"):
            return str(candidate["reference"])
    return None
