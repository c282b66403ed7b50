"""What the care service asks of a demo citizen: a task of a test's own, so that each is answered once."""

from collections.abc import Callable
from datetime import UTC, datetime
from time import monotonic
from typing import Any
from uuid import UUID, uuid4

from playwright.sync_api import Page

from e2e.demo import Demo
from standins.journal.demo.forms import questionnaire
from standins.journal.demo.places import source_of

_UNIT = "steinkjer-legesenter"


_TASK = "SELECT task_id::text FROM form.task WHERE identifier LIKE '%%urn:uuid:%s'"


def asked(page: Page, demo: Demo, person: str, form: str, base: str = "") -> tuple[UUID, str]:
    """Ask this demo citizen to answer the form: the task's own identifier, and its path, when it has come to us.

    `base` is the path of the record, for whoever answers for somebody else.
    """
    guid = asks(demo, person, form)
    until(lambda: demo.sql(_TASK % guid, "postgres"), page, "the task never came", 30)
    return guid, f"{base}/forms/tasks/{demo.sql(_TASK % guid, 'postgres')}"


def asks(demo: Demo, person: str, form: str) -> UUID:
    """Let a service ask this demo citizen to answer the form."""
    guid, resource, now = uuid4(), questionnaire(form), datetime.now(UTC).isoformat(timespec="seconds")
    task: dict[str, Any] = {
        "resourceType": "Task",
        "id": guid.hex,
        "identifier": [{"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{guid}"}],
        "status": "ready",
        "intent": "order",
        "description": resource["title"],
        "focus": {
            "type": "Questionnaire",
            "identifier": resource["identifier"][0],
            "display": resource["title"],
        },
        "for": {"reference": f"Patient/{person}"},
        "authoredOn": now,
        "lastModified": now,
    }
    demo.publish(source_of(_UNIT).key, task)
    return guid


def publishes_anew(demo: Demo, form: str, version: str) -> None:
    """Let the service publish a new version of a form: with one question more."""
    newer = {**questionnaire(form), "version": version}
    more = {"linkId": f"ny-{version}", "type": "string", "text": f"Nytt spørsmål {version}"}
    demo.publish(source_of(_UNIT).key, {**newer, "item": [*newer["item"], more]})


def until(holds: Callable[[], Any], page: Page, why: str, seconds: float = 20) -> None:
    """Wait until something outside the page is so; raises AssertionError with `why` when it never is."""
    end = monotonic() + seconds
    while not holds():
        if monotonic() > end:
            raise AssertionError(why)
        page.wait_for_timeout(100)
