"""What goes between us and a server of R4 topic subscriptions: the promise we ask for, and what it says of its events.

http://hl7.org/fhir/uv/subscriptions-backport (1.1.0).
"""

import re
from datetime import datetime

import msgspec

from innsyn.journal.limits import Unfit
from innsyn.journal.lookup import Key
from innsyn.journal.unpacking import items_of, members_of, text_of

SECRET_HEADER = "x-innsyn-subscription"  # noqa: S105 - its name
_EXTENSIONS = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/"
_MOST_NUMBER = 2**62
_POINTS_AT = re.compile(r"(?:^|/)([A-Z][A-Za-z]{1,63})/([A-Za-z0-9\-.]{1,64})(?:/_history/[^/]*)?$").search


class Event(msgspec.Struct, frozen=True):
    """Something that has happened to a resource. `key` is None where the server does not say to which one."""

    number: int
    key: Key | None
    is_deletion: bool = False


class Notified(msgspec.Struct, frozen=True):
    """What a notification or an answer about events says: `total` have happened since the subscription began."""

    type: str
    status: str
    total: int
    events: tuple[Event, ...] = ()

    @property
    def highest(self) -> int:
        """The newest event that is told of."""
        return max((self.total, *(each.number for each in self.events)))


class NoNotification(Unfit):
    """A text that says nothing about a subscription."""

    reason = "not_an_entry"


def subscription(topic: str, endpoint: str, secret: str, heartbeat: int, end: datetime) -> dict[str, object]:
    """The Subscription to ask for: ids alone, by rest-hook, a heartbeat every so many seconds, until `end`."""
    return {
        "resourceType": "Subscription",
        "meta": {"profile": [f"{_EXTENSIONS}backport-subscription"]},
        "status": "requested",
        "reason": "A citizen's view of the shared journal",
        "criteria": topic,
        "end": end.isoformat(timespec="seconds"),
        "channel": {
            "extension": [{"url": f"{_EXTENSIONS}backport-heartbeat-period", "valueUnsignedInt": heartbeat}],
            "type": "rest-hook",
            "endpoint": endpoint,
            "payload": "application/fhir+json",
            "_payload": {
                "extension": [{"url": f"{_EXTENSIONS}backport-payload-content", "valueCode": "id-only"}]
            },
            "header": [f"{SECRET_HEADER}: {secret}"],
        },
    }


class _Reference(msgspec.Struct, frozen=True):
    reference: str = ""


class _Parameter(msgspec.Struct, frozen=True, rename="camel"):
    name: str = ""
    value_string: str = ""
    value_code: str = ""
    value_integer: int | None = None
    value_unsigned_int: int | None = None
    value_integer64: int | str | None = msgspec.field(name="valueInteger64", default=None)
    value_reference: _Reference = _Reference()
    part: "tuple[_Parameter, ...]" = ()

    @property
    def number(self) -> int:
        """64 bits are more than an R4 integer has, so a number can come as a string."""
        told = (self.value_integer64, self.value_unsigned_int, self.value_integer, self.value_string)
        for value in told:
            if isinstance(value, int) or (value and value.isdecimal()):
                return min(int(value), _MOST_NUMBER)
        return 0


class _Parameters(msgspec.Struct, frozen=True, tag_field="resourceType", tag="Parameters"):
    parameter: tuple[_Parameter, ...] = ()


_decode = msgspec.json.Decoder(_Parameters).decode


def notified_in(text: bytes) -> Notified:
    """What a notification Bundle, or the answer to $events or $status, says. Raises an Unfit for anything else."""
    bundle = members_of(text)
    if text_of(bundle.get("resourceType", b"")) != "Bundle":
        raise NoNotification("The text is no Bundle.")
    entries = [members_of(item) for item in items_of(bundle.get("entry", b"[]"))]
    if not entries:
        raise NoNotification("The Bundle says nothing of a subscription.")
    try:
        parameters = _decode(entries[0].get("resource", b"{}")).parameter
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise NoNotification("The Bundle begins with no status of a subscription.") from None
    deleted = {key for entry in entries[1:] if (key := _deleted(entry)) is not None}
    told = {each.name: each for each in parameters}
    nothing = _Parameter()
    return Notified(
        type=told.get("type", nothing).value_code,
        status=told.get("status", nothing).value_code,
        total=told.get("events-since-subscription-start", nothing).number,
        events=tuple(_event(each, deleted) for each in parameters if each.name == "notification-event"),
    )


def _event(told: _Parameter, deleted: set[Key]) -> Event:
    parts = {each.name: each for each in told.part}
    number = parts["event-number"].number if "event-number" in parts else 0
    focus = parts["focus"].value_reference.reference if "focus" in parts else ""
    key = key_in(focus)
    return Event(number, key, key in deleted)


def _deleted(entry: dict[str, bytes]) -> Key | None:
    request = members_of(entry["request"]) if "request" in entry else {}
    if text_of(request.get("method", b"")) != "DELETE":
        return None
    return key_in(text_of(request.get("url", b"")) or text_of(entry.get("fullUrl", b"")))


def key_in(reference: str) -> Key | None:
    """(kind, id) of what a reference or an address points at."""
    found = _POINTS_AT(reference)
    return (found[1], found[2]) if found else None
