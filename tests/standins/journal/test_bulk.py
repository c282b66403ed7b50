"""Bulk Data: the same state as the feed, whole or since an instant."""

import json
from collections import Counter
from typing import Any

from litestar import Litestar
from litestar.testing import AsyncTestClient

from standins.journal.sequence import Journal, instant

ASYNC = {"prefer": "respond-async", "accept": "application/fhir+json"}


async def test_an_export_is_the_state_that_the_feed_leads_to(server: AsyncTestClient[Litestar]) -> None:
    state = dict[tuple[str, str], dict[str, Any]]()
    for seq in (1, 1001):
        for entry in (await server.get("/feed", params={"seq": seq, "limit": 1000})).json()["entries"]:
            state.pop((entry["kind"], entry["id"]), None)
            if "resource" in entry:
                state[entry["kind"], entry["id"]] = entry["resource"]
    manifest = await exported(server, "")
    assert await lines_of(server, manifest) == state
    assert {file["type"]: file["count"] for file in manifest["output"]} == Counter(kind for kind, _ in state)
    assert (manifest["deleted"], manifest["error"], manifest["requiresAccessToken"]) == ([], [], False)


async def test_an_export_can_be_of_some_kinds(server: AsyncTestClient[Litestar]) -> None:
    manifest = await exported(server, "?_type=Patient,Flag")
    assert [file["type"] for file in manifest["output"]] == ["Flag", "Patient"]


async def test_since_the_last_export_there_is_what_changed_and_what_went(
    server: AsyncTestClient[Litestar], journal: Journal
) -> None:
    first = await exported(server, "")
    assert first["transactionTime"] == instant(journal.newest)
    note = {"resourceType": "Flag", "id": "ny", "subject": {"reference": "Patient/per-aune"}}
    await server.post("/publish", json={"source": "levanger", "resource": note})
    gone = {"kind": "Flag", "id": "per-aune-penicillin-kritisk", "subject": "Patient/per-aune"}
    await server.post("/publish", json={"source": "levanger", "deleted": gone})
    second = await exported(server, f"?_since={first['transactionTime']}")
    assert list(await lines_of(server, second)) == [("Flag", "ny")]
    bundle = (await server.get(second["deleted"][0]["url"])).json()
    assert second["deleted"][0]["type"] == "Bundle"
    assert bundle["entry"] == [{"request": {"method": "DELETE", "url": "Flag/per-aune-penicillin-kritisk"}}]


async def test_an_export_is_a_snapshot(server: AsyncTestClient[Litestar]) -> None:
    ordered = await server.get("/fhir/Group/alle/$export?_type=Flag", headers=ASYNC)
    note = {"resourceType": "Flag", "id": "ny", "subject": {"reference": "Patient/per-aune"}}
    await server.post("/publish", json={"source": "levanger", "resource": note})
    await server.get(ordered.headers["content-location"])
    manifest = (await server.get(ordered.headers["content-location"])).json()
    assert ("Flag", "ny") not in await lines_of(server, manifest)


async def test_an_order_must_be_asynchronous_and_make_sense(server: AsyncTestClient[Litestar]) -> None:
    for headers, query in (({}, ""), (ASYNC, "?_since=yesterday"), (ASYNC, "?_since=2026-11-23T10:00:00")):
        answer = await server.get(f"/fhir/Group/alle/$export{query}", headers=headers)
        assert (answer.status_code, answer.json()["resourceType"]) == (400, "OperationOutcome")


async def test_a_finished_export_can_be_thrown_away(server: AsyncTestClient[Litestar]) -> None:
    ordered = await server.get("/fhir/Group/alle/$export", headers=ASYNC)
    place = ordered.headers["content-location"]
    assert (await server.delete(place)).status_code == 202
    assert (await server.get(place)).status_code == 404
    assert (await server.delete(place)).status_code == 404
    assert (await server.get(f"{place}/Patient.ndjson")).status_code == 404


async def exported(server: AsyncTestClient[Litestar], query: str) -> dict[str, Any]:
    ordered = await server.get(f"/fhir/Group/alle/$export{query}", headers=ASYNC)
    assert ordered.status_code == 202
    place = ordered.headers["content-location"]
    waiting = await server.get(place)
    assert (waiting.status_code, waiting.headers["retry-after"]) == (202, "1")
    return dict((await server.get(place)).json())


async def lines_of(
    server: AsyncTestClient[Litestar], manifest: dict[str, Any]
) -> dict[tuple[str, str], dict[str, Any]]:
    found = dict[tuple[str, str], dict[str, Any]]()
    for file in manifest["output"]:
        answer = await server.get(file["url"])
        assert answer.headers["content-type"].startswith("application/fhir+ndjson")
        lines = [line for line in answer.text.split("\n") if line]
        assert len(lines) == file["count"]
        for line in lines:
            resource = json.loads(line)
            found[resource["resourceType"], resource["id"]] = resource
    return found
