"""The feed as its clients see it."""

from datetime import datetime
from time import perf_counter
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

from standins.journal.sequence import Journal


async def test_following_the_feed_gives_every_entry_once(
    server: AsyncTestClient[Litestar], journal: Journal
) -> None:
    seq, seen = 1, list[dict[str, Any]]()
    while entries := (await server.get("/feed", params={"seq": seq})).json()["entries"]:
        seen += entries
        seq = seen[-1]["seq"] + 1
    assert [entry["seq"] for entry in seen] == list(range(1, journal.last + 1))
    assert seq == journal.last + 1


async def test_an_entry_says_what_the_contract_says(server: AsyncTestClient[Litestar]) -> None:
    page = (await server.get("/feed", params={"seq": 1, "limit": 1})).json()
    entry = page["entries"][0]
    assert list(page) == ["entries", "last"]
    assert list(entry) == ["seq", "source", "kind", "id", "version", "recorded", "subject", "resource"]
    assert (entry["seq"], entry["kind"], entry["version"], entry["subject"]) == (1, "Organization", 1, None)
    assert entry["recorded"] == "2014-01-01T05:00:00Z"
    assert entry["resource"]["meta"]["source"] == f"urn:innsyn:source:{entry['source']}"


async def test_a_deletion_has_no_resource(server: AsyncTestClient[Litestar], journal: Journal) -> None:
    seq = next(entry.seq for entry in journal.entries if entry.resource is None)
    entry = (await server.get("/feed", params={"seq": seq, "limit": 1})).json()["entries"][0]
    assert {field: entry[field] for field in ("kind", "id", "version", "subject", "deleted")} == {
        "kind": "DocumentReference",
        "id": "kari-nordli-dobbelt",
        "version": 2,
        "subject": "Patient/kari-nordli",
        "deleted": True,
    }
    assert "resource" not in entry


async def test_reading_again_gives_the_same_bytes_and_304(server: AsyncTestClient[Litestar]) -> None:
    first = await server.get("/feed", params={"seq": 300, "limit": 100})
    again = await server.get("/feed", params={"seq": 300, "limit": 100})
    assert (again.content, again.headers["etag"]) == (first.content, first.headers["etag"])
    known = await server.get(
        "/feed", params={"seq": 300, "limit": 100}, headers={"if-none-match": first.headers["etag"]}
    )
    assert (known.status_code, known.content) == (304, b"")
    other = await server.get(
        "/feed", params={"seq": 301, "limit": 100}, headers={"if-none-match": first.headers["etag"]}
    )
    assert other.status_code == 200


async def test_past_the_end_is_an_empty_page(server: AsyncTestClient[Litestar], journal: Journal) -> None:
    answer = await server.get("/feed", params={"seq": journal.last + 1})
    assert answer.json() == {"entries": [], "last": journal.last}


@pytest.mark.parametrize("query", ["seq=x", "seq=-1", "limit=0", "limit=1001"])
async def test_a_wrong_question_is_refused(server: AsyncTestClient[Litestar], query: str) -> None:
    assert (await server.get(f"/feed?{query}")).status_code == 400


def test_the_largest_page_comes_quickly(journal: Journal) -> None:
    started = perf_counter()
    for seq in range(1, 301):
        journal.page(seq, 1000)
    assert (perf_counter() - started) / 300 < 0.02


async def test_something_new_arrives(server: AsyncTestClient[Litestar], journal: Journal) -> None:
    tail = await server.get("/feed", params={"seq": journal.last + 1})
    flag = {
        "resourceType": "Flag",
        "id": "ny",
        "subject": {"reference": "Patient/kari-nordli"},
        "weight": 7.10,
    }
    answer = await server.post("/publish", json={"source": "st-olavs", "resource": flag})
    fresh = await server.get(
        "/feed", params={"seq": journal.last + 1}, headers={"if-none-match": tail.headers["etag"]}
    )
    assert (answer.status_code, fresh.json()["entries"]) == (201, [answer.json()])
    entry = fresh.json()["entries"][0]
    assert (entry["seq"], entry["version"], entry["subject"]) == (journal.last + 1, 1, "Patient/kari-nordli")
    assert entry["recorded"] == "2026-11-23T11:30:00Z"


async def test_a_number_keeps_its_decimals(server: AsyncTestClient[Litestar]) -> None:
    body = b'{"source":"lab-midt","resource":{"resourceType":"Observation","id":"x","valueQuantity":{"value":7.10}}}'
    assert b'"value":7.10' in (await server.post("/publish", content=body)).content


async def test_a_deletion_can_be_published(server: AsyncTestClient[Litestar]) -> None:
    gone = {"kind": "Flag", "id": "per-aune-penicillin-kritisk", "subject": "Patient/per-aune"}
    answer = await server.post("/publish", json={"source": "levanger", "deleted": gone})
    assert (answer.status_code, answer.json()["deleted"], answer.json()["version"]) == (201, True, 2)


BROKEN = [
    b"",
    b"[]",
    b'{"source":"st-olavs"}',
    b'{"source":"st-olavs","resource":{}}',
    b'{"source":"nobody","resource":{}}',
]


@pytest.mark.parametrize("body", BROKEN)
async def test_what_is_no_entry_is_refused(server: AsyncTestClient[Litestar], body: bytes) -> None:
    assert (await server.post("/publish", content=body)).status_code == 400


async def test_services_tell_how_fresh_they_are(server: AsyncTestClient[Litestar], now: datetime) -> None:
    services = {service["source"]: service for service in (await server.get("/sources")).json()}
    assert len(services) == 12
    assert {service["service"] for service in services.values()} == {
        "hospital", "municipality", "gp", "specialist", "laboratory", "pharmacy",
    }  # fmt: skip
    assert services["lab-midt"] == {
        "source": "lab-midt",
        "name": "Laboratoriet for Midt-Norge",
        "service": "laboratory",
        "since": "2014-01-01",
        "contact": "2026-11-23T11:27:00Z",
        "delayed_since": None,
    }
    late = [service for service in services.values() if service["delayed_since"]]
    assert [(service["source"], service["delayed_since"]) for service in late] == [
        ("levanger-kommune", "2026-11-23T08:22:00Z")
    ]
    assert all(datetime.fromisoformat(service["contact"]) <= now for service in services.values())


async def test_people_can_be_chosen(server: AsyncTestClient[Litestar]) -> None:
    people = (await server.get("/people")).json()
    assert (len(people), list(people[0])) == (20, ["key", "name", "pid", "about"])
