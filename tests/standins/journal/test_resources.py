"""Every resource of the demo is sound FHIR R4: required fields, codes, ids, dates, references, files."""

import io
import re
from base64 import b64decode
from collections import Counter
from collections.abc import Iterator
from hashlib import sha1
from typing import Any

import pikepdf
from defusedxml.ElementTree import fromstring
from PIL import Image

from standins.journal.demo.record import DANGLING
from standins.journal.sequence import Entry, Journal
from standins.journal.taken import Resource

ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
DATE_TIME = re.compile(
    r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])(T[0-2]\d:[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]\d\d:\d\d))?)?)?"
)

REQUIRED = {
    "AllergyIntolerance": {"patient"},
    "Appointment": {"status", "participant"},
    "AuditEvent": {"type", "recorded", "agent", "source"},
    "CarePlan": {"status", "intent", "subject"},
    "CareTeam": set(),
    "Communication": {"status"},
    "Composition": {"status", "type", "date", "author", "title"},
    "Condition": {"subject"},
    "Consent": {"status", "scope", "category", "policyRule"},
    "DiagnosticReport": {"status", "code"},
    "DocumentReference": {"status", "content"},
    "Encounter": {"status", "class"},
    "Flag": {"status", "code", "subject"},
    "HealthcareService": set(),
    "Immunization": {"status", "vaccineCode", "patient", "occurrenceDateTime"},
    "Location": set(),
    "MedicationRequest": {"status", "intent", "subject"},
    "MedicationStatement": {"status", "subject"},
    "Observation": {"status", "code"},
    "Organization": {"name"},
    "Patient": {"identifier", "name"},
    "Practitioner": set(),
    "PractitionerRole": set(),
    "Procedure": {"status", "subject"},
    "Questionnaire": {"status", "url", "version", "item"},
    "RelatedPerson": {"patient"},
    "ServiceRequest": {"status", "intent", "subject"},
    "Task": {"status", "intent"},
}

STATUS = {
    "Appointment": {
        "proposed",
        "pending",
        "booked",
        "arrived",
        "fulfilled",
        "cancelled",
        "noshow",
        "waitlist",
    },
    "CarePlan": {"draft", "active", "on-hold", "revoked", "completed", "unknown"},
    "CareTeam": {"proposed", "active", "suspended", "inactive"},
    "Composition": {"preliminary", "final", "amended", "entered-in-error"},
    "Consent": {"draft", "proposed", "active", "rejected", "inactive", "entered-in-error"},
    "DiagnosticReport": {
        "registered",
        "partial",
        "preliminary",
        "final",
        "amended",
        "corrected",
        "cancelled",
    },
    "DocumentReference": {"current", "superseded", "entered-in-error"},
    "Encounter": {"planned", "arrived", "in-progress", "finished", "cancelled"},
    "Flag": {"active", "inactive", "entered-in-error"},
    "Immunization": {"completed", "entered-in-error", "not-done"},
    "Location": {"active", "suspended", "inactive"},
    "MedicationRequest": {
        "active",
        "on-hold",
        "cancelled",
        "completed",
        "entered-in-error",
        "stopped",
        "draft",
    },
    "MedicationStatement": {
        "active",
        "completed",
        "entered-in-error",
        "intended",
        "stopped",
        "on-hold",
        "not-taken",
    },
    "Observation": {
        "registered",
        "preliminary",
        "final",
        "amended",
        "corrected",
        "cancelled",
        "entered-in-error",
    },
    "Procedure": {
        "preparation",
        "in-progress",
        "not-done",
        "on-hold",
        "stopped",
        "completed",
        "entered-in-error",
    },
    "Questionnaire": {"draft", "active", "retired", "unknown"},
    "ServiceRequest": {"draft", "active", "on-hold", "revoked", "completed", "entered-in-error"},
    "Task": {
        "draft",
        "requested",
        "received",
        "accepted",
        "rejected",
        "ready",
        "cancelled",
        "in-progress",
        "completed",
    },
}


def test_every_resource_has_what_r4_requires(journal: Journal) -> None:
    lacking = [
        (entry.taken.id, missing)
        for entry, resource in resources(journal)
        if (missing := REQUIRED[entry.taken.kind] - {field for field, value in resource.items() if value})
    ]
    assert lacking == []


def test_every_status_is_one_that_r4_knows(journal: Journal) -> None:
    wrong = [
        (entry.taken.id, resource["status"])
        for entry, resource in resources(journal)
        if entry.taken.kind in STATUS and resource.get("status", "active") not in STATUS[entry.taken.kind]
    ]
    assert wrong == []


def test_ids_are_legal_and_belong_to_one_kind_and_source(journal: Journal) -> None:
    homes: dict[tuple[str, str], set[str]] = {}
    for entry in journal.entries:
        homes.setdefault((entry.taken.kind, entry.taken.id), set()).add(entry.taken.source)
    assert [key for key in homes if not ID.fullmatch(key[1])] == []
    assert [key for key, sources in homes.items() if len(sources) > 1] == []


