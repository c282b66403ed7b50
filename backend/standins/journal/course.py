"""What becomes of what a citizen has sent, as time goes by: the journal decides, and somebody answers."""

from datetime import timedelta
from typing import Any

from standins.journal.taken import Resource

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
    """What changes in `other` because `resource` has come: a withdrawal ends what it is about."""
    withdraws = resource["resourceType"] == "Consent" and resource.get("status") == "inactive"
    if withdraws and other.get("status") != "inactive" and _requests(resource) & _requests(other):
        return {"status": "inactive"}
    return None


def _requests(resource: Resource) -> set[str]:
    return {
        one["value"] for one in resource.get("identifier", []) if one.get("system") == "urn:innsyn:request"
    }
