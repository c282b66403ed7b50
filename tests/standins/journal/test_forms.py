"""The demo's forms and who is asked to answer them, and what becomes of an answer that is sent in."""

import json
from base64 import b64encode
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

from standins.journal.app import serving
from standins.journal.demo import forms
from standins.journal.demo.forms import FOLDER, WANTED
from standins.journal.sequence import Journal
from standins.journal.taken import Resource, Taken

Client = AsyncTestClient[Litestar]
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
async def client(history: list[Taken]) -> AsyncIterator[Client]:
    async with AsyncTestClient(serving(Journal(history), lambda: NOON, pace=10.0)) as opened:
        yield opened


def newest(journal: Journal, kind: str) -> list[Resource]:
    return [
        entry.resource
        for entry in journal.current(journal.last)
        if entry.taken.kind == kind and entry.resource is not None
    ]


def standing(task: Resource, today: date) -> str:
    """As a reader of the day would call it."""
    end = task.get("restriction", {}).get("period", {}).get("end", "")
    is_late = bool(end) and datetime.fromisoformat(end).date() < today
    reminded = " reminded" if task.get("input") else ""
    return f"{task['status']}{' late' if is_late and task['status'] == 'ready' else ''}{reminded}"


def test_every_form_has_a_unit_and_a_number_of_its_own(journal: Journal) -> None:
    found = newest(journal, "Questionnaire")
    assert {each["id"] for each in found} == {file.stem for file in FOLDER.glob("*.json")}
    numbers = [each["identifier"][0]["value"] for each in found]
    assert len(numbers) == len(set(numbers)) == 8
    assert {each["publisher"] for each in found} != {""}


def test_citizens_have_tasks_in_every_state(journal: Journal, today: date) -> None:
    of_forms = [
        each for each in newest(journal, "Task") if each.get("focus", {}).get("type") == "Questionnaire"
    ]
    assert len(of_forms) == len(WANTED)
    assert {standing(each, today) for each in of_forms} == {
        "ready", "ready late", "ready reminded", "cancelled", "completed", "completed reminded",
    }  # fmt: skip
    known = {each["identifier"][0]["value"] for each in newest(journal, "Questionnaire")}
    assert {each["focus"]["identifier"]["value"] for each in of_forms} <= known
    assert all(each["identifier"][0]["value"].startswith("urn:uuid:") for each in of_forms)


def test_the_same_day_tells_the_same_tasks(today: date) -> None:
    assert list(forms.tasks(today)) == list(forms.tasks(today))
    later = [taken.id for taken in forms.tasks(today + timedelta(days=1))]
    assert not set(later) & {taken.id for taken in forms.tasks(today)}


def test_every_link_id_stands_once_and_every_condition_asks_something_that_is_there() -> None:
    for file in FOLDER.glob("*.json"):
        items = list(below(json.loads(file.read_bytes())))
        links = [item["linkId"] for item in items]
        assert len(links) == len(set(links)), file.name
        asked = {each["question"] for item in items for each in item.get("enableWhen", [])}
        assert asked <= set(links), file.name


def below(item: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for one in item.get("item", []) for each in (one, *below(one))]


def answer(task: Resource, of: str, **more: Any) -> Resource:  # noqa: ANN401
    based_on = {
        "url": "http://hl7.org/fhir/StructureDefinition/event-basedOn",
        "valueReference": {"type": "Task", "identifier": task["identifier"][0]},
    }
    return {
        "resourceType": "QuestionnaireResponse",
        "extension": [based_on],
        "questionnaire": "http://innsyn.test/fhir/Questionnaire/legemidlene-mine|2.1.0",
        "status": "completed",
        "subject": {"reference": f"Patient/{of}"},
        "author": {"reference": f"Patient/{of}"},
        "authored": "2026-11-23T12:00:00Z",
        "item": [{"linkId": "bruker", "answer": [{"valueBoolean": False}]}],
    } | more


