"""What a citizen does with a passkey, in a browser of the installation under test."""

import html
import re

import httpx

from identity.passkeys.authenticator import Authenticator
from world import World

NEW = "/settings/passkeys/new"
_OPTIONS = re.compile(r'data-options="([^"]*)"')


def options_in(answer: httpx.Response) -> str:
    """What the page hands to the browser."""
    found = _OPTIONS.search(answer.text)
    assert found, answer.text[:1000]
    return html.unescape(found[1])


async def asked_to_make(browser: httpx.AsyncClient) -> str:
    """The options of a new passkey for whoever is logged in."""
    return options_in(await browser.get(NEW))


async def asked_to_unlock(browser: httpx.AsyncClient) -> str:
    """The options for unlocking in this browser."""
    return options_in(await browser.get("/unlock"))


async def make(browser: httpx.AsyncClient, device: Authenticator, name: str = "Telefonen min") -> None:
    """Register the device's passkey."""
    answer = await browser.post(
        NEW, data={"credential": device.make(await asked_to_make(browser)), "name": name}
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/settings/passkeys?done=made")


async def unlock(browser: httpx.AsyncClient, credential: str, onward: str = "/") -> httpx.Response:
    """Send what the device has answered."""
    return await browser.post("/unlock", data={"credential": credential, "next": onward})


async def with_passkey(world: World, number: str, device: Authenticator) -> httpx.AsyncClient:
    """Somebody who has logged in with ID-porten and made a passkey."""
    browser = await world.log_in(number)
    await make(browser, device)
    return browser
