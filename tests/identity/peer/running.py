"""npm's oidc-provider as a process of its own, and our pages where it can reach them."""

import asyncio
import json
import re
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from identity.evil_provider import listening
from identity.logging_in import CALLBACK, LOGGED_OUT
from identity.reachable import Reachable
from innsyn.identity.oidc_client_keys import ClientKeys

_OP = Path(__file__).with_name("op.mjs")
_INPUT = re.compile(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"')


@asynccontextmanager
async def running_peer(key: RSAPrivateKey) -> AsyncIterator[tuple[str, Reachable]]:
    """The peer's issuer, and where it tells us of logouts."""
    ours = Reachable()
    async with listening(ours.at):
        asked = {
            "keys": json.loads(ClientKeys((key,)).published()),
            "callback": CALLBACK,
            "loggedOut": LOGGED_OUT,
            "backChannel": f"{ours.address}/logout/back",
        }
        process = await asyncio.create_subprocess_exec("node", str(_OP), json.dumps(asked), stdout=PIPE)
        try:
            assert process.stdout
            yield (await process.stdout.readline()).decode().strip(), ours
        finally:
            process.terminate()
            await process.wait()


async def followed(browser: httpx.AsyncClient, url: str, until: str) -> str:
    """The address beginning with `until` that the provider sends the browser to, in a few steps."""
    for _ in range(6):
        if url.startswith(until):
            return url
        answer = await browser.get(url)
        url = str(answer.url.join(answer.headers["location"]))
    raise AssertionError(url)


async def confirmed(browser: httpx.AsyncClient, page: httpx.Response) -> httpx.Response:
    """Press the one button of the peer's page for logging out."""
    [action] = re.findall(r'action="([^"]+)"', page.text)
    form: dict[str, Any] = dict(_INPUT.findall(page.text))
    return await browser.post(action, data={**form, "logout": "yes"})
