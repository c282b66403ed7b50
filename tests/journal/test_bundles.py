"""Every type of bundle, and what its entries are called."""

import json
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest

from innsyn.journal.bundles import Load, entries_in
from innsyn.journal.port import Entry, Unusable

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
URN = "urn:uuid:6d367230-21b3-5816-8d8c-5239028c388f"


def found_in(text: str | bytes | dict[str, Any]) -> list[Entry | Unusable]:
    said = json.dumps(text) if isinstance(text, dict) else text
    return list(entries_in(said.encode() if isinstance(said, str) else said, Load("st-olavs", AT, count(1))))


def entries(type_: str, *entry: dict[str, Any]) -> list[Entry]:
    found = found_in({"resourceType": "Bundle", "type": type_, "entry": list(entry)})
    assert all(isinstance(one, Entry) for one in found), found
    return [one for one in found if isinstance(one, Entry)]


def a_patient(id_: str | None = "kari", **more: object) -> dict[str, Any]:
    return {"resource": {"resourceType": "Patient"} | ({"id": id_} if id_ else {}) | more}


@pytest.mark.parametrize(
    "type_", ["transaction", "batch", "collection", "document", "searchset", "message", "history"]
)
def test_bundles_of_every_type_are_opened(type_: str) -> None:
    [patient] = entries(type_, a_patient())
    assert (patient.kind, patient.id, patient.version, patient.recorded) == ("Patient", "kari", None, AT)


NAMES: dict[str, tuple[dict[str, Any], str, tuple[str, ...]]] = {
    "its own id": (a_patient("kari"), "kari", ()),
    "a fullUrl that says the same": (
        a_patient("kari") | {"fullUrl": "http://x.no/fhir/Patient/kari"},
        "kari",
        (),
    ),
    "a versioned one": (
        a_patient("kari") | {"fullUrl": "http://x.no/fhir/Patient/kari/_history/2"},
        "kari",
        (),
    ),
    "an urn beside the id": (a_patient("kari") | {"fullUrl": URN}, "kari", (URN,)),
    "an urn only": (a_patient(None) | {"fullUrl": URN}, URN.rpartition(":")[2], (URN,)),
    "an oid only": (a_patient(None) | {"fullUrl": "urn:oid:1.2.3"}, "1.2.3", ("urn:oid:1.2.3",)),
    "another address": (
        a_patient("kari") | {"fullUrl": "http://x.no/people/1"},
        "kari",
        ("http://x.no/people/1",),
    ),
    "an address only": (a_patient(None) | {"fullUrl": "http://x.no/Patient/kari"}, "kari", ()),
    "a PUT": (a_patient(None) | {"request": {"method": "PUT", "url": "Patient/kari"}}, "kari", ()),
    "a PUT under condition": (
        a_patient(None) | {"fullUrl": URN, "request": {"method": "PUT", "url": "Patient?identifier=x"}},
        URN.rpartition(":")[2],
        (URN,),
    ),
    "a POST": (a_patient("kari") | {"request": {"method": "POST", "url": "Patient"}}, "kari", ()),
}


@pytest.mark.parametrize("name", NAMES)
def test_the_names_of_an_entry(name: str) -> None:
    entry, id_, aliases = NAMES[name]
    [found] = entries("transaction", entry)
    assert (found.id, found.aliases) == (id_, aliases)


def test_the_bytes_are_those_that_were_sent() -> None:
    body = '{ "resourceType" : "Basic", "id":"x",\t"n": 0.10, "u":"\\u00e5 æ" }'
    [found] = found_in(f'{{"resourceType":"Bundle","entry":[ {{"resource":\n{body} }} ] }}')
    assert isinstance(found, Entry)
    assert found.resource == body.encode()


def test_what_others_point_at_comes_first_and_the_rest_stays_in_order() -> None:
    kinds = ["Observation", "Patient", "Condition", "Practitioner", "Observation", "Organization"]
    said = [{"resource": {"resourceType": kind, "id": f"n{number}"}} for number, kind in enumerate(kinds)]
    assert [one.id for one in entries("transaction", *said)] == ["n5", "n3", "n1", "n0", "n2", "n4"]


