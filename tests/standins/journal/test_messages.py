"""Messages at the stand-in's FHIR door: taken in once, told of by a Task, refused where a journal would refuse them."""

from base64 import b64encode
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

from standins.journal.app import serving
from standins.journal.keeping import kept_in
from standins.journal.sequence import Journal
from standins.journal.taken import Resource, Taken

Client = AsyncTestClient[Litestar]
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
KARI, OLAV = "Patient/kari-nordli", "Patient/olav-nordli"
GP = "HealthcareService/melding-steinkjer-legesenter"


def started(history: list[Taken], keep: Path) -> Litestar:
    return serving(Journal(history + kept_in(keep)), lambda: NOW, keep=keep)


@pytest.fixture
def keep(tmp_path: Path) -> Path:
    return tmp_path / "journal.ndjson"


@pytest.fixture
async def client(history: list[Taken], keep: Path) -> AsyncIterator[Client]:
    async with AsyncTestClient(started(history, keep)) as opened:
        yield opened


def a_message(thread: str, of: str = KARI, **more: Any) -> Resource:  # noqa: ANN401
    told = {
        "resourceType": "Communication",
        "identifier": [{"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{uuid4()}"}],
        "partOf": [{"identifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{thread}"}}],
        "status": "in-progress",
        "category": [{"coding": [{"system": "urn:innsyn:message-kind", "code": "question"}]}],
        "topic": {"text": "Kløe"},
        "subject": {"reference": of},
        "sender": {"reference": of},
        "recipient": [{"reference": GP}],
        "sent": "2026-11-23T11:59:58Z",
        "payload": [{"contentString": "Hva skal jeg smøre med?"}],
    }
    return told | more


async def send(client: Client, resource: Resource, out: str = "") -> tuple[int, Resource]:
    out = out or str(uuid4())
    whole = resource | {
        "identifier": [{"system": "urn:innsyn:outbox", "value": out}, *resource["identifier"]]
    }
    request = {"method": "POST", "url": "Communication", "ifNoneExist": f"identifier=urn:innsyn:outbox|{out}"}
    bundle = {
        "resourceType": "Bundle",
        "type": "transaction",
        "entry": [{"resource": whole, "request": request}],
    }
    told = await client.post("/fhir", content=msgspec.json.encode(bundle))
    return told.status_code, told.json()


async def last(client: Client) -> int:
    return int((await client.get("/feed?limit=1")).json()["last"])


async def since(client: Client, seq: int) -> list[Resource]:
    told = (await client.get(f"/feed?seq={seq + 1}&limit=100")).json()["entries"]
    return [entry["resource"] for entry in told]


async def test_a_message_comes_back_with_its_own_identifier_and_a_task_says_that_it_is_here(
    client: Client,
) -> None:
    before, thread = await last(client), str(uuid4())
    message = a_message(thread)
    assert (await send(client, message, "one"))[0] == 200
    sent, task = await since(client, before)
    assert message["identifier"][0] in sent["identifier"]
    assert (sent["subject"], sent["payload"], sent["received"]) == (
        {"reference": KARI},
        message["payload"],
        "2026-11-23T12:00:00Z",
    )
    assert {name: task[name] for name in ("status", "focus", "for", "code")} == {
        "status": "received",
        "focus": {"type": "Communication", "identifier": message["partOf"][0]["identifier"]},
        "for": {"reference": KARI},
        "code": {"coding": [{"system": "urn:innsyn:task", "code": "message"}]},
    }
    assert "businessStatus" not in task


async def test_the_same_message_is_one_by_whichever_road_and_after_a_new_start(
    client: Client, history: list[Taken], keep: Path
) -> None:
    before, message = await last(client), a_message(str(uuid4()))
    statuses = []
    for out in ("one", "one", "another"):
        told = (await send(client, message, out))[1]["entry"][0]["response"]
        statuses.append(told["status"])
    assert statuses == ["201 Created", "200 OK", "200 OK"]
    async with AsyncTestClient(started(history, keep)) as again:
        assert (await send(again, message, "third"))[1]["entry"][0]["response"]["status"] == "200 OK"
        assert [each["resourceType"] for each in await since(again, before)] == ["Communication", "Task"]


