"""A form that is asked of somebody, and what a browser sends of it."""

import json
import re
from typing import Any
from uuid import UUID, uuid4

import httpx

from world import KARI, OLA, Resource, World, patient

URL = "https://example.test/Questionnaire/before-the-visit"
# The numbers of the items below: their names in a page.
SLEEP, MORE, PAIN, NOTE, CHILD, CHILD_NAME = "1", "2", "3", "4", "6", "7"
STEP = {
    "url": "http://hl7.org/fhir/StructureDefinition/questionnaire-itemControl",
    "valueCodeableConcept": {
        "coding": [{"system": "http://helsenorge.no/fhir/CodeSystem/ItemControl", "code": "step"}]
    },
}


def questionnaire(version: str = "1.0", **more: Any) -> Resource:  # noqa: ANN401
    """Two steps: how somebody sleeps (with a question that comes with one answer), and the children, as many as are."""
    return {
        "resourceType": "Questionnaire",
        "id": "before-the-visit",
        "url": URL,
        "version": version,
        "status": "active",
        "title": "Før timen",
        "item": [*items(), children()],
        **more,
    }


def items() -> list[dict[str, Any]]:
    """The first step."""
    asked = [{"question": "sleep", "operator": "=", "answerBoolean": False}]
    return [
        {
            "extension": [STEP],
            "linkId": "night",
            "type": "group",
            "text": "Natten",
            "item": [
                {"linkId": "sleep", "type": "boolean", "text": "Sover du godt?", "required": True},
                {"linkId": "more", "type": "string", "text": "Hva holder deg våken?", "enableWhen": asked},
                {"linkId": "pain", "type": "integer", "text": "Smerter"},
                {"linkId": "note", "type": "text", "text": "Noe annet"},
            ],
        }
    ]


def children() -> dict[str, Any]:
    """The second step."""
    below = [{"linkId": "child-name", "type": "string", "text": "Navn"}]
    group = {"linkId": "child", "type": "group", "repeats": True, "text": "Barn", "item": below}
    return {"extension": [STEP], "linkId": "family", "type": "group", "text": "Familien", "item": [group]}


def task(id_: str = "t1", of: str = "kari", status: str = "requested", **more: Any) -> Resource:  # noqa: ANN401
    """Somebody is asked to answer it."""
    return {
        "resourceType": "Task",
        "id": id_,
        "status": status,
        "intent": "order",
        "identifier": [{"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{UUID(int=7)}"}],
        "description": "Før timen",
        "for": {"reference": f"Patient/{of}"},
        "authoredOn": "2026-11-01T10:00:00+01:00",
        "focus": {"type": "Questionnaire", "reference": URL},
        **more,
    }


async def asked(world: World, *more: Resource, **of: Any) -> None:  # noqa: ANN401
    """Kari is asked; Ola is somebody else."""
    await world.take(
        patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"), questionnaire(**of), task(), *more
    )


async def task_id(world: World, of: str = KARI) -> UUID:
    """The task of a person."""
    found: UUID = await world.owner.fetchval(
        "SELECT task_id FROM form.task JOIN identity.person_identifier USING (person_id) WHERE value = $1", of
    )
    return found


async def begin(world: World, browser: httpx.AsyncClient, base: str = "", of: str = KARI) -> str:
    """The address of the draft that answers the task."""
    answer = await browser.post(f"{base}/forms/tasks/{await task_id(world, of)}/start")
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def fields(page: str) -> dict[str, str]:
    """The hidden fields of a page of a form."""
    found = re.findall(r'<input type="?hidden"? name="?(\w+)"? value="?([^">]*)"?', page)
    return {name: value for name, value in found if name in {"on", "revision", "form", "step", "key", "m"}}


async def opened(browser: httpx.AsyncClient, address: str, step: int | None = None) -> dict[str, str]:
    """The hidden fields of a step, as a browser has them."""
    answer = await browser.get(address if step is None else f"{address}?step={step}")
    assert answer.status_code == 200, answer.text
    return fields(answer.text)


async def save(
    browser: httpx.AsyncClient, address: str, page: dict[str, str], do: str = "update", **values: object
) -> httpx.Response:
    """Send a step: `_1="true"` is field 1."""
    return await browser.post(address, data={**page, "do": do, **named(values)})


async def live(
    browser: httpx.AsyncClient, address: str, page: dict[str, str], **values: object
) -> httpx.Response:
    """Send a step as it is typed."""
    return await browser.post(f"{address}/live", data={**page, **named(values)})


def named(values: dict[str, object]) -> dict[str, Any]:
    """`_7_0` is field 7.0."""
    return {name.removeprefix("_").replace("_", "."): value for name, value in values.items()}


async def send(browser: httpx.AsyncClient, address: str, **more: str) -> httpx.Response:
    """Read through and send."""
    page = fields((await browser.get(f"{address}/check")).text)
    return await browser.post(f"{address}/send", data={"key": str(uuid4()), **page, **more})


async def answers(world: World) -> list[Any]:
    """The answers of every draft, as they are kept."""
    rows = await world.owner.fetch("SELECT answers FROM form.draft ORDER BY started_at")
    return [json.loads(row["answers"]) for row in rows]
