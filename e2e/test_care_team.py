"""Somebody plays the care team on the page of the stand-in journal, with a keyboard as with a finger."""

import time
from typing import Any
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import expect

from e2e.browsing import Visitor
from e2e.demo import Demo

WITHIN_SECONDS = 20


def writes(demo: Demo, thread: str, text: str) -> None:
    """A citizen's message, as the outbox delivers it."""
    out, name = str(uuid4()), {"system": "urn:ietf:rfc:3986"}
    message = {
        "resourceType": "Communication",
        "identifier": [
            {"system": "urn:innsyn:outbox", "value": out},
            name | {"value": f"urn:uuid:{uuid4()}"},
        ],
        "partOf": [{"identifier": name | {"value": f"urn:uuid:{thread}"}}],
        "status": "in-progress",
        "category": [{"coding": [{"system": "urn:innsyn:message-kind", "code": "question"}]}],
        "topic": {"text": f"Emne {thread[:8]}"},
        "subject": {"reference": "Patient/torstein-bakken"},
        "sender": {"reference": "Patient/torstein-bakken"},
        "recipient": [{"reference": "HealthcareService/melding-levanger-diabetes"}],
        "sent": "2026-11-23T11:59:58Z",
        "payload": [{"contentString": text}],
    }
    request = {"method": "POST", "url": "Communication", "ifNoneExist": f"identifier=urn:innsyn:outbox|{out}"}
    bundle = {
        "resourceType": "Bundle",
        "type": "transaction",
        "entry": [{"resource": message, "request": request}],
    }
    httpx.post(f"{demo.journal}/fhir", json=bundle, trust_env=False).raise_for_status()


def of_thread(demo: Demo, thread: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Its messages in the order in which they were sent, and the Task that tells of it."""
    newest = [each for each in demo.newest().values() if f"urn:uuid:{thread}" in str(each)]
    messages = [each for each in newest if each["resourceType"] == "Communication"]
    [task] = [each for each in newest if each["resourceType"] == "Task"]
    return sorted(messages, key=lambda each: str(each["received"])), task


def landed(demo: Demo, task: dict[str, Any]) -> None:
    """Wait until the worker has what the care team did."""
    asked = f"SELECT max(version) FROM journal.resource WHERE id = '{task['id']}'"  # noqa: S608 - our own id
    patience = time.monotonic() + WITHIN_SECONDS
    while str(demo.sql(asked, "postgres")) != task["meta"]["versionId"]:
        if time.monotonic() > patience:
            pytest.fail(f"{task['id']} did not land as version {task['meta']['versionId']}")


def test_a_message_is_read_answered_corrected_and_closed(visitor: Visitor, demo: Demo) -> None:
    page, thread = visitor.page, str(uuid4())
    writes(demo, thread, "Kan jeg ta begge samtidig?")
    page.goto(f"{demo.journal}/play")
    page.get_by_role("link", name=f"Emne {thread[:8]}").click()
    expect(page.get_by_text("Kan jeg ta begge samtidig?")).to_be_visible()
    expect(page.locator(".standing")).to_have_text("Status: Ikke lest")

    page.get_by_role("button", name="Merk som lest").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Meldingen er merket som lest.")
    expect(page.locator(".standing")).to_have_text("Status: Lest")

    visitor.expects(422)
    page.get_by_role("button", name="Send svar").click()
    expect(page.get_by_role("alert")).to_have_text("Skriv en melding, eller velg en fil.")
    page.get_by_label("Svaret").fill("Nei, bare den ene.")
    page.get_by_label("Fil (kan utelates").set_input_files(
        {"name": "råd.txt", "mimeType": "text/plain", "buffer": "Ta én om dagen.".encode()}
    )
    page.get_by_role("button", name="Send svar").click()
    expect(page.get_by_role("status")).to_have_text("Svaret er sendt.")
    expect(page.get_by_role("link", name="råd.txt")).to_be_visible()

    page.get_by_text("Rett eller trekk tilbake").click()
    page.get_by_label("Meldingen skal si").fill("Nei, bare den hvite.")
    page.get_by_role("button", name="Lagre rettelsen").click()
    expect(page.get_by_role("status")).to_have_text("Meldingen er rettet.")
    page.get_by_role("button", name="Avslutt tråden").click()
    expect(page.locator(".standing")).to_have_text("Status: Avsluttet")

    (asked, answered), task = of_thread(demo, thread)
    assert (asked["payload"][0]["contentString"], answered["payload"][0]["contentString"]) == (
        "Kan jeg ta begge samtidig?",
        "Nei, bare den hvite.",
    )
    assert answered["payload"][1]["contentAttachment"]["title"] == "råd.txt"
    assert (answered["meta"]["versionId"], task["status"]) == ("2", "completed")
    landed(demo, task)


def test_a_thread_is_handed_on(visitor: Visitor, demo: Demo) -> None:
    page, thread = visitor.page, str(uuid4())
    writes(demo, thread, "Hvem svarer på dette?")
    page.goto(f"{demo.journal}/play/threads/{thread}")
    page.get_by_label("Til enheten", exact=True).select_option(label="Steinkjer legesenter")
    page.get_by_role("button", name="Send videre").click()
    expect(page.locator(".standing")).to_have_text("Status: Sendt videre")
    expect(page.get_by_text("Torstein Bakken · Spørsmål · Steinkjer legesenter")).to_be_visible()
    landed(demo, of_thread(demo, thread)[1])


def test_nothing_of_the_demo_is_put_aside(demo: Demo) -> None:
    assert demo.sql("SELECT count(*) FROM journal.quarantine", "postgres") == 0
