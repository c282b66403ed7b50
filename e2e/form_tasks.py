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


_TASKS = "() => [...document.querySelectorAll('a[href*=\"/forms/tasks/\"]')].map(link => link.getAttribute('href'))"


def asked(page: Page, base: str, demo: Demo, person: str, form: str) -> str:
    """Ask this demo citizen to answer the form; the address of the new task, which is in their list by now."""
    page.goto(f"{base}/forms")
    before = set(page.evaluate(_TASKS))
    asks(demo, person, form)
    found: set[str] = set()

    def is_there() -> bool:
        page.goto(f"{base}/forms")
        found.update(set(page.evaluate(_TASKS)) - before)
        return bool(found)

    until(is_there, page, "the task never came to the list", 30)
    return found.pop()


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
