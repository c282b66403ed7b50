"""What the two parties do, through the front door."""

import re
from collections.abc import Mapping

import httpx

from world import World

STEP_UP_OVER = "UPDATE identity.session SET auth_time = now() - interval '11 minutes'"
_CODE = re.compile(r"<strong>([2-9A-Z]{5}-[2-9A-Z]{5})</strong>")


async def drafted(giver: httpx.AsyncClient, **form: str | list[str]) -> str:
    """The address of a new draft."""
    answer = await giver.post(
        "/access/give", data={"label": "Hjelperen", "level": "read", "lasts": "year", **form}
    )
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def moved(browser: httpx.AsyncClient, address: str, do: str) -> httpx.Response:
    """The answer to a button."""
    return await browser.post(address, data={"do": do})


async def code_for(giver: httpx.AsyncClient, address: str) -> str:
    """The code that the giver is shown."""
    answer = await moved(giver, address, "invite")
    assert answer.status_code == 200, answer.text
    found = _CODE.search(answer.text)
    assert found
    return found[1]


async def claimed(receiver: httpx.AsyncClient, code: str, name: str) -> httpx.Response:
    """The answer to a code."""
    return await receiver.post("/access/invitation", data={"code": code, "name": name})


async def given(
    giver: httpx.AsyncClient, receiver: httpx.AsyncClient, name: str, **form: str | list[str]
) -> str:
    """The address of a fullmakt that has gone the whole way; `name` is the giver's."""
    address = await drafted(giver, **form)
    went = await claimed(receiver, await code_for(giver, address), name)
    assert (went.status_code, went.headers.get("location")) == (303, address), went.text
    confirmed = await moved(giver, address, "confirm")
    assert confirmed.status_code == 303, confirmed.text
    return address


def headings(page: str) -> list[str]:
    """What the page says first, and what it says of each part."""
    return [re.sub(r"<[^>]+>", "", each).strip() for each in re.findall(r"<h[12][^>]*>(.*?)</h[12]>", page)]


def facts(page: str) -> Mapping[str, str]:
    """The facts of the page."""
    return dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page))


async def permits(world: World) -> list[tuple[str, int, list[str] | None, bool]]:
    """Every permit for a fullmakt: rule, capabilities, kinds, and whether it is in force."""
    rows = await world.owner.fetch(
        "SELECT rule, capabilities, kinds, valid_until > now() AS open FROM access.permit "
        "WHERE origin = 'fullmakt' ORDER BY valid_from, permit_id"
    )
    return [tuple(row) for row in rows]