def test_a_history_is_read_from_its_oldest_end() -> None:
    versions = [a_patient(active=True), a_patient(active=False)]
    gone = {"fullUrl": "http://x.no/Patient/kari", "request": {"method": "DELETE", "url": "Patient/kari"}}
    gone["response"] = {"lastModified": "2026-11-22T10:00:00+01:00"}
    found = entries("history", gone, *versions)
    assert [b"false" in (one.resource or b"") for one in found] == [True, False, False]
    assert found[-1].resource is None
    assert found[-1].recorded == datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("last_updated", "recorded"),
    [
        ("2026-11-22T10:12:13.5+01:00", datetime(2026, 11, 22, 9, 12, 13, 500_000, tzinfo=UTC)),
        ("2026-11-22T10:12:13Z", datetime(2026, 11, 22, 10, 12, 13, tzinfo=UTC)),
        ("2026-11-22T10:12:13", AT),
        ("2026-11-22", AT),
        ("yesterday", AT),
        ("0001-01-01T00:00:00+14:00", AT),
    ],
)
def test_it_was_recorded_when_the_source_last_changed_it(last_updated: str, recorded: datetime) -> None:
    [found] = entries("collection", a_patient(meta={"lastUpdated": last_updated}))
    assert found.recorded == recorded


def test_bundles_in_bundles_are_opened_too() -> None:
    inner = {
        "resource": {"resourceType": "Bundle", "id": "inner", "type": "document", "entry": [a_patient("ola")]}
    }
    assert [one.id for one in entries("collection", a_patient("kari"), inner)] == ["kari", "ola"]


def test_bundles_without_end_are_not() -> None:
    text = "{}"
    for _ in range(20):
        text = f'{{"resourceType":"Bundle","entry":[{{"resource":{text}}}]}}'
    [found] = found_in(text)
    assert isinstance(found, Unusable)
    assert found.reason == "too_deep"


def test_messages_about_something_have_no_id_of_their_own() -> None:
    outcome = {"resource": {"resourceType": "OperationOutcome", "issue": []}}
    first, second = entries("searchset", outcome), entries("searchset", outcome)
    assert [(one.kind, len(one.id)) for one in first] == [("OperationOutcome", 64)]
    assert first == second


def test_an_empty_bundle_is_counted() -> None:
    [found] = entries("searchset")
    assert found.kind == "Bundle"


SAID_NOTHING: dict[str, tuple[dict[str, Any] | str, str]] = {
    "a question": ({"request": {"method": "GET", "url": "Patient/kari"}}, "no_resource"),
    "an answer": ({"response": {"status": "201 Created"}}, "no_resource"),
    "a patch": (a_patient("kari") | {"request": {"method": "PATCH", "url": "Patient/kari"}}, "no_resource"),
    "a deletion of many": ({"request": {"method": "DELETE", "url": "Patient?name=kari"}}, "no_resource"),
    "a deletion of nothing": ({"request": {"method": "DELETE"}}, "no_resource"),
    "no name at all": (a_patient(None), "no_id"),
    "an id that is none": (a_patient("a b"), "illegal_id"),
    "an urn that is no id": (a_patient(None) | {"fullUrl": "urn:x:a b"}, "no_id"),
    "null": ("null", "not_json"),
    "a list": ("[]", "not_json"),
    "two resources": ('{"resource":{"resourceType":"Basic","id":"a"},"resource":{}}', "duplicate_key"),
    "two methods": (
        '{"resource":{"resourceType":"Basic","id":"a"},"request":{"method":"PUT","method":"DELETE"}}',
        "duplicate_key",
    ),
}


@pytest.mark.parametrize("what", SAID_NOTHING)
def test_an_entry_that_brings_nothing_is_told_and_the_next_one_comes(what: str) -> None:
    entry, reason = SAID_NOTHING[what]
    text = entry if isinstance(entry, str) else json.dumps(entry)
    found = found_in(f'{{"resourceType":"Bundle","entry":[{text},{json.dumps(a_patient("next"))}]}}')
    assert sorted(getattr(one, "reason", "") for one in found) == ["", reason]
    assert "next" in [one.id for one in found]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"resourceType":"Bundle","entry":{}}', "not_json"),
        ('{"resourceType":"Bundle","entry":[],"entry":[{}]}', "duplicate_key"),
        ('{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Basic"', "not_json"),
        ('{"resourceType":"Bundle","entry":[{]}]}', "not_json"),
    ],
)
def test_a_bundle_that_cannot_be_opened_is_kept_whole(text: str, reason: str) -> None:
    [found] = found_in(text)
    assert isinstance(found, Unusable)
    assert (found.reason, found.body) == (reason, text.encode())


def test_what_is_broken_tells_who_it_seems_to_be_so_that_a_mended_one_is_recognised() -> None:
    [found] = found_in('{"resourceType":"Condition","id":"cough","code":{"text":"a","text":"b"}}')
    assert (found.kind, found.id) == ("Condition", "cough")
