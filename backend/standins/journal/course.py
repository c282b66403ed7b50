"""What becomes of what a citizen has sent, as time goes by: the journal decides, and somebody answers."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from standins.journal.taken import Resource

_BASED_ON = "http://hl7.org/fhir/StructureDefinition/event-basedOn"
_OPEN = frozenset({"ready", "requested", "received", "accepted", "in-progress", "on-hold"})
_ANSWER = (
    "Oppslaget ble gjort av en sykepleier som fulgte opp prøvesvaret ditt etter timen. "
    "Ta kontakt med avdelingen hvis du lurer på mer."
)


def next_step(resource: Resource, pace: float) -> tuple[timedelta, dict[str, Any]] | None:
    """After how long it changes, and what changes in it; None: it stays. `pace`: seconds for a step."""
    step = timedelta(seconds=pace)
    match resource["resourceType"], resource.get("status"):
        case "Consent", "proposed":
            return 2 * step, {"status": "active"}
        case "Task", "requested":
            return step, {"status": "accepted"}
        case "Task", "accepted":
            output = [{"type": {"text": "Svar"}, "valueString": _ANSWER}]
            return 3 * step, {"status": "completed", "output": output}
        case _:
            return None


def ended_by(resource: Resource, other: Resource) -> dict[str, Any] | None:
    """What changes in `other` because `resource` has come: a withdrawal ends what it is about, an answer its Task."""
    if resource["resourceType"] == "QuestionnaireResponse":
        return _done(resource, other)
    withdraws = resource["resourceType"] == "Consent" and resource.get("status") == "inactive"
    if withdraws and other.get("status") != "inactive" and _requests(resource) & _requests(other):
        return {"status": "inactive"}
    return None


def _done(response: Resource, task: Resource) -> dict[str, Any] | None:
    """A Task is answered by whoever says so about the same citizen, as long as it is open."""
    if task["resourceType"] != "Task" or task.get("status") not in _OPEN:
        return None
    if response["subject"].get("reference") != task["for"].get("reference"):
        return None
    if not any(_names(reference, task) for reference in _based_on(response)):
        return None
    answer = {"reference": f"QuestionnaireResponse/{response['id']}"}
    return {"status": "completed", "output": [{"type": {"text": "Svar"}, "valueReference": answer}]}


def _based_on(response: Resource) -> Iterator[Resource]:
    for extension in response.get("extension", []):
        if extension.get("url") == _BASED_ON:
            yield extension.get("valueReference", {})


def _names(reference: Resource, task: Resource) -> bool:
    if reference.get("reference") == f"Task/{task['id']}":
        return True
    told = reference.get("identifier") or {}
    return any(
        (one.get("system"), one.get("value")) == (told.get("system"), told.get("value"))
        for one in identifiers_of(task)
    )


def identifiers_of(resource: Resource) -> list[Resource]:
    """Its identifiers, of which R4 gives some kinds one and others a list."""
    told = resource.get("identifier", [])
    return [one for one in (told if isinstance(told, list) else [told]) if isinstance(one, dict)]


def _requests(resource: Resource) -> set[str]:
    return {one["value"] for one in identifiers_of(resource) if one.get("system") == "urn:innsyn:request"}
