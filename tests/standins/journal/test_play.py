"""A person plays the care team: what each form of the page lets the journal say, once, and who may send it."""

import re
from base64 import b64decode
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from httpx import Response
from litestar import Litestar
from litestar.testing import AsyncTestClient

from standins.journal.app import serving
from standins.journal.desk import Desk, Thread
from standins.journal.keeping import kept_in
from standins.journal.sequence import Journal
from standins.journal.taken import Resource, Taken

Client = AsyncTestClient[Litestar]
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HERE = "http://127.0.0.1:8100"
OURS = {"origin": HERE}
DIABETES = "HealthcareService/melding-levanger-diabetes"


class Clinic:
    """The page, and the journal behind it."""

    def __init__(self, client: Client, journal: Journal) -> None:
        self.client, self._journal, self._read = client, journal, journal.last

    async def posts(self, path: str, **form: str) -> Response:
        return await self.client.post(path, data=form, headers=OURS, follow_redirects=False)

    def said(self) -> list[Resource]:
        """What the journal has said since this was asked last."""
        new = self._journal.entries[self._read :]
        self._read = self._journal.last
        return [entry.resource or {} for entry in new]


@pytest.fixture
def keep(tmp_path: Path) -> Path:
    return tmp_path / "journal.ndjson"


@pytest.fixture
async def clinic(history: list[Taken], keep: Path) -> AsyncIterator[Clinic]:
    journal = Journal(history)
    async with AsyncTestClient(serving(journal, lambda: NOW, keep=keep), base_url=HERE) as opened:
        yield Clinic(opened, journal)


@pytest.fixture(scope="session")
def asked(journal: Journal) -> Thread:
    """A question of Olav's that nobody has looked at."""
    return next(each for each in Desk(journal).threads() if each.topic == "Svimmel om morgenen")


@pytest.fixture(scope="session")
def wrong(journal: Journal) -> Thread:
    """What Kari has asked to have corrected."""
    return next(each for each in Desk(journal).threads() if each.kind == "wrong")


def standing(task: Resource) -> tuple[str, str]:
    return task["status"], task["businessStatus"]["coding"][0]["code"]


async def test_to_read_is_said_once(clinic: Clinic, asked: Thread) -> None:
    assert "Merk som lest" in (await clinic.client.get(f"/play/threads/{asked.id}")).text
    for _ in range(2):
        answer = await clinic.posts(f"/play/threads/{asked.id}/read")
        assert (answer.status_code, answer.headers["location"]) == (
            303,
            f"/play/threads/{asked.id}?done=read",
        )
    [task] = clinic.said()
    assert (standing(task), task["executionPeriod"], task["for"]) == (
        ("accepted", "read"),
        {"start": "2026-11-23T12:00:00Z"},
        {"reference": "Patient/olav-nordli"},
    )
    assert "Merk som lest" not in (await clinic.client.get(f"/play/threads/{asked.id}")).text


async def test_an_answer_with_a_file_is_sent_once_also_after_a_new_start(
    clinic: Clinic, asked: Thread, history: list[Taken], keep: Path
) -> None:
    form = {"key": str(uuid4()), "text": "Kom på time i morgen.", "sender": "hege-lunde"}
    path = f"/play/threads/{asked.id}/answer"
    file = {"file": ("råd.pdf", b"%PDF-1.4", "application/pdf")}
    for _ in range(2):
        answer = await clinic.client.post(path, data=form, files=file, headers=OURS, follow_redirects=False)
        assert answer.status_code == 303
    sent, task = clinic.said()
    assert (sent["partOf"], sent["sender"]["display"], sent["recipient"], sent["status"]) == (
        [{"identifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{asked.id}"}}],
        "Hege Lunde, fastlege",
        [{"reference": "Patient/olav-nordli"}],
        "completed",
    )
    assert sent["inResponseTo"] == [{"identifier": asked.messages[-1].resource["identifier"][0]}]
    assert sent["payload"][0] == {"contentString": "Kom på time i morgen."}
    told = sent["payload"][1]["contentAttachment"]
    assert (told["title"], told["contentType"], b64decode(told["data"])) == (
        "råd.pdf",
        "application/pdf",
        b"%PDF-1.4",
    )
    assert standing(task) == ("in-progress", "answered")
    again = Journal(history + kept_in(keep))
    async with AsyncTestClient(serving(again, lambda: NOW, keep=keep), base_url=HERE) as other:
        assert (await other.post(path, data=form, headers=OURS, follow_redirects=False)).status_code == 303
        assert again.last == len(history) + 2
        assert "Kom på time i morgen." in (await other.get(f"/play/threads/{asked.id}")).text
        fetched = await other.get(f"/play/messages/{form['key']}/files/0")
    assert (fetched.content, fetched.headers["content-type"]) == (b"%PDF-1.4", "application/octet-stream")
    assert fetched.headers["content-disposition"] == "attachment; filename*=UTF-8''r%C3%A5d.pdf"
    assert fetched.headers["content-security-policy"] == "default-src 'none'; sandbox"


