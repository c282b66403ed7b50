"""Messages as the journal holds them: each is a Communication, and a Task tells what has become of their thread."""

from base64 import b64encode
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from hashlib import sha1
from typing import Any, Final
from uuid import UUID

from standins.journal.sequence import instant
from standins.journal.taken import Resource

URI: Final = "urn:ietf:rfc:3986"
KIND: Final = "urn:innsyn:message-kind"
STANDING: Final = "urn:innsyn:message-standing"
TASK: Final = "urn:innsyn:task"
KINDS: Final = ("question", "prescription", "appointment", "why", "wrong", "word", "other")
_URN: Final = "urn:uuid:"
_LONG_AGO: Final = datetime.fromtimestamp(0, UTC)


def message_id(resource: Resource) -> str:
    """The UUID of the message that this Communication is; empty for one that is no message."""
    told = resource.get("identifier")
    return _uuid_in(told) if resource.get("resourceType") == "Communication" else ""


def thread_named(resource: Resource) -> str:
    """The UUID of the thread that a message says it belongs to; empty if it says none."""
    return _first_uuid(resource.get("partOf"))


def answered_by(resource: Resource) -> str:
    """The UUID of the message that this one answers; empty for none."""
    return _first_uuid(resource.get("inResponseTo"))


def thread_told_of(task: Resource) -> str:
    """The UUID of the thread that a Task is about; empty for a Task about something else."""
    if task.get("resourceType") != "Task" or code_in([task.get("code", {})], TASK) != "message":
        return ""
    return _uuid_in(task.get("focus", {}).get("identifier"))


def code_in(concepts: Iterable[Resource], system: str) -> str:
    """The first code of that system in CodeableConcepts; empty for none."""
    codings = (coding for concept in concepts for coding in concept.get("coding", ()))
    return next((str(each["code"]) for each in codings if each.get("system") == system), "")


def concept_of(system: str, code: str) -> Resource:
    """A CodeableConcept of that code alone."""
    return {"coding": [{"system": system, "code": code}]}


def is_by_citizen(message: Resource) -> bool:
    """Whether the citizen or a helper wrote it, and not the care team."""
    sender = message.get("sender", {})
    kind = sender.get("type") or str(sender.get("reference", "")).partition("/")[0]
    return kind in {"Patient", "RelatedPerson"}


def text_of(message: Resource) -> str:
    """What it says, without its files."""
    return "\n\n".join(part["contentString"] for part in _payload(message) if "contentString" in part)


def files_of(message: Resource) -> list[Resource]:
    """Its Attachments."""
    return [part["contentAttachment"] for part in _payload(message) if "contentAttachment" in part]


def message(of: Mapping[str, Any], thread: str, id_: str, now: datetime) -> Resource:
    """A Communication of that thread; `of`: what it has beside its names and times."""
    return {
        "resourceType": "Communication",
        "id": UUID(id_).hex,
        "identifier": [named(id_)],
        "partOf": [{"identifier": named(thread)}],
        "status": "completed",
        **of,
        "sent": instant(now),
        "received": instant(now),
    }


def attachment(kind: str, title: str, body: bytes) -> Resource:
    """A file as it stands in a message."""
    digest = b64encode(sha1(body, usedforsecurity=False).digest()).decode()
    told = {"contentType": kind, "title": title, "size": len(body), "hash": digest}
    return told | {"data": b64encode(body).decode()}


def sent_at(message: Resource) -> datetime:
    """When it was sent; long ago for one that does not say."""
    try:
        told = datetime.fromisoformat(str(message.get("sent")))
    except ValueError:
        return _LONG_AGO
    return told if told.tzinfo else told.replace(tzinfo=UTC)


def task_id(thread: str) -> str:
    """The id of the Task that tells of a thread."""
    return f"melding-{UUID(thread).hex}"


def new_task(thread: str, subject: str, now: datetime) -> Resource:
    """What tells of a thread: the journal has its newest message."""
    return {
        "resourceType": "Task",
        "id": task_id(thread),
        "status": "received",
        "intent": "order",
        "code": concept_of(TASK, "message"),
        "focus": {"type": "Communication", "identifier": named(thread)},
        "for": {"reference": subject},
        "authoredOn": instant(now),
        "lastModified": instant(now),
    }


def named(uuid: str) -> Resource:
    """An Identifier that is a UUID."""
    return {"system": URI, "value": f"{_URN}{uuid}"}


def _payload(message: Resource) -> list[Resource]:
    return [part for part in message.get("payload", []) if isinstance(part, dict)]


def _first_uuid(references: Any) -> str:  # noqa: ANN401 - whatever was sent
    for reference in references if isinstance(references, list) else []:
        if isinstance(reference, dict) and (found := _uuid_in(reference.get("identifier"))):
            return found
    return ""


def _uuid_in(told: Any) -> str:  # noqa: ANN401 - whatever was sent
    for one in told if isinstance(told, list) else [told]:
        if isinstance(one, dict) and one.get("system") == URI:
            try:
                return str(UUID(str(one.get("value")).removeprefix(_URN)))
            except ValueError:
                continue
    return ""