def test_nothing_is_empty_and_every_date_is_a_date(journal: Journal) -> None:
    found = [
        (entry.taken.id, path, value)
        for entry, resource in resources(journal)
        for path, value in leaves(resource)
    ]
    assert [leaf for leaf in found if leaf[2] in ("", [], {}, None)] == []
    dates = [
        leaf for leaf in found if re.search(r"(date|dateTime|DateTime|authoredOn|issued|recorded)$", leaf[1])
    ]
    assert [leaf for leaf in dates if not DATE_TIME.fullmatch(str(leaf[2]))] == []


def test_references_lead_somewhere_except_those_that_shall_not(journal: Journal) -> None:
    known = {f"{entry.taken.kind}/{entry.taken.id}" for entry in journal.entries}
    referred = {
        str(value)
        for _, resource in resources(journal)
        for path, value in leaves(resource)
        if path.endswith(".reference") and not str(value).startswith("#")
    }
    by_search = {reference for reference in referred if "?identifier=" in reference}
    assert referred - known - by_search == set(DANGLING)
    assert {search.split("|")[1] for search in by_search} <= set(register_numbers(journal))


def test_contained_references_lead_into_their_own_resource(journal: Journal) -> None:
    inside = [
        (resource["id"], value, {f"#{one['id']}" for one in resource.get("contained", [])})
        for _, resource in resources(journal)
        for path, value in leaves(resource)
        if path.endswith(".reference") and str(value).startswith("#")
    ]
    assert [(owner, value) for owner, value, contained in inside if value not in contained] == []
    of_the_record = [owner for owner, _, _ in inside if "-innsyn-" not in owner]
    assert of_the_record == ["amir-haddad-rifampicin"]
    assert len(inside) > len(of_the_record)  # a log carries those who looked


def test_norwegian_codes_come_under_all_three_addresses(journal: Journal) -> None:
    systems = Counter(
        str(value)
        for _, resource in resources(journal)
        for path, value in leaves(resource)
        if path.endswith(".system")
    )
    laboratory = {system for system in systems if "7280" in system}
    assert laboratory == {
        "urn:oid:2.16.578.1.12.4.1.1.7280",
        "http://ehelse.no/fhir/CodeSystem/no-kodeverk-7280-nlk",
        "http://helsedir.no/fhir/CodeSystem/no-kodeverk-7280",
    }


def test_files_are_what_they_say(journal: Journal) -> None:
    kinds = Counter[str]()
    for file in attachments(journal):
        content = b64decode(file["data"])
        assert (len(content), b64decode(file["hash"])) == (
            file["size"],
            sha1(content, usedforsecurity=False).digest(),
        )
        kinds[file["contentType"]] += 1
        OPENERS[file["contentType"]](content)
    assert set(kinds) == set(OPENERS)


def test_narratives_are_well_formed(journal: Journal) -> None:
    divs = [
        value
        for _, resource in resources(journal)
        for path, value in leaves(resource)
        if path.endswith(".div")
    ]
    assert len(divs) > 20
    assert {fromstring(str(div)).tag for div in divs} == {"{http://www.w3.org/1999/xhtml}div"}


def resources(journal: Journal) -> Iterator[tuple[Entry, Resource]]:
    return ((entry, entry.resource) for entry in journal.entries if entry.resource is not None)


def leaves(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    if isinstance(value, dict) and value:
        for field, inner in value.items():
            yield from leaves(inner, f"{path}.{field}")
    elif isinstance(value, list) and value:
        for inner in value:
            yield from leaves(inner, path)
    else:
        yield path, value


def register_numbers(journal: Journal) -> Iterator[str]:
    return (
        one["identifier"][0]["value"]
        for entry, one in resources(journal)
        if entry.taken.kind == "Practitioner"
    )


def attachments(journal: Journal) -> Iterator[dict[str, Any]]:
    for entry, resource in resources(journal):
        if entry.taken.kind == "DocumentReference":
            yield from (content["attachment"] for content in resource["content"])


def open_pdf(content: bytes) -> None:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert (len(pdf.pages) >= 1, str(pdf.Root.Lang)) == (True, "nb-NO")


def open_picture(content: bytes) -> None:
    with Image.open(io.BytesIO(content)) as picture:
        picture.verify()


def open_page(content: bytes) -> None:
    assert fromstring(content).tag == "{http://www.w3.org/1999/xhtml}html"


def open_text(content: bytes) -> None:
    assert content.decode().strip()


OPENERS = {
    "application/pdf": open_pdf,
    "image/png": open_picture,
    "application/xhtml+xml": open_page,
    "text/plain; charset=utf-8": open_text,
}
