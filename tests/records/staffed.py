"""What a projection stands in when it is tested: a lookup that knows a few resources written by hand."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec

from innsyn.journal.fhir.resources import Resource
from innsyn.journal.lookup import Lookup
from innsyn.records.projected import About, NotShown, Projected

R = TypeVar("R", bound=Resource)
Fhir = dict[str, Any]

RECORDED = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
KARI = {"reference": "Patient/kari"}
OLAV = {"reference": "Patient/olav"}


def lookup_of(*resources: Fhir) -> Lookup:
    """A lookup that has met these resources, under `Kind/id`."""
    lookup = Lookup()
    for resource in resources:
        key = (resource["resourceType"], resource["id"])
        lookup.learn("/".join(key), key, json.dumps(resource).encode())
    return lookup


def project(
    function: Callable[[R, About], Projected | NotShown | None], as_: type[R], resource: Fhir, *others: Fhir
) -> Projected | NotShown | None:
    """What the projection makes of a resource among these others."""
    read = msgspec.json.decode(json.dumps(resource).encode(), type=as_)
    return function(read, About(lookup_of(*others), RECORDED, read.contained))


def shown(
    function: Callable[[R, About], Projected | NotShown | None], as_: type[R], resource: Fhir, *others: Fhir
) -> Projected:
    """The same, where it must be shown."""
    answer = project(function, as_, resource, *others)
    assert isinstance(answer, Projected), answer
    return answer


DOCTOR: Fhir = {
    "resourceType": "Practitioner",
    "id": "berg",
    "name": [{"given": ["Anne"], "family": "Berg"}],
    "telecom": [
        {"system": "phone", "value": "91 00 00 00", "use": "home"},
        {"system": "phone", "value": "74 00 00 01", "use": "work"},
    ],
}
POST: Fhir = {
    "resourceType": "PractitionerRole",
    "id": "berg-post",
    "practitioner": {"reference": "Practitioner/berg"},
    "organization": {"reference": "Organization/lunge"},
    "code": [{"text": "overlege"}],
    "telecom": [{"system": "phone", "value": "74 00 00 02"}],
}
CLINIC: Fhir = {
    "resourceType": "Organization",
    "id": "lunge",
    "name": "Lungepoliklinikken",
    "telecom": [{"system": "phone", "value": "74 00 00 03"}],
    "address": [{"line": ["Sjukhusvegen 1"], "postalCode": "7600", "city": "Levanger", "country": "NO"}],
}
ROOM: Fhir = {
    "resourceType": "Location",
    "id": "rom",
    "name": "Lungepoliklinikken, 2. etasje",
    "address": {"line": ["Sjukhusvegen 1", "Inngang B"], "postalCode": "7600", "city": "Levanger"},
    "managingOrganization": {"reference": "Organization/lunge"},
}
STAFF = (DOCTOR, POST, CLINIC, ROOM)
