"""What the care team does, as resources: what the journal takes in, and nothing where it is done already.

A message or a Task gets its id from the key of the page that it was written on: sent twice, it is made once.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from standins.journal.desk import KEEPER, Desk, Held, Thread, ended
from standins.journal.messages import (
    KIND,
    STANDING,
    attachment,
    code_in,
    concept_of,
    is_by_citizen,
    message,
    named,
    new_task,
    text_of,
)
from standins.journal.sequence import instant
from standins.journal.taken import Resource

Said = tuple[str, Resource]  # the source that says it, and what
_RELEASE = "urn:innsyn:release-class"
_RELEASE_AT = "urn:innsyn:release-at"
_HELD_BACK = frozenset({"2", "3"})
_AREA = {"system": "urn:oid:2.16.578.1.12.4.1.1.7618", "code": "3", "display": "Helsehjelp (Full)"}


class File(NamedTuple):
    """What is sent along."""

    kind: str
    name: str
    body: bytes


class Writing(NamedTuple):
    """What somebody of the care team has written: by the key of the page, as whom, and with which file."""

    key: str
    sender: Resource
    text: str
    file: File | None = None


def read(thread: Thread, now: datetime) -> list[Said]:
    """Somebody has looked at what the citizen wrote."""
    if thread.standing not in {"", "handed_on"}:
        return []
    return [_told(thread, "read", "accepted", now)]


def answer(thread: Thread, unit: Held, written: Writing, now: datetime) -> list[Said]:
    """Somebody answers the newest message of the citizen, who sees it at once."""
    sent = _message(thread, written, thread.first["subject"], now)
    return [(unit.source, sent), _told(thread, "answered", "in-progress", now)]


def hand_on(thread: Thread, unit: Held, to: Held, written: Writing, now: datetime) -> list[Said]:
    """Another unit has it from now on; what was written to them stands in the thread."""
    if thread.unit == to.resource["id"]:
        return []
    owner = _named(to)
    source, task = _told(thread, "handed_on", "in-progress", now)
    told: list[Said] = [(source, task | {"owner": owner})]
    if not written.text:
        return told
    return [(unit.source, _message(thread, written, owner, now)), *told]


def close(thread: Thread, now: datetime) -> list[Said]:
    """There is no more to say."""
    return [] if thread.standing == "closed" else [(KEEPER, ended(thread, now))]


def decide(thread: Thread, text: str, now: datetime, *, is_corrected: bool) -> list[Said]:
    """What became of what the citizen asked to have corrected or explained; that ends the thread."""
    output = [{"type": {"text": "note"}, "valueString": text}]
    if thread.task.get("output") == output:
        return []
    task = {name: value for name, value in ended(thread, now).items() if name != "statusReason"}
    if not is_corrected:
        task |= {"status": "rejected", "statusReason": {"text": text}}
    return [(KEEPER, task | {"output": output})]


def correct(held: Held, text: str) -> list[Said]:
    """The same message with other words."""
    if is_by_citizen(held.resource) or text == text_of(held.resource):
        return []
    files = [part for part in held.resource["payload"] if "contentAttachment" in part]
    return [(held.source, held.resource | {"payload": [{"contentString": text}, *files]})]


def recall(held: Held) -> list[Said]:
    """The message was a mistake."""
    if is_by_citizen(held.resource) or held.resource["status"] == "entered-in-error":
        return []
    return [(held.source, held.resource | {"status": "entered-in-error"})]


def begin(
    unit: Held, patient: Resource, topic: str, kind: str, written: Writing, now: datetime
) -> list[Said]:
    """A thread that the unit begins."""
    subject = {"reference": f"Patient/{patient['id']}"}
    content = {"category": [concept_of(KIND, kind)], "topic": {"text": topic}, "subject": subject}
    sent = message(content | _written(written, subject), written.key, written.key, now)
    task = new_task(written.key, subject["reference"], now) | {"owner": _named(unit)}
    return [(unit.source, sent), (KEEPER, task | _standing("answered", "in-progress", now))]


def ask_form(form: Held, patient: Resource, days: int, key: str, now: datetime) -> list[Said]:
    """Somebody is asked to answer a form within so many days."""
    resource = form.resource
    end = (now + timedelta(days)).replace(hour=22, minute=59, second=0, microsecond=0)
    task: Resource = {
        "resourceType": "Task",
        "id": UUID(key).hex,
        "meta": {"security": [_AREA]},
        "identifier": [named(key)],
        "status": "ready",
        "intent": "order",
        "description": resource["title"],
        "focus": {"type": "Questionnaire", "display": resource["title"]} | _form_named(resource),
        "for": {"reference": f"Patient/{patient['id']}"},
        "authoredOn": instant(now),
        "lastModified": instant(now),
        "requester": {"reference": f"Organization/{form.source}"},
        "restriction": {"period": {"end": instant(end)}},
    }
    return [(form.source, task)]


def held_back(desk: Desk) -> list[Held]:
    """What waits for somebody in the care team to show it, without the parts of what waits as a whole."""
    waiting = [each for each in desk.everything() if _is_held_back(each)]
    parts = {name for each in waiting for name in _parts(each.resource)}
    return [each for each in waiting if f"{each.resource['resourceType']}/{each.resource['id']}" not in parts]


def release(desk: Desk, held: Held) -> list[Said]:
    """From now on the citizen may see it, with its parts."""
    found, told = [held], list[Said]()
    while found:
        each = found.pop()
        if _is_held_back(each):
            told.append((each.source, _released(each.resource)))
        parts = [desk.find(*name.split("/", 1)) for name in _parts(each.resource)]
        found += [part for part in parts if part and _is_held_back(part)]
    return told[::-1]


def _told(thread: Thread, standing: str, status: str, now: datetime) -> Said:
    begun = {"executionPeriod": thread.task.get("executionPeriod", {"start": instant(now)})}
    return KEEPER, thread.task | begun | _standing(standing, status, now)


def _standing(standing: str, status: str, now: datetime) -> Resource:
    told = {"status": status, "lastModified": instant(now)}
    return told | {"businessStatus": concept_of(STANDING, standing)}


def _message(thread: Thread, written: Writing, to: Resource, now: datetime) -> Resource:
    same = {name: thread.first[name] for name in ("category", "topic", "subject") if name in thread.first}
    answers = {"inResponseTo": [{"identifier": named(thread.answers_to())}]}
    return message(same | answers | _written(written, to), thread.id, written.key, now)


def _written(written: Writing, to: Resource) -> Resource:
    payload: list[Resource] = [{"contentString": written.text}] if written.text else []
    if file := written.file:
        payload.append({"contentAttachment": attachment(file.kind, file.name, file.body)})
    return {"recipient": [to], "sender": written.sender, "payload": payload}


def _named(unit: Held) -> Resource:
    return {"reference": f"HealthcareService/{unit.resource['id']}", "display": unit.resource["name"]}


def _form_named(form: Resource) -> Resource:
    identifiers: Sequence[Resource] = form.get("identifier", ())
    if identifiers:
        return {"identifier": identifiers[0]}
    return {"reference": f"{form['url']}|{form['version']}"}


def _is_held_back(held: Held) -> bool:
    return code_in([{"coding": _tags(held.resource)}], _RELEASE) in _HELD_BACK


def _tags(resource: Resource) -> list[Resource]:
    tags: list[Resource] = resource.get("meta", {}).get("tag", [])
    return tags


def _parts(resource: Resource) -> list[str]:
    told = [*resource.get("result", ()), *resource.get("hasMember", ())]
    return [str(each["reference"]) for each in told if "/" in str(each.get("reference", ""))]


def _released(resource: Resource) -> Resource:
    tags = [tag for tag in _tags(resource) if tag.get("system") != _RELEASE]
    extensions = [each for each in resource.get("extension", []) if each.get("url") != _RELEASE_AT]
    made = resource | {"meta": resource["meta"] | {"tag": [*tags, {"system": _RELEASE, "code": "1"}]}}
    made.pop("extension", None)
    return made | ({"extension": extensions} if extensions else {})