async def send(client: Client, resource: Resource, out: str = "") -> tuple[int, dict[str, Any]]:
    out = out or str(uuid4())
    whole = resource | {"identifier": {"system": "urn:innsyn:outbox", "value": out}}
    kind = resource["resourceType"]
    request = {"method": "POST", "url": kind, "ifNoneExist": f"identifier=urn:innsyn:outbox|{out}"}
    bundle = {
        "resourceType": "Bundle",
        "type": "transaction",
        "entry": [{"resource": whole, "request": request}],
    }
    told = await client.post("/fhir", content=msgspec.json.encode(bundle))
    return told.status_code, told.json()


async def since(client: Client, seq: int) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = (await client.get(f"/feed?seq={seq + 1}&limit=100")).json()["entries"]
    return entries


def olavs(journal: Journal) -> Resource:
    return next(
        each
        for each in newest(journal, "Task")
        if each["for"]["reference"] == "Patient/olav-nordli" and each.get("input")
    )


async def test_an_answer_comes_back_by_the_feed_and_its_task_is_done(
    client: Client, journal: Journal
) -> None:
    task = olavs(journal)
    assert (await send(client, answer(task, "olav-nordli"), "one"))[0] == 200
    assert (await send(client, answer(task, "olav-nordli"), "one"))[0] == 200
    sent, done = await since(client, journal.last)
    assert (sent["kind"], sent["subject"]) == ("QuestionnaireResponse", "Patient/olav-nordli")
    assert sent["resource"]["identifier"] == {"system": "urn:innsyn:outbox", "value": "one"}
    # The Task is a version more of what its own source wrote.
    assert (done["id"], done["source"], done["version"]) == (task["id"], "steinkjer-kommune", 3)
    assert done["resource"]["status"] == "completed"
    assert (
        done["resource"]["output"][0]["valueReference"]["reference"] == f"QuestionnaireResponse/{sent['id']}"
    )


async def test_an_answer_about_somebody_else_ends_nothing(client: Client, journal: Journal) -> None:
    assert (await send(client, answer(olavs(journal), "kari-nordli")))[0] == 200
    assert [each["kind"] for each in await since(client, journal.last)] == ["QuestionnaireResponse"]


async def test_the_files_of_an_answer_are_kept_apart_and_can_be_fetched(
    client: Client, journal: Journal
) -> None:
    picture = {"contentType": "image/png", "title": "eske.png", "data": b64encode(b"png" * 1000).decode()}
    items = [{"linkId": "bilde", "answer": [{"valueAttachment": picture}]}]
    assert (await send(client, answer(olavs(journal), "olav-nordli", item=items)))[0] == 200
    told = (await since(client, journal.last))[0]["resource"]["item"][0]["answer"][0]["valueAttachment"]
    assert (told["title"], told["size"], "data" in told) == ("eske.png", 3000, False)
    fetched = await client.get(f"/fhir/{told['url']}")
    assert (fetched.content, fetched.headers["content-type"]) == (b"png" * 1000, "image/png")
    assert (await client.get("/fhir/Binary/none")).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"questionnaire": "http://innsyn.test/fhir/Questionnaire/ukjent|1"}, "no such Questionnaire"),
        ({"questionnaire": "http://innsyn.test/fhir/Questionnaire/legemidlene-mine|9"}, "no such Questionnaire"),
        ({"status": "in-progress"}, "completed or amended"),
        ({"author": {}}, "author is missing"),
        ({"item": [{"linkId": "a", "answer": [{"item": [{"text": "b"}]}]}]}, "linkId is missing"),
        ({"item": [{"linkId": "a", "answer": [{"valueAttachment": {"data": "€"}}]}]}, "no base64"),
    ],
)  # fmt: skip
async def test_what_is_no_answer_is_refused_whole(
    client: Client, journal: Journal, wrong: Resource, words: str
) -> None:
    status, told = await send(client, answer(olavs(journal), "olav-nordli", **wrong))
    assert (status, words in told["issue"][0]["diagnostics"]) == (422, True)
    assert await since(client, journal.last) == []
