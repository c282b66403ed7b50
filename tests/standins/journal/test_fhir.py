"""The stand-in's FHIR door: what it takes in, what it refuses, what becomes of it, and how it fails on demand."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

from standins.journal.app import create_app, serving
from standins.journal.sequence import Journal
from standins.journal.taken import written

Client = AsyncTestClient[Litestar]
START = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def client(clock: Clock) -> AsyncIterator[Client]:
    known = [written("st-olavs", START, {"resourceType": "Patient", "id": each}) for each in ("kari", "ola")]
    async with AsyncTestClient(serving(Journal(known), clock, pace=10.0)) as opened:
        yield opened


def consent(status: str = "proposed", request: str = "r1", of: str = "kari") -> dict[str, Any]:
    return {
        "resourceType": "Consent",
        "identifier": [{"system": "urn:innsyn:request", "value": request}],
        "status": status,
        "scope": {"text": "privacy"},
        "category": [{"text": "INFA"}],
        "patient": {"reference": f"Patient/{of}"},
    }


def task(**more: Any) -> dict[str, Any]:  # noqa: ANN401
    told = {
        "resourceType": "Task",
        "status": "requested",
        "intent": "order",
        "for": {"reference": "Patient/kari"},
    }
    return told | more


def bundle(resource: dict[str, Any], out: str = "") -> dict[str, Any]:
    """A transaction as the worker sends it."""
    out = out or str(uuid4())
    own = {"system": "urn:innsyn:outbox", "value": out}
    whole = resource | {"identifier": [own, *resource.get("identifier", [])]}
    kind = resource["resourceType"]
    request = {"method": "POST", "url": kind, "ifNoneExist": f"identifier=urn:innsyn:outbox|{out}"}
    entry = {"resource": whole, "request": request}
    return {"resourceType": "Bundle", "type": "transaction", "entry": [entry]}


async def post(client: Client, sent: dict[str, Any], key: str = "k") -> tuple[int, dict[str, Any]]:
    answer = await client.post("/fhir", content=msgspec.json.encode(sent), headers={"idempotency-key": key})
    return answer.status_code, answer.json()


async def newest(client: Client, kind: str) -> list[dict[str, Any]]:
    """The newest version of each of a kind, as the feed tells them."""
    entries = (await client.get("/feed?limit=1000")).json()["entries"]
    return list({each["id"]: each["resource"] for each in entries if each["kind"] == kind}.values())


async def test_the_same_thing_twice_is_made_once(client: Client) -> None:
    sent = bundle(consent(), "one")
    statuses = [(await post(client, sent, "key"))[1]["entry"][0]["response"]["status"] for _ in range(3)]
    assert statuses == ["201 Created", "200 OK", "200 OK"]
    [made] = await newest(client, "Consent")
    assert {"system": "urn:innsyn:outbox", "value": "one"} in made["identifier"]
    [told] = (await client.get("/received")).json()
    assert told == {
        "id": f"Consent/{made['id']}",
        "type": "Consent",
        "identifier": "urn:innsyn:outbox|one",
        "key": "key",
        "at": "2026-11-23T12:00:00Z",
        "times": 3,
    }


async def test_a_request_comes_into_force_and_ends_when_it_is_taken_back(
    client: Client, clock: Clock
) -> None:
    await post(client, bundle(consent()))
    await post(client, bundle(consent(request="r2", of="ola")))
    assert [each["status"] for each in await newest(client, "Consent")] == ["proposed", "proposed"]
    clock.now += timedelta(seconds=20)
    assert [each["status"] for each in await newest(client, "Consent")] == ["active", "active"]
    await post(client, bundle(consent("inactive")))
    assert [each["status"] for each in await newest(client, "Consent")] == ["inactive", "active", "inactive"]


async def test_what_is_taken_back_before_it_is_decided_never_comes_into_force(
    client: Client, clock: Clock
) -> None:
    await post(client, bundle(consent()))
    await post(client, bundle(consent("inactive")))
    clock.now += timedelta(hours=1)
    assert [each["status"] for each in await newest(client, "Consent")] == ["inactive", "inactive"]


async def test_a_question_is_taken_on_and_answered(client: Client, clock: Clock) -> None:
    await post(client, bundle(task()))
    seen = []
    for _ in range(5):
        seen += [each["status"] for each in await newest(client, "Task")]
        clock.now += timedelta(seconds=10)
    [answered] = await newest(client, "Task")
    assert seen == ["requested", "accepted", "accepted", "accepted", "completed"]
    assert answered["output"][0]["valueString"].startswith("Oppslaget ble gjort")


def without(resource: dict[str, Any], name: str) -> dict[str, Any]:
    return {each: value for each, value in resource.items() if each != name}


@pytest.mark.parametrize(
    ("sent", "status", "words"),
    [
        ({"resourceType": "Task"}, 400, "a Bundle is what is posted here"),
        ({"resourceType": "Bundle", "type": "batch", "entry": [1]}, 400, "no transaction"),
        ({"resourceType": "Bundle", "type": "transaction", "entry": []}, 400, "no transaction"),
        ({"resourceType": "Bundle", "type": "transaction", "entry": [1]}, 400, "lacks its resource"),
        (bundle(without(consent(), "scope")), 422, "Consent.scope is missing"),
        (bundle(task(intent="")), 422, "Task.intent is missing"),
        (bundle(consent(of="nobody")), 422, "leads to nothing"),
        (bundle(task(**{"for": {"identifier": {"value": "1"}}})), 422, "no reference to a Patient"),
        (
            bundle(task(requester={"identifier": {"system": "urn:innsyn:person", "value": "1"}})),
            422,
            "knows no",
        ),
        (bundle({"resourceType": "Patient", "id": "x"}), 422, "nothing is sent in as Patient"),
    ],
)
async def test_what_can_not_be_taken_in_is_refused_with_words(
    client: Client, sent: dict[str, Any], status: int, words: str
) -> None:
    answered, told = await post(client, sent)
    assert (answered, told["resourceType"]) == (status, "OperationOutcome")
    assert words in told["issue"][0]["diagnostics"]
    assert (await client.get("/received")).json() == []


async def test_a_transaction_is_all_or_nothing_and_has_a_condition(client: Client) -> None:
    good, bad = bundle(task()), bundle(task(status=""))
    both = good | {"entry": good["entry"] + bad["entry"]}
    assert (await post(client, both))[0] == 422
    for condition in ("", "identifier=x", "name=a|b", "identifier=urn:innsyn:outbox|other"):
        good["entry"][0]["request"]["ifNoneExist"] = condition
        assert (await post(client, good))[0] == 422
    assert await newest(client, "Task") == []


async def test_faults_come_as_often_as_they_are_asked_for_and_the_same_each_time(client: Client) -> None:
    async def run() -> list[int]:
        await client.post("/faults", json={"error_before": 0.3, "error_after": 0.3, "busy": 0.1, "seed": 7})
        # An answer that is cut off is for a real connection (tests/journal/test_delivery.py).
        statuses = []
        for _ in range(40):
            try:
                statuses.append((await post(client, bundle(task())))[0])
            except (msgspec.DecodeError, ValueError, AssertionError):
                statuses.append(0)
        return statuses

    first = await run()
    assert first == await run()
    assert {200, 429, 500, 502} <= set(first)
    hits = (await client.get("/faults")).json()["hits"]
    assert (hits["busy"], hits["before"] + hits["after"]) == (
        first.count(429),
        40 - first.count(200) - first.count(429),
    )
    await client.post("/faults", json={"down": True})
    assert (await post(client, bundle(task())))[0] == 503
    await client.post("/faults", json={})
    assert (await post(client, bundle(task())))[0] == 200
    assert (await client.post("/faults", json={"sloow_ms": 1})).status_code == 400


async def test_a_page_says_some_things_twice_and_the_same_ones_each_time(client: Client) -> None:
    for _ in range(30):
        await post(client, bundle(task()))
    await client.post("/faults", json={"duplicate": 0.5, "seed": 3})
    pages = [(await client.get("/feed?limit=1000")).json()["entries"] for _ in range(2)]
    numbers = [each["seq"] for each in pages[0]]
    assert pages[0] == pages[1]
    assert sorted(set(numbers)) == list(range(1, 33))
    assert 32 < len(numbers) < 64
    assert numbers == sorted(numbers)


async def test_it_remembers_over_a_restart_and_goes_on_where_it_was(tmp_path: Path, clock: Clock) -> None:
    kept, today = tmp_path / "kept.ndjson", date(2026, 11, 23)
    sent = bundle(task(**{"for": {"reference": "Patient/kari-nordli"}}), "one")
    async with AsyncTestClient(create_app(today, clock, 10.0, kept)) as client:
        assert (await post(client, sent))[0] == 200
        before = (await client.get("/feed?limit=1")).json()["last"]
    with kept.open("ab") as file:
        file.write(b'{"source": "st-ol')  # cut off by a loss of power
    async with AsyncTestClient(create_app(today, clock, 10.0, kept)) as client:
        assert (await client.get("/feed?limit=1")).json()["last"] == before
        assert (await post(client, sent))[1]["entry"][0]["response"]["status"] == "200 OK"
        clock.now += timedelta(seconds=60)
        entries = (await client.get(f"/feed?seq={before}&limit=10")).json()["entries"]
        assert [each["resource"]["status"] for each in entries] == ["requested", "accepted"]
    async with AsyncTestClient(create_app(today, clock, 10.0, kept)) as client:
        assert (await client.get("/feed?limit=1")).json()["last"] == before + 1
