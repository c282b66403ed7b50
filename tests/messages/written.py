"""Messages as they are written through the front door, and what the journal says of them."""

import re
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx

from world import KARI, OLA, Resource, World, patient

GP = "steinkjer-legesenter"


def unit(
    id_: str = "gp",
    name: str = "Steinkjer legesenter",
    may_write: str = "everyone",
    **more: Any,  # noqa: ANN401
) -> Resource:
    """A unit that takes messages."""
    return {
        "resourceType": "HealthcareService",
        "id": id_,
        "active": True,
        "name": name,
        "type": [
            {"coding": [{"system": "urn:innsyn:message-kind", "code": code}]}
            for code in ("question", "prescription", "appointment", "other", "wrong", "word")
        ],
        "eligibility": [{"code": {"coding": [{"system": "urn:innsyn:may-write", "code": may_write}]}}],
        "characteristic": [
            {"coding": [{"system": "urn:innsyn:message-promise", "code": "working-days", "display": "5"}]}
        ],
        "availableTime": [
            {
                "daysOfWeek": ["mon", "tue", "wed", "thu", "fri"],
                "availableStartTime": "08:00:00",
                "availableEndTime": "15:00:00",
            }
        ],
        "extraDetails": "Vi leser meldinger hver dag.\n\nSkriv kort.",
        "extension": [
            {
                "url": "urn:innsyn:message-template",
                "extension": [
                    {"url": "kind", "valueCode": "prescription"},
                    {"url": "text", "valueString": "Hvilket legemiddel, og hvor mye er igjen?"},
                ],
            }
        ],
        **more,
    }


async def there(world: World, *more: Resource) -> None:
    """Two people, and a unit that both can write to."""
    await world.take(patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"), unit(), *more)


async def unit_id(world: World, name: str = "Steinkjer legesenter") -> UUID:
    found: UUID = await world.owner.fetchval("SELECT unit_id FROM message.unit WHERE name = $1", name)
    return found


async def begun(
    world: World, browser: httpx.AsyncClient, base: str = "", name: str = "Steinkjer legesenter"
) -> str:
    """The address that the form of a new message is sent to."""
    page = await browser.get(f"{base}/messages/new/{await unit_id(world, name)}")
    assert page.status_code == 200, page.text[:500]
    found = re.search(r'action="([^"]*/messages/drafts/[^"]+)"', page.text)
    assert found
    return found[1]


async def write(
    world: World,
    browser: httpx.AsyncClient,
    address: str = "",
    base: str = "",
    **typed: str,
) -> httpx.Response:
    """Write to the unit, as a page would send it."""
    address = address or await begun(world, browser, base)
    fields = {
        "unit": str(await unit_id(world)),
        "kind": "question",
        "topic": "Blodprøve",
        "text": "Når kommer svaret?",
        "revision": "0",
        "do": "send",
        **typed,
    }
    return await browser.post(address, data=fields)


async def reply(browser: httpx.AsyncClient, thread: str, text: str, **typed: str) -> httpx.Response:
    """Answer in a thread, at its address."""
    page = (await browser.get(thread)).text
    address = re.search(r'action="([^"]*/messages/drafts/[0-9a-f-]{36})"', page)
    revision = re.search(r'name="revision" value="(\d+)"', page)
    assert address
    assert revision
    fields = {
        "thread": thread.rpartition("/")[2],
        "text": text,
        "revision": revision[1],
        "do": "send",
        **typed,
    }
    return await browser.post(address[1], data=fields)


async def delivered(world: World) -> None:
    """The journal has received everything that has left."""
    await world.owner.execute("UPDATE journal.outbox SET state = 'received'")


def thread_in(answer: httpx.Response) -> str:
    """The address of the thread that a message went to."""
    assert answer.status_code == 303, answer.text[:2000]
    return answer.headers["location"].partition("?")[0].partition("#")[0]


def answer_of(thread: str, text: str, **more: Any) -> Resource:  # noqa: ANN401
    """What the unit writes in a thread of Kari's."""
    return {
        "resourceType": "Communication",
        "id": uuid4().hex,
        "identifier": [{"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{uuid4()}"}],
        "partOf": [
            {"identifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{thread.rpartition('/')[2]}"}}
        ],
        "status": "completed",
        "subject": {"reference": "Patient/kari"},
        "sender": {"reference": "HealthcareService/gp", "display": "Steinkjer legesenter"},
        "recipient": [{"reference": "Patient/kari"}],
        "sent": datetime.now(UTC).isoformat(),
        "payload": [{"contentString": text}],
        **more,
    }
