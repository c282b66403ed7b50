"""What is written here as FHIR: a Communication (http://hl7.org/fhir/R4/communication.html) and a Task about a thread.

Whom and what it is about is told by identifiers of ours: whoever delivers puts the journal's own references in their
place (journal/delivery_bundle.py).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from innsyn.journal.fhir.consent import ENTRY, PERSON

KIND: Final = "urn:innsyn:message-kind"
TASK: Final = "urn:innsyn:task"
STANDING: Final = "urn:innsyn:message-standing"
_URI: Final = "urn:ietf:rfc:3986"


class Attached(msgspec.Struct, frozen=True):
    """A file that goes with it; `data` is base64."""

    media_type: str
    title: str
    data: str


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """A message to send. `unit_ref` is Kind/id in the journal, '' where there is only a name.

    `answers`: the message before it; `entry`: what it is about.
    """

    message_id: UUID
    thread_id: UUID
    person: UUID
    author: UUID
    at: datetime
    kind: str
    topic: str
    text: str
    unit_ref: str
    unit: str
    answers: UUID | None = None
    entry: UUID | None = None
    files: Sequence[Attached] = ()


def communication(written: Written) -> bytes:
    """The message as JSON."""
    payload: list[dict[str, Any]] = [{"contentString": written.text}] if written.text else []
    payload += [
        {"contentAttachment": {"contentType": each.media_type, "title": each.title, "data": each.data}}
        for each in written.files
    ]
    recipient = {"reference": written.unit_ref} if written.unit_ref else {}
    made: dict[str, Any] = {
        "resourceType": "Communication",
        "identifier": [_uuid(written.message_id)],
        "partOf": [{"type": "Communication", "identifier": _uuid(written.thread_id)}],
        "status": "completed",
        "category": [{"coding": [{"system": KIND, "code": written.kind or "other"}]}],
        "topic": {"text": written.topic},
        "subject": _person(written.person),
        "sender": _person(written.author),
        "recipient": [{**recipient, "display": written.unit}],
        "sent": written.at.isoformat(timespec="milliseconds"),
        "payload": payload,
    }
    if written.answers is not None:
        made["inResponseTo"] = [{"type": "Communication", "identifier": _uuid(written.answers)}]
    if written.entry is not None:
        made["about"] = [{"identifier": {"system": ENTRY, "value": str(written.entry)}}]
    return msgspec.json.encode(made)


class Closing(msgspec.Struct, frozen=True, kw_only=True):
    """The citizen says that a thread is solved."""

    told_id: UUID
    thread_id: UUID
    person: UUID
    author: UUID
    at: datetime


def closing(said: Closing) -> bytes:
    """That as a Task about the thread, JSON."""
    at = said.at.isoformat(timespec="milliseconds")
    return msgspec.json.encode(
        {
            "resourceType": "Task",
            "identifier": [_uuid(said.told_id)],
            "status": "completed",
            "businessStatus": {"coding": [{"system": STANDING, "code": "closed"}]},
            "intent": "order",
            "code": {"coding": [{"system": TASK, "code": "message"}]},
            "focus": {"type": "Communication", "identifier": _uuid(said.thread_id)},
            "for": _person(said.person),
            "requester": _person(said.author),
            "authoredOn": at,
            "lastModified": at,
        }
    )


def _uuid(id_: UUID) -> dict[str, str]:
    return {"system": _URI, "value": f"urn:uuid:{id_}"}


def _person(person: UUID) -> dict[str, object]:
    return {"type": "Patient", "identifier": {"system": PERSON, "value": str(person)}}
