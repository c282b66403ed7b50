"""Messages, what is told of their threads, and units, as the journal's feed tells of them."""

from typing import Any
from uuid import UUID, uuid5

from innsyn.messages.naming import URN
from world import Resource, World

_SPACE = UUID("6a0f7c32-62ad-4d4c-9f0a-1c3f5b8a7d10")
KIND = "urn:innsyn:message-kind"
STANDING = "urn:innsyn:message-standing"
GP = {"reference": "HealthcareService/gp", "display": "Nordli legesenter"}


def uuid(name: str) -> UUID:
    """The same for the same name."""
    return uuid5(_SPACE, name)


def named(name: str) -> Resource:
    """An identifier of ours."""
    return {"system": "urn:ietf:rfc:3986", "value": f"{URN}{uuid(name)}"}


def concept(system: str, code: str) -> Resource:
    """A CodeableConcept of that code."""
    return {"coding": [{"system": system, "code": code}]}


def written(
    name: str,
    thread: str = "t",
    *,
    of: str = "kari",
    text: str = "Kan jeg få ny resept?",
    at: str = "2026-11-20T10:00:00Z",
    **more: Any,  # noqa: ANN401
) -> Resource:
    """A message from the citizen to the unit."""
    return {
        "resourceType": "Communication",
        "id": name,
        "identifier": [named(name)],
        "partOf": [{"identifier": named(thread)}],
        "status": "completed",
        "category": [concept(KIND, "question")],
        "topic": {"text": "Resept"},
        "subject": {"reference": f"Patient/{of}"},
        "sender": {"reference": f"Patient/{of}"},
        "recipient": [GP],
        "sent": at,
        "payload": [{"contentString": text}],
        **more,
    }


def answered(
    name: str,
    to: str = "m",
    thread: str = "t",
    *,
    of: str = "kari",
    **more: Any,  # noqa: ANN401
) -> Resource:
    """A message from the unit to the citizen."""
    told = {
        "text": "Den er sendt.",
        "at": "2026-11-21T08:00:00Z",
        "sender": GP,
        "recipient": [{"reference": f"Patient/{of}"}],
        "inResponseTo": [{"identifier": named(to)}],
        **more,
    }
    return written(name, thread, of=of, **told)


def told(
    standing: str,
    thread: str = "t",
    *,
    of: str = "kari",
    at: str = "2026-11-20T12:00:00Z",
    status: str = "accepted",
    **more: Any,  # noqa: ANN401
) -> Resource:
    """The Task that tells how a thread stands."""
    return {
        "resourceType": "Task",
        "id": f"told-{thread}",
        "status": status,
        "intent": "order",
        "code": concept("urn:innsyn:task", "message"),
        "businessStatus": concept(STANDING, standing),
        "focus": {"type": "Communication", "identifier": named(thread)},
        "for": {"reference": f"Patient/{of}"},
        "lastModified": at,
        **more,
    }


def unit(id_: str = "gp", **more: Any) -> Resource:  # noqa: ANN401
    """Somebody to write to."""
    return {
        "resourceType": "HealthcareService",
        "id": id_,
        "active": True,
        "name": "Nordli legesenter",
        "type": [concept(KIND, "question"), concept(KIND, "prescription")],
        "eligibility": [{"code": concept("urn:innsyn:may-write", "everyone")}],
        **more,
    }


async def threads(world: World, *columns: str) -> list[tuple[object, ...]]:
    """Whose, and these columns of all threads."""
    names = ", ".join(f"t.{each}" for each in columns)
    rows = await world.owner.fetch(
        f"SELECT p.given_name, {names} FROM message.thread t JOIN identity.person p USING (person_id) "  # noqa: S608
        "ORDER BY p.given_name, t.started_at, t.thread_id"
    )
    return [tuple(row) for row in rows]


async def messages(world: World, *columns: str) -> list[tuple[object, ...]]:
    """Whose, and these columns of all messages."""
    names = ", ".join(f"m.{each}" for each in columns)
    rows = await world.owner.fetch(
        f"SELECT p.given_name, {names} FROM message.message m JOIN identity.person p USING (person_id) "  # noqa: S608
        "ORDER BY p.given_name, m.sent_at, m.message_id"
    )
    return [tuple(row) for row in rows]