async def test_a_file_that_is_too_large_is_told_of_and_what_was_written_stays(
    clinic: Clinic, asked: Thread
) -> None:
    form = {"key": str(uuid4()), "text": "Se her"}
    file = {"file": ("stor.pdf", b"x" * (768 * 1024 + 1), "application/pdf")}
    answer = await clinic.client.post(f"/play/threads/{asked.id}/answer", data=form, files=file, headers=OURS)
    assert (answer.status_code, "Filen er for stor" in answer.text) == (422, True)
    assert ">Se her</textarea>" in answer.text
    assert clinic.said() == []


async def test_a_thread_is_handed_on_with_a_word_and_the_other_unit_reads_it(
    clinic: Clinic, asked: Thread
) -> None:
    form = {"key": str(uuid4()), "unit": DIABETES.split("/")[1], "text": "Kan dere se på dette?"}
    for _ in range(2):
        assert (await clinic.posts(f"/play/threads/{asked.id}/hand-on", **form)).status_code == 303
    word, task = clinic.said()
    assert [each["reference"] for each in word["recipient"]] == [DIABETES]
    assert (standing(task), task["owner"]["reference"]) == (("in-progress", "handed_on"), DIABETES)
    await clinic.posts(f"/play/threads/{asked.id}/read")
    [read] = clinic.said()
    assert (standing(read), read["owner"]["reference"]) == (("accepted", "read"), DIABETES)


async def test_a_thread_is_closed_once(clinic: Clinic, asked: Thread) -> None:
    for _ in range(2):
        await clinic.posts(f"/play/threads/{asked.id}/close")
    [task] = clinic.said()
    assert (standing(task), task["executionPeriod"]) == (
        ("completed", "closed"),
        {"start": "2026-11-23T12:00:00Z", "end": "2026-11-23T12:00:00Z"},
    )


@pytest.mark.parametrize(("became", "status"), [("done", "completed"), ("not", "rejected")])
async def test_an_outcome_says_what_was_done_or_why_not(
    clinic: Clinic, wrong: Thread, became: str, status: str
) -> None:
    for _ in range(2):
        await clinic.posts(f"/play/threads/{wrong.id}/outcome", became=became, text="Slik ble det.")
    [task] = clinic.said()
    assert standing(task) == (status, "closed")
    assert task["output"] == [{"type": {"text": "note"}, "valueString": "Slik ble det."}]
    assert task.get("statusReason") == ({"text": "Slik ble det."} if became == "not" else None)


async def test_own_words_are_corrected_and_recalled_and_those_of_a_citizen_are_not(
    clinic: Clinic, asked: Thread
) -> None:
    key, about = str(uuid4()), {"thread": asked.id}
    await clinic.posts(f"/play/threads/{asked.id}/answer", key=key, text="Ta to tabletter.")
    first, _ = clinic.said()
    for _ in range(2):
        await clinic.posts(f"/play/messages/{key}/correct", text="Ta én tablett.", **about)
    for _ in range(2):
        await clinic.posts(f"/play/messages/{key}/recall", **about)
    corrected, recalled = clinic.said()
    assert [each["id"] for each in (corrected, recalled)] == [first["id"]] * 2
    assert [each["meta"]["versionId"] for each in (corrected, recalled)] == ["2", "3"]
    assert (corrected["payload"], corrected["status"]) == ([{"contentString": "Ta én tablett."}], "completed")
    assert recalled["status"] == "entered-in-error"
    theirs = asked.messages[0].resource["identifier"][0]["value"].removeprefix("urn:uuid:")
    for act in ("correct", "recall"):
        assert (await clinic.posts(f"/play/messages/{theirs}/{act}", text="x", **about)).status_code == 303
    assert clinic.said() == []