async def test_a_file_is_kept_apart_and_there_after_a_new_start(
    client: Client, history: list[Taken], keep: Path
) -> None:
    before, body = await last(client), b"%PDF-" + b"x" * 900
    file = {
        "contentType": "application/pdf",
        "title": "brev.pdf",
        "data": b64encode(body).decode(),
    }
    payload = [{"contentString": "Se vedlegget."}, {"contentAttachment": file}]
    assert (await send(client, a_message(str(uuid4()), payload=payload)))[0] == 200
    told = (await since(client, before))[0]["payload"][1]["contentAttachment"]
    assert (told["title"], told["size"], "data" in told) == ("brev.pdf", 905, False)
    async with AsyncTestClient(started(history, keep)) as again:
        fetched = await again.get(f"/fhir/{told['url']}")
        assert (fetched.content, fetched.headers["content-type"]) == (body, "application/pdf")
        assert (await again.get("/fhir/Binary/..%2Fjournal.ndjson")).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"payload": []}, "Communication.payload"),
        ({"payload": [{"contentString": "  "}]}, "text, or a file"),
        ({"payload": [{"contentReference": {"display": "x"}}]}, "text, or a file"),
        ({"payload": [{"contentAttachment": {"contentType": "text/plain", "data": "€"}}]}, "no base64"),
        ({"sent": ""}, "Communication.sent"),
        ({"sender": {"reference": "Practitioner/hege-lunde"}}, "from the citizen"),
        ({"recipient": [{"reference": "HealthcareService/none"}]}, "leads to nothing"),
        ({"recipient": []}, "has a recipient"),
        ({"recipient": [{"reference": "HealthcareService/melding-st-olavs"}]}, "no messages of this kind"),
    ],
)
async def test_what_is_no_message_is_refused_whole(client: Client, wrong: Resource, words: str) -> None:
    before = await last(client)
    status, told = await send(client, a_message(str(uuid4()), **wrong))
    assert (status, words in told["issue"][0]["diagnostics"]) == (422, True)
    assert await since(client, before) == []


async def test_nobody_writes_in_a_thread_about_somebody_else(client: Client) -> None:
    thread = str(uuid4())
    assert (await send(client, a_message(thread)))[0] == 200
    before = await last(client)
    status, told = await send(client, a_message(thread, OLAV))
    assert (status, told["issue"][0]["diagnostics"]) == (422, "the thread is about somebody else")
    assert await since(client, before) == []


async def test_a_citizen_ends_a_thread_of_their_own_and_writing_again_opens_it(client: Client) -> None:
    thread = str(uuid4())
    await send(client, a_message(thread))
    before = await last(client)
    for of in (OLAV, KARI):
        out = str(uuid4())
        ending = {
            "resourceType": "Task",
            "identifier": [{"system": "urn:innsyn:outbox", "value": out}],
            "status": "completed",
            "intent": "order",
            "code": {"coding": [{"system": "urn:innsyn:task", "code": "message"}]},
            "focus": {"identifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{thread}"}},
            "for": {"reference": of},
        }
        request = {"method": "POST", "url": "Task", "ifNoneExist": f"identifier=urn:innsyn:outbox|{out}"}
        entry = {"resource": ending, "request": request}
        bundle = {"resourceType": "Bundle", "type": "transaction", "entry": [entry]}
        assert (await client.post("/fhir", content=msgspec.json.encode(bundle))).status_code == 200
    theirs, own, closed = await since(client, before)
    assert [theirs["for"], own["for"]] == [{"reference": OLAV}, {"reference": KARI}]
    assert (closed["status"], closed["businessStatus"]["coding"][0]["code"]) == ("completed", "closed")
    await send(client, a_message(thread))
    reopened = (await since(client, before))[-1]
    assert (reopened["id"], reopened["status"], "businessStatus" in reopened) == (
        closed["id"],
        "received",
        False,
    )