async def test_a_unit_begins_a_thread(clinic: Clinic) -> None:
    form = {"key": str(uuid4()), "unit": DIABETES.split("/")[1], "patient": "kari-nordli"}
    form |= {"topic": "Ny pumpe", "text": "Vi har fått en ny pumpe.", "sender": "tone-skjesol"}
    for _ in range(2):
        answer = await clinic.posts("/play/new", **form)
        assert answer.headers["location"] == f"/play/threads/{form['key']}?done=answer"
    sent, task = clinic.said()
    assert (sent["topic"], sent["subject"], sent["sender"]["display"]) == (
        {"text": "Ny pumpe"},
        {"reference": "Patient/kari-nordli"},
        "Tone Skjesol, overlege",
    )
    assert (standing(task), task["owner"]["reference"]) == (("in-progress", "answered"), DIABETES)


async def test_a_form_is_asked_for_as_a_task(clinic: Clinic) -> None:
    page = (await clinic.client.get("/play/forms")).text
    form, title = re.findall(r'<option value="([^"]+)">([^<]+)<', page)[0]
    wish = {"key": str(uuid4()), "form": form, "patient": "kari-nordli", "days": "10"}
    for _ in range(2):
        assert (await clinic.posts("/play/forms", **wish)).status_code == 303
    [task] = clinic.said()
    assert {name: task[name] for name in ("status", "description", "for", "restriction")} == {
        "status": "ready",
        "description": title,
        "for": {"reference": "Patient/kari-nordli"},
        "restriction": {"period": {"end": "2026-12-03T22:59:00Z"}},
    }
    assert task["focus"]["type"] == "Questionnaire"
    refused = await clinic.posts("/play/forms", **(wish | {"days": "0"}))
    assert (refused.status_code, "fra 1 til 365" in refused.text) == (422, True)


async def test_a_result_that_is_held_back_is_shown_with_its_parts(clinic: Clinic) -> None:
    page = (await clinic.client.get("/play/results")).text
    names = re.findall(r'name="name" value="([^"]+)"', page)
    assert "DiagnosticReport/henrik-fossum-patologi" in names
    for _ in range(2):
        await clinic.posts("/play/results", name="DiagnosticReport/henrik-fossum-patologi")
    shown = clinic.said()
    assert shown[-1]["id"] == "henrik-fossum-patologi"
    tags = [[tag["code"] for tag in each["meta"]["tag"]] for each in shown]
    assert tags == [["1"]] * len(shown)
    page = (await clinic.client.get("/play/results")).text
    assert set(re.findall(r'name="name" value="([^"]+)"', page)) == set(names) - {
        "DiagnosticReport/henrik-fossum-patologi"
    }


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "null"},
        {"origin": "http://evil.example"},
        {"origin": "http://127.0.0.1:8000"},
        {"origin": "http://evil.example", "host": "evil.example"},
        {"origin": "http://evil.example:8100", "host": "evil.example:8100"},
    ],
)
async def test_no_other_page_sends_a_form(clinic: Clinic, asked: Thread, headers: dict[str, Any]) -> None:
    answer = await clinic.client.post(f"/play/threads/{asked.id}/close", headers=headers)
    assert answer.status_code == 403
    assert clinic.said() == []


async def test_no_other_name_of_this_machine_shows_a_page(clinic: Clinic) -> None:
    assert (await clinic.client.get("/play", headers={"host": "evil.example"})).status_code == 403
    page = await clinic.client.get("/play")
    assert (page.status_code, page.headers["content-security-policy"].split(";")[0]) == (
        200,
        "default-src 'none'",
    )
    assert "<script" not in page.text


async def test_the_inbox_lists_what_waits_first_and_can_be_narrowed_to_a_unit(clinic: Clinic) -> None:
    page = (await clinic.client.get("/play")).text
    standings = re.findall(r"<span><b>([^<]+)</b>", page)
    waiting = [each in {"Ikke lest", "Lest", "Sendt videre"} for each in standings]
    assert waiting == sorted(waiting, reverse=True)
    assert (True in waiting, False in waiting) == (True, True)
    narrowed = (await clinic.client.get("/play?unit=melding-levanger-skole")).text
    assert re.findall(r"<strong>([^<]+)</strong></a>", narrowed) == ["Kan jeg komme innom?"]


async def test_what_is_written_is_shown_as_text(clinic: Clinic, asked: Thread) -> None:
    form = {"key": str(uuid4()), "text": "<img src=x onerror=alert(1)>"}
    await clinic.posts(f"/play/threads/{asked.id}/answer", **form)
    page = (await clinic.client.get(f"/play/threads/{asked.id}")).text
    assert ("<img" in page, "&lt;img src=x" in page) == (False, True)
